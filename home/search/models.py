"""Models of the index: an entry a public page, the vocabulary, and past versions."""

from django.db import models

from . import words

#: Keys begin with the second of publication: full-text indexes return rows in key order at no cost, newest first.
KEY_BITS = 22
#: Reference pages come before all news, and of these what tells of a service or when the office is open.
REFERENCE_SECONDS = 1 << 33
SERVICE_SECONDS = 1 << 34
#: Keys from here on are of services.
FIRST_SERVICE = SERVICE_SECONDS << KEY_BITS


class Entry(models.Model):
    """Index entry of one page; ``facets`` are words that cannot be typed."""

    id = models.BigIntegerField(primary_key=True)
    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    title_stems = models.TextField()
    text_stems = models.TextField()
    facets = models.TextField()
    #: ``words.FORM`` of the stems.
    form = models.CharField(max_length=8, default="", db_index=True)

    class Meta:
        verbose_name = "isi pencarian"
        verbose_name_plural = "isi pencarian"

    def __str__(self):
        return f"{self.page_id}"


class Term(models.Model):
    """A word of the vocabulary, for spelling suggestions."""

    word = models.CharField(max_length=words.LONGEST_WORD, primary_key=True)

    class Meta:
        verbose_name = "kata pencarian"
        verbose_name_plural = "kata pencarian"

    def __str__(self):
        return self.word


def make_key(page, *, is_reference: bool, is_service: bool) -> int:
    """Return the key that sorts the page's entry."""
    seconds = int(page.first_published_at.timestamp()) if page.first_published_at else 0
    if is_reference:
        seconds += REFERENCE_SECONDS
    if is_service:
        seconds += SERVICE_SECONDS
    return seconds << KEY_BITS | page.pk & ((1 << KEY_BITS) - 1)
