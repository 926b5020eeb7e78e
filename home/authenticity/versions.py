"""Load the stored versions to compare a pasted text with, and their posts."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from moderation.models import PublicationPermit
from moderation.ports import channels

from .comparison.passages import Passage
from .models import PublishedVersion
from .version_passages import TITLE, get_labels

#: Maximum versions of one item loaded by its URL or number.
_MOST_OF_ONE = 20
#: What a comparison reads of a version, its order and its item.
_FIELDS = (
    "permit",
    "page_id",
    "passages",
    "signature",
    "permit__revoked_at",
    "permit__executed_at",
    "permit__disposition",
    "permit__disposition__register_number",
)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """One published version: the text of one permit."""

    permit: PublicationPermit
    page_id: int
    passages: tuple[Passage, ...]

    @property
    def is_current(self) -> bool:
        return self.permit.revoked_at is None

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
    found = kept.filter(wanted).select_related("permit__disposition").only(*_FIELDS).order_by("-pk")
    rows = [row for row in found if _is_own(row)]
    posts = channels.get_post_texts({row.permit.disposition_id for row in rows})
    return [
        Version(
            row.permit,
            row.page_id,
            (*row.list_passages(), *_list_posts(posts.get(row.permit.disposition_id, ()), row.permit), get_labels()),
        )
        for row in rows
    ]


def _is_own(row: PublishedVersion) -> bool:
    if row.is_own():
        return True
    logger.error("The kept text of publication order %s was not written by this site; it is not used.", row.permit_id)
    return False


def _list_posts(posts, permit) -> list[Passage]:
    """Return the posts of a version: those of its order, and their latest follow-ups."""
    texts = [(each.label, each.text) for each in posts if each.text and each.permit_id in (None, permit.pk)]
    if permit.revoked_at is None:
        texts += [(each.label, each.later_text) for each in posts if each.later_text]
    return [Passage.of(f"unggahan di {label}", text) for label, text in texts]
