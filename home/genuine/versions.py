"""What the office really said: every version of an item that was live, with its posts, as plain words."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format

from home.search.indexing import get_text
from home.search.words import clean, split
from moderation import channels
from moderation.models import PublicationPermit


@dataclass(frozen=True)
class Version:
    """One text under one permit: the item on the site as it was ordered then."""

    permit: PublicationPermit
    page: object
    texts: tuple[tuple[str, str], ...]

    @cached_property
    def plain(self) -> list[tuple[str, str]]:
        """The places and their words, ready for a search: spaces at both ends, one between words."""
        return [(place, join(text)) for place, text in self.texts]

    def find(self, line: str) -> str | None:
        """Return the place where these words stand without a word added, left out or changed."""
        return next((place for place, text in self.plain if line in text), None)

    @property
    def article(self) -> str:
        """The item's own text, for a comparison."""
        return self.texts[0][1]


def join(text: str) -> str:
    """Return the words of a text as they are compared."""
    words = " ".join(word.plain for word in split(clean(text)))
    return f" {words} " if words else ""


def list_versions(page_ids) -> dict[int, list[Version]]:
    """Return the versions of these pages that were ever live, the newest first, in a few queries."""
    permits = PublicationPermit.objects.filter(page_id__in=list(page_ids)).exclude(executed_at=None)
    permits = list(permits.select_related("revision", "disposition").order_by("-executed_at", "-pk"))
    outcomes = channels.get_outcomes({permit.disposition_id for permit in permits})
    versions: dict[int, list[Version]] = {}
    for permit in permits:
        page = permit.revision.as_object()
        posts = [
            (f"unggahan di {outcome.label}", text)
            for outcome in outcomes.get(permit.disposition_id, [])
            for text in (outcome.text, outcome.later_text)
            if text
        ]
        texts = [("berita di situs", f"{page.title}\n{page.lead}\n{get_text(page)}"), *_list_surroundings(page), *posts]
        versions.setdefault(permit.page_id, []).append(Version(permit, page, tuple(texts)))
    return versions


def _list_surroundings(page):
    """What stands around the text on the site and is copied along with it."""
    category = page.category.name if page.category else ""
    parts = [page.title, page.lead, category, page.activity_place, page.correction_note]
    parts += [date_format(day, "l, j F Y") for day in (page.activity_date, page.first_published_at) if day]
    return [("keterangan berita", part) for part in parts if part]
