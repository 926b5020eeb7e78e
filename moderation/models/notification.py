"""Mail to whoever is next: written with the step, sent by the worker (never in the request)."""

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """One mail to one person. A crash can repeat a mail, never lose one."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    disposition = models.ForeignKey(
        "moderation.Disposition", null=True, on_delete=models.CASCADE, related_name="notifications"
    )
    subject = models.CharField(max_length=255)
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_index=True)
    last_error = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = "pemberitahuan"
        verbose_name_plural = "pemberitahuan"

    def __str__(self):
        return self.subject
