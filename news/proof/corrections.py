"""Read the public corrections and the withdrawal notice of a news item."""

from dataclasses import dataclass
from datetime import datetime

from moderation.chain import corrections
from moderation.models import Withdrawal


@dataclass(frozen=True)
class Correction:
    """One public correction; ``at`` is None while it is not live."""

    at: datetime | None
    text: str


def list_corrections(page, request) -> list[Correction]:
    """Return the public corrections of the page, newest first; a preview begins with its own."""
    is_preview = getattr(request, "is_preview", False)
    # Attached with the proof of a live page.
    told = corrections.find_public(page) if is_preview else getattr(page, "public_corrections", ())
    found = [Correction(permit.executed_at, permit.correction_note) for permit in told]
    item = page.disposition if is_preview else None
    if item is not None and item.correcting and page.get_correction_note():
        found.insert(0, Correction(None, page.get_correction_note()))
    return found


def find_withdrawal(index_page, slug: str) -> Withdrawal | None:
    """Return the last take-down of the page formerly at this URL, None when there is none."""
    gone = Withdrawal.objects.filter(page__slug=slug, page__depth=index_page.depth + 1, page__live=False)
    return gone.filter(page__path__startswith=index_page.path).first()
