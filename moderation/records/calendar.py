"""Collect the calendar (Kalender): events planned, scheduled, live and overdue in one month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from django.utils import timezone

from moderation import sop
from moderation.chain import deadlines
from moderation.models import Disposition, PublicationPermit

from .durations import get_period


class Kind(Enum):
    """Kind of event; the values are the words on screen."""

    PLANNED = "rencana", "Rencana"
    SCHEDULED = "terjadwal", "Terjadwal"
    LIVE = "tayang", "Tayang"
    OVERDUE = "lewat-tenggat", "Lewat tenggat"

    def __init__(self, code, label):
        self.code = code
        self.label = label


@dataclass(frozen=True)
class Event:
    """One item on one day; ``at`` is the hour where there is one."""

    day: date
    kind: Kind
    item: Disposition
    at: datetime | None = None
    note: str = ""

    @property
    def clock(self) -> str:
        return f"{timezone.localtime(self.at):%H.%M}" if self.at else ""


@dataclass(frozen=True)
class Day:
    """One day of the grid."""

    date: date
    events: tuple[Event, ...]
    holiday: str
    is_in_month: bool
    is_today: bool


def find_events(year: int, month: int, office: deadlines.Office, kinds=tuple(Kind)) -> list[Event]:
    """Return the events of a month in order of time, in a constant number of queries."""
    finders = {
        Kind.PLANNED: _find_planned,
        Kind.SCHEDULED: _find_scheduled,
        Kind.LIVE: _find_live,
        Kind.OVERDUE: _find_overdue,
    }
    period = get_period(year, month)
    events = [event for kind in kinds for event in finders[kind](*period, office)]
    # By day; events without an hour first.
    return sorted(events, key=lambda event: (event.day, event.at is not None, event.at or office.now, event.item.pk))


def _find_planned(start, end, office):
    """Yield the activities of unfinished items on the day they take place."""
    items = Disposition.objects.open().filter(
        activity_date__gte=timezone.localdate(start), activity_date__lt=timezone.localdate(end)
    )
    for item in items:
        yield Event(item.activity_date, Kind.PLANNED, item, note="tanggal kegiatan")


def _find_scheduled(start, end, office):
    permits = PublicationPermit.objects.in_force().filter(
        executed_at=None, go_live_at__gte=start, go_live_at__lt=end, disposition__state__in=sop.OPEN_STATES
    )
    for permit in permits.select_related("disposition"):
        note = "waktu tayang terlewat" if permit.go_live_at < office.now else ""
        yield Event(timezone.localdate(permit.go_live_at), Kind.SCHEDULED, permit.disposition, permit.go_live_at, note)


def _find_live(start, end, office):
    permits = PublicationPermit.objects.filter(executed_at__gte=start, executed_at__lt=end)
    for permit in permits.select_related("disposition"):
        note = "sudah diturunkan" if permit.disposition.state == "taken_down" else ""
        yield Event(timezone.localdate(permit.executed_at), Kind.LIVE, permit.disposition, permit.executed_at, note)


def _find_overdue(start, end, office):
    """Yield overdue items on the day they were due."""
    for item in Disposition.objects.open().filter(office.find_overdue()):
        due = office.get_due(item)
        if start <= due < end:
            yield Event(timezone.localdate(due), Kind.OVERDUE, item, due, f"{item.step.label.lower()}")


def build_weeks(year: int, month: int, events, office: deadlines.Office) -> list[list[Day]]:
    """Return the weeks of the month, Monday first, with the days of its neighbours to fill them."""
    by_day = defaultdict(list)
    for event in events:
        by_day[event.day].append(event)
    start, end = (timezone.localdate(moment) for moment in get_period(year, month))
    today, day, weeks = timezone.localdate(office.now), start - timedelta(days=start.weekday()), []
    while day < end:
        week = []
        for _number in range(7):
            holiday = office.holidays.get(day)
            week.append(Day(day, tuple(by_day[day]), holiday.name if holiday else "", start <= day < end, day == today))
            day += timedelta(days=1)
        weeks.append(week)
    return weeks


def find_neighbours(year: int, month: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the month before and the month after."""
    return (
        (year - 1, 12) if month == 1 else (year, month - 1),
        (year + 1, 1) if month == 12 else (year, month + 1),
    )
