from django.db import models
from django.db.models import Q

GROUP_LENGTH = 40


class PageChange(models.Model):
    """A note that the pages of one group no longer show what the database says; written by triggers."""

    group = models.CharField(max_length=GROUP_LENGTH)
    #: PostgreSQL's number of the transaction, so that it notes the same group once.
    made_in = models.BigIntegerField(null=True)
    #: None until settled.
    generation = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["group"], condition=Q(generation=None), name="unsettled_page_change")]

    def __str__(self):
        return f"{self.group} ({self.generation})"


class PageGeneration(models.Model):
    """How many times the public pages have changed; the one row that decides what is current."""

    number = models.BigIntegerField(default=0)
    #: The second by which copies of this generation are known; later than that of every generation before.
    began_at = models.DateTimeField()
    #: The clock when this generation began: what was due by then is on its pages.
    settled_at = models.DateTimeField()

    def __str__(self):
        return str(self.number)
