"""Model of an integrity check (Pemeriksaan keutuhan): its progress and its findings."""

from django.conf import settings
from django.db import models

from moderation.ports.exceptions import GuardViolation

from .audit import GENESIS_HASH


def before_all_pages() -> list:
    """Return the place before the first page: no class, no key."""
    return ["", 0]


class IntegrityCheck(models.Model):
    """One run over the log's chain, the triggers and the seal of every live page.

    The worker carries it out in small parts, so a run survives the worker's death and keeps no
    other job waiting. A finished run is never rewritten: the next run compares the log with the
    head stored here.
    """

    class Stage(models.TextChoices):
        """The part of the run in progress."""

        TRIGGERS = "triggers", "pengaman basis data"
        LOG = "log", "jejak audit"
        PAGES = "pages", "berita yang tayang"

    #: The date of a nightly run, unique, so that several workers start one; None for a run on request.
    night = models.DateField(null=True, unique=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    #: Until when one worker holds the run.
    held_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stage = models.CharField("tahap", max_length=10, choices=Stage.choices, default=Stage.TRIGGERS)
    lines = models.PositiveBigIntegerField("baris jejak audit", default=0)
    head = models.CharField(max_length=64, default=GENESIS_HASH)
    pages = models.PositiveBigIntegerField("berita tayang", default=0)
    #: Where the run goes on: the class and the key of the last page it has looked at.
    last_page = models.JSONField(default=before_all_pages)
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
