"""A take-down (Penurunan): what citizens are told where a news item was."""

from django.conf import settings
from django.db import models

from moderation.ports.exceptions import GuardViolation


class Withdrawal(models.Model):
    """One take-down of one page; written once, with the words of the Sekretaris for the public.

    The reason for the office stands on the revoked permit; it is never shown to citizens.
    """

    permit = models.OneToOneField("moderation.PublicationPermit", on_delete=models.PROTECT, related_name="withdrawal")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="withdrawals")
    at = models.DateTimeField("diturunkan pada")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_public = models.BooleanField("dengan pemberitahuan", default=False)
    #: The title that the notice names; empty where naming it would repeat what was wrong.
    title = models.CharField("judul berita", max_length=255, blank=True)
    notice = models.TextField("isi pemberitahuan", blank=True)

    class Meta:
        verbose_name = "penurunan"
        verbose_name_plural = "penurunan"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.page_id} {self.at:%Y-%m-%d}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Catatan penurunan tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Catatan penurunan tidak dapat dihapus.")
