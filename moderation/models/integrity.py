"""Integrity (Keutuhan): checks of the database, and watches over what stands outside of it, with their findings."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from moderation.ports.exceptions import GuardViolation

from .audit import GENESIS_HASH


def before_all_pages() -> list:
    """Return the place before the first page; a migration names it."""
    return ["", 0]


class IntegrityCheck(models.Model):
    """One run of the proof over the database's guards, the log, the register and every live page.

    The worker carries it out in small parts, so a run survives the worker's death and keeps no
    other job waiting. A finished run is never rewritten: the next run compares the log with the
    head stored here.
    """

    #: The date of a nightly run, unique, so that several workers start one; None for a run on request.
    night = models.DateField(null=True, unique=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    #: Until when one worker holds the run.
    held_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: What is being looked at (``moderation.management.jobs.integrity``).
    stage = models.CharField("tahap", max_length=20, default="triggers")
    lines = models.PositiveBigIntegerField("baris jejak audit", default=0)
    head = models.CharField(max_length=64, default=GENESIS_HASH)
    pages = models.PositiveBigIntegerField("berita tayang", default=0)
    #: Where that goes on, None for its beginning.
    cursor = models.JSONField(null=True)
    differences = models.JSONField(default=list)
    difference_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "pemeriksaan keutuhan"
        verbose_name_plural = "pemeriksaan keutuhan"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.pk} {self.requested_at:%Y-%m-%d}"

    @property
    def is_whole(self) -> bool:
        """Say whether the run has ended and found nothing."""
        return self.finished_at is not None and not self.difference_count

    def delete(self, *args, **kwargs):
        raise GuardViolation("Pemeriksaan keutuhan tidak dapat dihapus.")


class Watch(models.Model):
    """A watch over one thing outside the database: how far it is, and what its last rounds covered."""

    class Part(models.TextChoices):
        """What is watched."""

        SITE = "site", "Situs yang diterima warga"
        CHANNELS = "channels", "Unggahan di kanal"

    part = models.CharField("bagian", max_length=10, choices=Part.choices, unique=True)
    #: When the next look is due; moved ahead by the worker that takes it.
    due_at = models.DateTimeField()
    looked_at = models.DateTimeField("terakhir dilihat", null=True)
    #: Where the next look goes on, and when the round began that it belongs to.
    cursor = models.CharField(max_length=600, blank=True)
    round_began_at = models.DateTimeField(null=True)
    #: When everything had been looked at once, and how much that was.
    round_ended_at = models.DateTimeField("semua terlihat", null=True)
    round_size = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    #: What of it nobody can look at, as a sentence.
    blind = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "penjagaan"
        verbose_name_plural = "penjagaan"

    def __str__(self):
        return self.get_part_display()


class Discrepancy(models.Model):
    """One difference that a watch found, open until a later look at the same place finds it mended."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="discrepancies")
    #: Where: an address, a file, a post.
    place = models.CharField("tempat", max_length=600)
    #: What of it differs, in the words of the screen: "skrip", "tautan", "berkas asing".
    aspect = models.CharField("bagian yang berbeda", max_length=60)
    expected = models.TextField("seharusnya", blank=True)
    received = models.TextField("yang diterima", blank=True)
    #: As whom it was seen: "sebagai ponsel".
    seen_as = models.CharField(max_length=200, blank=True)
    #: The same change in many places has one fingerprint and raises one alarm.
    fingerprint = models.CharField(max_length=64)
    found_at = models.DateTimeField("ditemukan")
    mended_at = models.DateTimeField("pulih", null=True)

    class Meta:
        verbose_name = "perbedaan"
        verbose_name_plural = "perbedaan"
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "place", "aspect"], condition=Q(mended_at=None), name="one_open_discrepancy"
            )
        ]

    def __str__(self):
        return f"{self.place}: {self.aspect}"


class WitnessStatement(models.Model):
    """One day's statement (``moderation.records.witness``) and whom it reached: bookkeeping, no proof.

    The proof is the copy outside the database: the file, the mail, the paper.
    """

    day = models.DateField("hari", unique=True)
    at = models.DateTimeField()
    line = models.PositiveBigIntegerField("baris jejak audit")
    hash = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    #: When it was in the file, None where no folder is named or the file could not be written.
    filed_at = models.DateTimeField(null=True)
    #: When the office's own address had it, None before.
    mailed_at = models.DateTimeField(null=True)
    #: The first difference between the log and the earlier statements of the file, or why there is no file.
    difference = models.TextField(blank=True)

    class Meta:
        verbose_name = "kesaksian"
        verbose_name_plural = "kesaksian"
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} {self.line}"
