"""Model of shares by hand, where no API may post: append-only, ended by a second line."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from moderation.ports.exceptions import GuardViolation


class ShareQuerySet(models.QuerySet):
    def standing(self):
        """Filter shares that are neither withdrawn nor removed."""
        return self.filter(kind=Share.Kind.SHARED, ended_by=None)

    def to_remove(self):
        """Filter shares whose news was taken down and whose message a person must remove."""
        return self.standing().filter(page__live=False, permit__revoked_at__isnull=False)


class Share(models.Model):
    """One line about a share by hand; append-only.

    ``shared`` names the group and the version. ``withdrawn`` (it was noted by mistake) and
    ``removed`` (the message is gone) name the line they end, each once.
    """

    class Kind(models.TextChoices):
        SHARED = "shared", "Dibagikan"
        WITHDRAWN = "withdrawn", "Catatan dicabut"
        REMOVED = "removed", "Pesan dihapus"

    kind = models.CharField("jenis", max_length=10, choices=Kind.choices, default=Kind.SHARED)
    about = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="ended_by")
    disposition = models.ForeignKey("moderation.Disposition", on_delete=models.PROTECT, related_name="shares")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.PROTECT, related_name="+")
    permit = models.ForeignKey("moderation.PublicationPermit", on_delete=models.PROTECT, related_name="+")
    seal = models.CharField("sidik isi", max_length=64)
    target = models.CharField("dibagikan ke", max_length=120)
    shared_on = models.DateField("tanggal")
    text = models.TextField("teks", blank=True)
    note = models.CharField("catatan", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("peran", max_length=100)
    at = models.DateTimeField("dicatat pada", default=timezone.now)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = "pembagian"
        verbose_name_plural = "pembagian"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"WhatsApp, {self.target}"

    @property
    def end(self) -> "Share | None":
        """The line that ended this one."""
        return getattr(self, "ended_by", None)

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Catatan pembagian tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Catatan pembagian tidak dapat dihapus.")
