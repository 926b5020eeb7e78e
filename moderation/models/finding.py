"""The personal-data check (UU 27/2022): the verifier's decisions on findings, and what was read in pictures."""

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


class PictureReading(models.Model):
    """What the worker found in the writing of a file's pictures; one row a file, replaced when it is read anew.

    It holds no words: the findings are masked as ``PageFinding`` is. It counts for the bytes and the rules it names.
    """

    #: "wagtailimages.image" and the like, and the file's key.
    kind = models.CharField(max_length=100)
    medium = models.PositiveBigIntegerField()
    #: SHA-256 of the bytes that were read, and the hash of the rules and the office's own contacts.
    digest = models.CharField(max_length=64, blank=True)
    rules = models.CharField(max_length=16, blank=True)
    findings = models.JSONField(default=list)
    is_whole = models.BooleanField(default=False)
    is_due = models.BooleanField(default=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Until when one worker holds the reading.
    held_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "pembacaan gambar"
        verbose_name_plural = "pembacaan gambar"
        constraints = [models.UniqueConstraint(fields=["kind", "medium"], name="picture_reading_medium")]
        indexes = [models.Index(fields=["is_due", "id"], name="picture_reading_due")]

    def __str__(self):
        return f"{self.kind} {self.medium}"
