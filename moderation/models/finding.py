"""Model of the verifier's decisions on findings of the personal-data check (UU 27/2022)."""

from django.conf import settings
from django.db import models

from moderation.ports.exceptions import GuardViolation
from moderation.sop import choices


class FindingDecision(models.Model):
    """One decision about one value in one item; written once, the latest of a value counts.

    The value itself is not stored: ``fingerprint`` (HMAC) identifies it, ``masked`` shows it in part.
    """

    class Decision(models.TextChoices):
        """The verdicts; "a" to "f" are the bases of Pasal 20."""

        FALSE_ALARM = "keliru", "Bukan data pribadi (salah deteksi)"
        LAWFUL = "berdasar", "Ada dasar pemrosesan menurut UU 27/2022 Pasal 20"
        REMOVE = "hapus", "Data pribadi tanpa dasar: harus dihapus"

    disposition = models.ForeignKey(
        "moderation.Disposition", on_delete=models.PROTECT, related_name="finding_decisions"
    )
    round = models.PositiveSmallIntegerField("putaran", default=0)
    seal = models.CharField("sidik isi", max_length=64)
    fingerprint = models.CharField(max_length=64)
    code = models.CharField("jenis temuan", max_length=40)
    label = models.CharField(max_length=120)
    masked = models.CharField("nilai tersamar", max_length=120)
    decision = models.CharField("penilaian", max_length=20, choices=Decision.choices)
    basis = models.CharField("dasar", max_length=1, choices=choices.list_processing_bases, blank=True)
    sentence = models.TextField("alasan")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "penilaian temuan"
        verbose_name_plural = "penilaian temuan"
        indexes = [models.Index(fields=["disposition", "fingerprint"], name="finding_decision_item")]

    def __str__(self):
        return f"{self.code} {self.masked}"

    @property
    def sets_aside(self) -> bool:
        """Say whether the finding no longer stops the item."""
        return self.decision in {self.Decision.FALSE_ALARM, self.Decision.LAWFUL}

    @property
    def verdict(self) -> str:
        """The decision in words, with its basis."""
        if self.decision == self.Decision.LAWFUL:
            return f"Ada dasar, UU 27/2022 Pasal 20 huruf {self.basis}: {self.get_basis_display()}."
        return f"{self.get_decision_display()}."

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise GuardViolation("Penilaian temuan tidak dapat diubah.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Penilaian temuan tidak dapat dihapus.")
