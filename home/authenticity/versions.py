"""Load the stored versions to compare a pasted text with, and their posts."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from moderation.ports import channels

from .comparison.passages import Passage
from .models import PublishedVersion
from .version_passages import TITLE, get_labels

#: Maximum versions of one item loaded by its URL or number.
_MOST_OF_ONE = 20
#: What a comparison reads of a version, and of its order and its item.
_FIELDS = ("page_id", "passages", "signature")
_JOINED = {
    "revoked_at": F("permit__revoked_at"),
    "executed_at": F("permit__executed_at"),
    "disposition_id": F("permit__disposition_id"),
    "register_number": F("permit__disposition__register_number"),
    "is_live": F("page__live"),
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """One published version: the text of one permit."""

    permit_id: int
    page_id: int
    disposition_id: int
    register_number: str
    executed_at: datetime
    #: Whether its order stands, and whether its item is live: in this version or a later one.
    is_current: bool
    is_live: bool
    passages: tuple[Passage, ...]

    @cached_property
    def title(self) -> str:
        """The normalised words of the title."""
        return next((passage.plain for passage in self.passages if passage.place == TITLE), "")

    @cached_property
    def statements(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.is_statement]

    @cached_property
    def addresses(self) -> frozenset[str]:
        return frozenset().union(*(passage.addresses for passage in self.passages))


def load(permit_ids: Iterable[int], page_id: int | None = None) -> list[Version]:
    """Return these versions, what holds now of their items, and those of one item more; the newest first, in two
    queries."""
    kept = PublishedVersion.objects
    pages = kept.filter(pk__in=list(permit_ids)).values("page_id")
    wanted = Q(pk__in=list(permit_ids)) | Q(page_id__in=pages, facets=PublishedVersion.LIVE)
    if page_id is not None:
        newest = kept.filter(page_id=page_id).order_by("-pk").values("pk")[:_MOST_OF_ONE]
        wanted |= Q(pk__in=newest)
    found = kept.filter(wanted).only(*_FIELDS).annotate(**_JOINED).order_by("-pk")
    rows: list[Any] = [row for row in found if _is_own(row)]
    posts = channels.get_post_texts({row.disposition_id for row in rows})
    return [
        Version(
            permit_id=row.permit_id,
            page_id=row.page_id,
            disposition_id=row.disposition_id,
            register_number=row.register_number,
            executed_at=row.executed_at,
            is_current=row.revoked_at is None,
            is_live=row.is_live,
            passages=(*row.list_passages(), *_list_posts(posts.get(row.disposition_id, ()), row), get_labels()),
        )
        for row in rows
    ]


def _is_own(row: PublishedVersion) -> bool:
    if row.is_own():
        return True
    logger.error("The kept text of publication order %s was not written by this site; it is not used.", row.permit_id)
    return False


def _list_posts(posts, row) -> list[Passage]:
    """Return the posts of a version: those of its order, and their latest follow-ups."""
    texts = [(each.label, each.text) for each in posts if each.text and each.permit_id in (None, row.permit_id)]
    if row.revoked_at is None:
        texts += [(each.label, each.later_text) for each in posts if each.later_text]
    return [Passage.of(f"unggahan di {label}", text) for label, text in texts]
