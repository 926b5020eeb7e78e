from django.db import models
from django.db.models import Q

GROUP_LENGTH = 40


class PageChange(models.Model):
    """A note, written by a trigger, that the pages of one group are outdated."""

    group = models.CharField(max_length=GROUP_LENGTH)
    #: PostgreSQL's transaction id: one note a group and transaction is enough.
    made_in = models.BigIntegerField(null=True)
    #: None until numbered.
    generation = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["group"], condition=Q(generation=None), name="unsettled_page_change")]

    def __str__(self):
        return f"{self.group} ({self.generation})"


class PageGeneration(models.Model):
    """The current generation; one row."""

    number = models.BigIntegerField(default=0)
    #: Last-Modified of this generation's pages; at least one second later than the one before.
    began_at = models.DateTimeField()
    #: When the generation was numbered; changes by the clock up to then are on its pages.
    settled_at = models.DateTimeField()

    def __str__(self):
        return str(self.number)
