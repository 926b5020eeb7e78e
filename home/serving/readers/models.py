"""Counts of readings, and how far the log was read."""

from django.conf import settings
from django.db import models


class DailyReadings(models.Model):
    """How often one item was opened on one day of the office's clock."""

    page = models.ForeignKey(settings.MODERATED_PAGE_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "pembaca harian"
        verbose_name_plural = "pembaca harian"
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="readings_once_a_day")]
        indexes = [models.Index(fields=["day"], name="readings_day")]

    def __str__(self):
        return f"{self.page_id}, {self.day}: {self.count}"


class LogPlace(models.Model):
    """How far the log of one machine was read: which file, by its first line, and to which byte."""

    machine = models.CharField(max_length=255, unique=True)
    first_line = models.CharField(max_length=500, blank=True)
    offset = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "bacaan catatan server depan"
        verbose_name_plural = "bacaan catatan server depan"

    def __str__(self):
        return f"{self.machine}: {self.offset}"
