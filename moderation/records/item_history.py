"""Read an item's log lines, current version and seal."""

from moderation.chain import permits
from moderation.models import AuditEntry
from moderation.ports.seal import compute_seal, describe_all_media

#: States in which the version under the newest order is shown, not the draft.
_ORDERED = {"ordered", "scheduled", "live", "done", "taken_down"}


def get_entries(item) -> list[AuditEntry]:
    """Return the log's lines of the item, the oldest first."""
    return list(AuditEntry.objects.filter(disposition_id=item.pk).order_by("sequence"))


def get_shown_page(item):
    """Return the version to decide upon: the ordered one from the order on, else the draft."""
    if item.page_id is None:
        return None
    if item.state in _ORDERED:
        permit = permits.find_current(item)
        if permit is not None:
            return permit.revision.as_object()
    return item.get_draft()


def get_seal(page, media=None) -> str:
    """Return the seal of the shown version, "" before there is a text; ``media``: its ``get_media``, if at hand."""
    if page is None:
        return ""
    return compute_seal(page, None if media is None else describe_all_media(media))
