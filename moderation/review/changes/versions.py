"""The versions of an item that its log speaks of: rounds, and what a reader compares with."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Revision

from moderation import sop
from moderation.models import AuditEntry, PublicationPermit

#: Steps with which a text goes into other hands, the later one of a round first.
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
    """Return what this person can compare the item's text with, the default first.

    During a ralat that is what citizens read now; else what this person last decided upon, then
    what was handed over in the round before, then the text as the Staf handed it to the Sekretaris.
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
    """Return the item's page as it was in that revision; None when the revision is gone.

    ``recorded_media`` holds what the log wrote of its pictures and documents at the time. ``page``
    is any version of the same page, and ``entries`` the item's log, where the caller has them.
    """
    revision = Revision.objects.filter(pk=revision_id, object_id=str(item.page_id)).first()
    if revision is None:
        return None
    page = revision.as_object() if page is None else page.with_content_json(revision.content)
    page.recorded_media = get_recorded_media(item, revision_id, entries)
    return page


def get_recorded_media(item, revision_id: int, entries=None) -> dict[tuple[str, str], dict]:
    """Return what the log's newest line on this revision says of its pictures and documents."""
    if entries is None:
        entries = AuditEntry.objects.filter(disposition_id=item.pk, revision_id=revision_id).order_by("sequence")
    data = (entry.data for entry in reversed(entries) if entry.revision_id == revision_id)
    facts = next((found["media"] for found in data if "media" in found), [])
    return {(fact["model"], fact["id"]): fact for fact in facts}


def _find_live(item) -> Baseline | None:
    """During a ralat: the verified version that stays live."""
    if item.step is None or not item.page_id:
        return None
    permit = PublicationPermit.objects.executed().filter(disposition=item).first()
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
    """The text as the Staf last handed it over: against it the Sekretaris's corrections show."""
    entry = next((entry for entry in reversed(entries) if entry.action == "hand_over"), None)
    if entry is None:
        return None
    label = f"Sejak konsep Staf, {entry.actor_name}, {write_moment(entry.at)} (putaran {entry.round})"
    return Baseline("konsep", label, entry.revision_id, entry.at)


def _is_decision(entry) -> bool:
    """Say whether the line is of a step that moved the item, not of a remark or an assessment."""
    try:
        return bool(sop.get_action(entry.action).to)
    except KeyError:
        return False


def get_round(entry) -> int:
    """Return the round that a line decided upon: a return opens the next round with its own line.

    A line that is no step of the SOP, about a post or a comment, belongs to the round it was written in.
    """
    try:
        return entry.round - sop.get_action(entry.action).is_return
    except KeyError:
        return entry.round


def write_moment(at: datetime) -> str:
    """Write a point in time: "23 November 2026 pukul 09.00 WIB"."""
    return f"{date_format(timezone.localtime(at), 'DATETIME_FORMAT')} WIB"
