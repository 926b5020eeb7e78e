"""What citizens see of a news item after its first publication: corrections, and the place of what was withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from moderation.chain import corrections
from moderation.models import Withdrawal


@dataclass(frozen=True)
class Correction:
    """One correction that citizens are told of; ``at`` is None where it is not live yet."""

    at: datetime | None
    text: str


def list_corrections(page, request) -> list[Correction]:
    """Return the public corrections of the page, the newest first; a preview begins with its own."""
    is_preview = getattr(request, "is_preview", False)
    # They came with the proof of what is live.
    told = corrections.find_public(page) if is_preview else getattr(page, "public_corrections", ())
    found = [Correction(permit.executed_at, permit.correction_note) for permit in told]
    item = page.disposition if is_preview else None
    if item is not None and item.correcting and page.get_correction_note():
        found.insert(0, Correction(None, page.get_correction_note()))
    return found


def find_withdrawal(index_page, slug: str) -> Withdrawal | None:
    """Return the last take-down of the page that stood at this address, None when there is none."""
    gone = Withdrawal.objects.filter(page__slug=slug, page__depth=index_page.depth + 1, page__live=False)
    return gone.filter(page__path__startswith=index_page.path).order_by("-at", "-pk").first()
