"""The heartbeats of the workers."""

from django.db import models


class Heartbeat(models.Model):
    """One running worker and when its jobs last came round; the row goes a day after its last beat."""

    #: Name of the machine and number of the process.
    worker = models.CharField("pekerja", max_length=120, unique=True)
    beat_at = models.DateTimeField("denyut terakhir")

    class Meta:
        verbose_name = "denyut pekerja"
        verbose_name_plural = "denyut pekerja"

    def __str__(self):
        return self.worker
