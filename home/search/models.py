"""What is searched: one entry for each public page, and the words that occur in them."""

from django.db import models

from . import words

#: An entry's key begins with the second of its publication, so that the newest come first in the
#: order of the key, which full-text indexes give for nothing.
KEY_BITS = 22
#: Pages that people look things up in stand before the news of any day.
REFERENCE_SECONDS = 1 << 33
#: The keys of news are below this one.
FIRST_REFERENCE = REFERENCE_SECONDS << KEY_BITS


class Entry(models.Model):
    """The text of one page in the form of the search; ``facets`` are words that no reader can type."""

    id = models.BigIntegerField(primary_key=True)
    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    title_stems = models.TextField()
    text_stems = models.TextField()
    facets = models.TextField()

    class Meta:
        verbose_name = "isi pencarian"
        verbose_name_plural = "isi pencarian"

    def __str__(self):
        return f"{self.page_id}"


class Term(models.Model):
    """A word as it stands in some text, for those who misspell it."""

    word = models.CharField(max_length=words.LONGEST_WORD, primary_key=True)

    class Meta:
        verbose_name = "kata pencarian"
        verbose_name_plural = "kata pencarian"

    def __str__(self):
        return self.word


class PastText(models.Model):
    """The stems of every version that was live of an item that is not, or not only so, live now.

    The search never reads it: it is for the question whether a text once came from the office.
    """

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, primary_key=True, related_name="+")
    text_stems = models.TextField()

    class Meta:
        verbose_name = "naskah yang pernah tayang"
        verbose_name_plural = "naskah yang pernah tayang"

    def __str__(self):
        return f"{self.page_id}"


def make_key(page, *, is_reference: bool) -> int:
    """Return the key that puts the page's entry into its place."""
    seconds = int(page.first_published_at.timestamp()) if page.first_published_at else 0
    if is_reference:
        seconds += REFERENCE_SECONDS
    return seconds << KEY_BITS | page.pk & ((1 << KEY_BITS) - 1)
