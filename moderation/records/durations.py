"""Compute how long items waited at each step (Laporan) from the audit log alone.

Measures the time in a queue in the office's working time, not the work itself. Nothing is stored,
so that a holiday entered later corrects past figures too.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import median

from django.utils import timezone
from django.utils.dates import MONTHS

from moderation import sop
from moderation.chain import deadlines
from moderation.models import AuditEntry, Disposition
from moderation.sop.worktime import describe_minutes

_ACTIONS = {action.code: action for action in sop.ACTIONS}


@dataclass(frozen=True)
class Stay:
    """One item at one step, from its arrival to its leaving."""

    disposition_id: int
    register_number: str
    key: str
    start: datetime
    end: datetime
    is_urgent: bool
    minutes: float
    was_returned: bool


@dataclass(frozen=True)
class Summary:
    """Statistics of the stays at one step: count, median, slowest, and returns."""

    key: str
    stays: tuple[Stay, ...]

    @property
    def label(self) -> str:
        return deadlines.get_label(self.key)

    @property
    def count(self) -> int:
        return len(self.stays)

    @property
    def median(self) -> int:
        return int(median(stay.minutes for stay in self.stays))

    @property
    def median_words(self) -> str:
        return describe_minutes(self.median)

    @property
    def slowest(self) -> Stay:
        return max(self.stays, key=lambda stay: (stay.minutes, -stay.disposition_id))

    @property
    def slowest_words(self) -> str:
        return describe_minutes(self.slowest.minutes)

    @property
    def returns(self) -> int:
        return sum(stay.was_returned for stay in self.stays)


def find_stays(start: datetime, end: datetime, office: deadlines.Office) -> list[Stay]:
    """Return the stays that ended in a period, in two queries whatever the number of items."""
    entries = AuditEntry.objects.filter(action__in=_ACTIONS, disposition_id__isnull=False)
    in_period = entries.filter(at__gte=start, at__lt=end).values("disposition_id")
    lines = (
        entries.filter(disposition_id__in=in_period, at__lt=end)
        .order_by("disposition_id", "sequence")
        .values_list("disposition_id", "register_number", "action", "at")
    )
    urgent = set(Disposition.objects.filter(is_urgent=True).values_list("pk", flat=True))
    found: list[Stay] = []
    for pk, item_lines in groupby(lines.iterator(chunk_size=2000), key=lambda line: line[0]):
        clock = office.get_clock(pk in urgent)
        found.extend(stay for stay in _list_stays(pk, item_lines, pk in urgent, clock) if stay.end >= start)
    return found


def _list_stays(pk, lines, is_urgent, clock):
    """Yield the stays of one item, from its lines in the order of the log."""
    state, key, since = "", None, None
    for _pk, number, code, at in lines:
        action = _ACTIONS[code]
        after = action.to or state
        if state and after and not deadlines.waits_anew(state, action, after):
            state = after
            continue
        if key is not None:
            minutes = clock.elapsed(since, at).total_seconds() / 60
            yield Stay(pk, number, key, since, at, is_urgent, minutes, action.is_return)
        state, key, since = after, deadlines.get_key(after) if after else None, at


def summarise(stays) -> list[Summary]:
    """Return a summary for each step at which somebody held an item, in the order of the SOP."""
    by_key = defaultdict(list)
    for stay in stays:
        by_key[stay.key].append(stay)
    return [Summary(target.key, tuple(by_key[target.key])) for target in deadlines.TARGETS if by_key[target.key]]


def group_by_month(stays) -> dict[int, list[Stay]]:
    """Return the stays by the month in which they ended, the latest month first."""
    by_month = defaultdict(list)
    for stay in stays:
        by_month[timezone.localtime(stay.end).month].append(stay)
    return dict(sorted(by_month.items(), reverse=True))


def get_period(year: int, month: int | None = None) -> tuple[datetime, datetime]:
    """Return the first moment of a year or month and the first one after it, on the office's clock."""
    zone = timezone.get_default_timezone()
    if month is None:
        return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def describe_period(year: int, month: int | None = None) -> str:
    """Return a year or a month in words: "Tahun 2026", "November 2026"."""
    return f"{MONTHS[month]} {year}" if month else f"Tahun {year}"
