"""Models of queued e-mails, sent by the worker, and of each user's preferences."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models


class Notification(models.Model):
    """One mail to one person. A crash can repeat a mail, never lose one."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    disposition = models.ForeignKey(
        "moderation.Disposition", null=True, on_delete=models.CASCADE, related_name="notifications"
    )
    subject = models.CharField(max_length=255)
    body = models.TextField()
    #: Where the mail's one link leads; the item's worksheet when empty.
    address = models.CharField(max_length=500, blank=True)
    #: Wait for the user's daily digest instead of being sent on its own.
    in_digest = models.BooleanField(default=False)
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


class NotificationPreference(models.Model):
    """How one user wants to be notified, set in the account settings."""

    class Mode(models.TextChoices):
        EACH = "each", "Satu surel untuk setiap materi"
        DAILY = "daily", "Satu ringkasan setiap hari"
        OFF = "off", "Tanpa surel"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_preference"
    )
    mode = models.CharField(
        "surel tentang materi yang menunggu Anda",
        max_length=10,
        choices=Mode.choices,
        default=Mode.EACH,
        help_text="Materi jalur cepat, pengingat, dan gangguan selalu diberitahukan seketika.",
    )
    digest_hour = models.PositiveSmallIntegerField(
        "jam ringkasan harian",
        choices=[(hour, f"{hour:02}.00 WIB") for hour in range(5, 19)],
        default=7,
    )
    phone = models.CharField(
        "nomor WhatsApp",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^(\+?62|0)8\d{7,12}$", "Tulis nomor seluler Indonesia, misalnya 081234567890.")],
        help_text="Opsional. Hanya tampak bagi petugas alur SOP, untuk mengirim pengingat kepada Anda.",
    )

    class Meta:
        verbose_name = "preferensi pemberitahuan"
        verbose_name_plural = "preferensi pemberitahuan"

    def __str__(self):
        return f"{self.user}: {self.get_mode_display()}"
