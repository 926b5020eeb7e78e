"""Model of the restores: what left for the networks between an archive and its restore, this database cannot know."""

from django.db import models


class Restoration(models.Model):
    """One restore of this database from an archive."""

    taken_at = models.DateTimeField("saat cadangan dibuat")
    restored_at = models.DateTimeField("saat dipulihkan", unique=True)

    class Meta:
        verbose_name = "pemulihan"
        verbose_name_plural = "pemulihan"
        ordering = ["restored_at"]

    def __str__(self):
        return f"{self.restored_at}"
