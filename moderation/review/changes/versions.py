"""Find an item's earlier versions in its log: rounds, and the baselines to compare with."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Revision

from moderation import sop
from moderation.models import AuditEntry

#: Actions that hand a text over, the later one of a round first.
_HAND_OVERS = ("declare_corrected", "hand_over")


@dataclass(frozen=True)
class Round:
    """One round of an item: the last version of it that was handed over."""

    number: int
    revision_id: int
    handed_over_by: str
    at: datetime
    seal: str


@dataclass(frozen=True)
class Baseline:
    """An earlier version to compare with; ``code`` names it in the address."""

    code: str
    label: str
    revision_id: int
    at: datetime


def get_entries(item) -> list[AuditEntry]:
    """Return the lines of the item's log that name a version, the oldest first."""
    lines = AuditEntry.objects.filter(disposition_id=item.pk).exclude(revision_id=None)
    return list(lines.order_by("sequence"))


def get_rounds(item, entries=None) -> list[Round]:
    """Return the rounds in which a version was handed over, the oldest first."""
    last = {}
    for entry in get_entries(item) if entries is None else entries:
        if entry.action in _HAND_OVERS:
            last[entry.round] = entry
    return [
        Round(number, entry.revision_id, entry.actor_name, entry.at, entry.seal)
        for number, entry in sorted(last.items())
    ]


def find_baselines(item, user, entries=None) -> list[Baseline]:
    """Return the versions that this user can compare the item's text with, the default first.

    The default is the live version during a ralat; else the one this user last decided upon, then
    the one handed over in the round before, then the text as the Staf handed it to the Sekretaris.
    """
    entries = get_entries(item) if entries is None else entries
    found = [
        _find_live(item),
        _find_own(user, entries),
        _find_last_round(item, get_rounds(item, entries)),
        _find_composed(entries),
    ]
    baselines = {}
    for baseline in found:
        if baseline is not None and baseline.revision_id not in baselines:
            baselines[baseline.revision_id] = baseline
    return list(baselines.values())


def load_version(item, revision_id: int, page=None, entries=None):
    """Return the item's page as in that revision; None when the revision is gone.

    ``recorded_media`` of the result holds the logged facts of its pictures and documents. Pass
    ``page``, any version of the page, and ``entries``, the item's log, if at hand.
    """
    revision = Revision.objects.filter(pk=revision_id, object_id=str(item.page_id)).first()
    if revision is None:
        return None
    page = revision.as_object() if page is None else page.with_content_json(revision.content)
    page.recorded_media = get_recorded_media(item, revision_id, entries)
    return page


def get_recorded_media(item, revision_id: int, entries=None) -> dict[tuple[str, str], dict]:
    """Return the facts of pictures and documents in the log's newest line on this revision."""
    if entries is None:
        entries = AuditEntry.objects.filter(disposition_id=item.pk, revision_id=revision_id).order_by("sequence")
    data = (entry.data for entry in reversed(entries) if entry.revision_id == revision_id)
    facts: list[dict] = next((found["media"] for found in data if "media" in found), [])
    return {(fact["model"], fact["id"]): fact for fact in facts}


def _find_live(item) -> Baseline | None:
    """Return the live version while a ralat runs."""
    if item.step is None or not item.page_id:
        return None
    permit = next((found for found in item.permits.all() if found.executed_at and not found.revoked_at), None)
    if permit is None:
        return None
    label = f"Sejak versi yang tayang, {write_moment(permit.executed_at)} ({permit.number})"
    return Baseline("tayang", label, permit.revision_id, permit.executed_at)


def _find_own(user, entries) -> Baseline | None:
    entry = next((entry for entry in reversed(entries) if entry.actor_id == user.pk and _is_decision(entry)), None)
    if entry is None:
        return None
    label = f"Sejak keputusan Anda, {write_moment(entry.at)} (putaran {get_round(entry)})"
    return Baseline("keputusan", label, entry.revision_id, entry.at)


def _find_last_round(item, rounds) -> Baseline | None:
    before = next((found for found in reversed(rounds) if found.number < item.round), None)
    if before is None:
        return None
    label = f"Sejak putaran {before.number}, diserahkan {before.handed_over_by}, {write_moment(before.at)}"
    return Baseline("putaran", label, before.revision_id, before.at)


def _find_composed(entries) -> Baseline | None:
    """Return the text as the Staf last handed it over, to show the Sekretaris's corrections."""
    entry = next((entry for entry in reversed(entries) if entry.action == "hand_over"), None)
    if entry is None:
        return None
    label = f"Sejak konsep Staf, {entry.actor_name}, {write_moment(entry.at)} (putaran {entry.round})"
    return Baseline("konsep", label, entry.revision_id, entry.at)


def _is_decision(entry) -> bool:
    """Say whether the line's action moved the item; remarks and assessments do not."""
    try:
        return bool(sop.get_action(entry.action).to)
    except KeyError:
        return False


def get_round(entry) -> int:
    """Return the round that a line decided upon; a return's own line already has the next round.

    A line outside the SOP, about a post or a comment, belongs to the round it was written in.
    """
    try:
        return entry.round - sop.get_action(entry.action).is_return
    except KeyError:
        return entry.round


def write_moment(at: datetime) -> str:
    """Format a moment: "23 November 2026 pukul 09.00 WIB"."""
    return f"{date_format(timezone.localtime(at), 'DATETIME_FORMAT')} WIB"
