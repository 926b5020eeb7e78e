"""Compute and describe targets (Target waktu): by when the holder of an item should take the step.

Internal and off by default: the SOP leaves its time column blank.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.models import Holiday, WorkTime
from moderation.models.worktime import WEEKDAYS
from moderation.sop.worktime import RunningClock, WorkCalendar, describe_minutes, parse_spans

#: Note shown with every target or due time.
LABEL = "target internal, bukan ketentuan SOP"
INTERNAL = f"T{LABEL[1:]}."
REWORK = "rework"
#: Target of returned items, which differs from that of new ones.
_REWORK_STATES = {"returned", "returned_to_staf"}
#: States without a target: nobody has to act in them.
_WITHOUT_TARGET = {"scheduled"}
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Target:
    """Target of one stay in working minutes, for the normal and the fast lane."""

    #: The code of a step, or REWORK.
    key: str
    minutes: int
    urgent_minutes: int

    @property
    def label(self) -> str:
        """The step's own label; returned items have one of their own."""
        return "Perbaikan setelah dikembalikan" if self.key == REWORK else sop.get_step(self.key).label


#: What comparable SOPs set (docs/sop.md#targets); rows 3 and 4 share half an hour, the extension has a guess.
TARGETS = (
    Target(sop.StepCode.FORWARDING, 30, 10),
    Target(sop.StepCode.RECEIPT, 15, 5),
    Target(sop.StepCode.ASSIGNMENT, 15, 5),
    Target(sop.StepCode.COMPOSITION, 450, 60),
    Target(sop.StepCode.CORRECTION, 120, 15),
    Target(REWORK, 120, 15),
    Target(sop.StepCode.VERIFICATION, 120, 15),
    Target(sop.StepCode.EXEMPTION, 450, 60),
    Target(sop.StepCode.PUBLICATION_ORDER, 60, 10),
    Target(sop.StepCode.PUBLICATION, 60, 10),
)
_TARGETS = {target.key: target for target in TARGETS}


def get_key(state: str) -> str | None:
    """Return the key of a state's target, None when nobody has to act."""
    if state in _REWORK_STATES:
        return REWORK
    step = sop.step_of(state)
    if step is None or state in _WITHOUT_TARGET:
        return None
    return str(step.code)


def get_label(key: str) -> str:
    """Return what a target is called on screen."""
    return _TARGETS[key].label


def waits_anew(before: str, action: sop.Action, after: str) -> bool:
    """Say whether a step restarts the target: it changes the target, returns the item or reassigns it."""
    return get_key(before) != get_key(after) or action.is_return or action.code == "reassign"


@dataclass(frozen=True)
class Due:
    """Due time of a step in the words of the screens."""

    words: str
    is_late: bool


@dataclass(frozen=True)
class Office:
    """The office's clock and targets, read once, with a fixed ``now``."""

    settings: WorkTime
    calendar: WorkCalendar
    holidays: dict[date, Holiday]
    now: datetime

    @property
    def is_on(self) -> bool:
        return self.settings.targets_on

    def get_minutes(self, key: str, is_urgent: bool) -> int:
        """Return a target in minutes: the office's value, else the default."""
        default = _TARGETS[key]
        chosen = self.settings.targets.get(key, (default.minutes, default.urgent_minutes))
        return chosen[1] if is_urgent else chosen[0]

    def get_clock(self, is_urgent: bool):
        """Return the clock of a lane; the fast lane need not wait for office hours."""
        return RunningClock() if is_urgent and self.settings.urgent_runs_always else self.calendar

    def get_due(self, item) -> datetime | None:
        """Return the item's due time, None without a target."""
        key = get_key(item.state)
        if not self.is_on or key is None or item.step_since is None:
            return None
        return self.get_clock(item.is_urgent).add(item.step_since, self.get_minutes(key, item.is_urgent))

    def is_overdue(self, item) -> bool:
        """Say whether the due time has passed."""
        due = self.get_due(item)
        return due is not None and due < self.now

    def find_overdue(self) -> Q:
        """Return a ``Q`` that selects overdue dispositions."""
        return self.find_due_before(self.now)

    def find_due_before(self, moment: datetime, lead=None) -> Q:
        """Return a ``Q`` that selects dispositions due before ``moment``.

        ``lead``: maps a target to the minutes by which to count it earlier (reminders); default none.
        """
        found = Q(pk__in=[])
        if not self.is_on:
            return found
        for key, states in _STATES_BY_KEY.items():
            for is_urgent in (False, True):
                minutes = self.get_minutes(key, is_urgent)
                rest = minutes - (lead(minutes) if lead else 0)
                latest = self.get_clock(is_urgent).subtract(moment - _MICROSECOND, rest)
                found |= Q(state__in=states, is_urgent=is_urgent, step_since__lte=latest)
        return found

    def describe_due(self, item) -> str:
        """Return the due time or the delay in words, "" without a target."""
        due = self.get_due(item)
        if due is None:
            return ""
        if due >= self.now:
            return f"Tenggat {self._describe_moment(due)}"
        return f"Lewat tenggat {self._describe_delay(due, self.get_clock(item.is_urgent))}"

    def _describe_delay(self, due: datetime, clock) -> str:
        """Return the delay in the clock's own time: in hours up to a day, then in days."""
        at_work = clock is self.calendar
        late = int(clock.elapsed(due, self.now).total_seconds() // 60)
        if late < 1:
            return f"sejak {self._describe_moment(due)}"
        first, last = timezone.localdate(due), timezone.localdate(self.now)
        days = self.calendar.count_working_days(first, last) if at_work else (last - first).days
        if days > 1:
            return f"{days} hari kerja" if at_work else f"{days} hari"
        return f"{describe_minutes(late)} ({'jam kerja' if at_work else 'waktu berjalan'})"

    def describe_all(self, items) -> dict[int, "Due"]:
        """Return ``Due`` by primary key for each of the items that has a target."""
        return {item.pk: Due(self.describe_due(item), self.is_overdue(item)) for item in items if self.get_due(item)}

    def _describe_moment(self, moment: datetime) -> str:
        moment = timezone.localtime(moment)
        days = (moment.date() - timezone.localdate(self.now)).days
        day = {-1: "kemarin", 0: "hari ini", 1: "besok"}.get(days) or date_format(moment, "l, j F Y")
        return f"{day} pukul {moment:%H.%M} WIB"


def load_office(now: datetime | None = None) -> Office:
    """Load the office's clock and targets in two queries."""
    settings = WorkTime.load()
    holidays = {holiday.date: holiday for holiday in Holiday.objects.all()}
    hours = {weekday: parse_spans(getattr(settings, name)) for weekday, name in enumerate(WEEKDAYS)}
    calendar = WorkCalendar(hours, holidays, timezone.get_default_timezone())
    return Office(settings, calendar, holidays, now or timezone.now())


def get_due(item, office: Office | None = None) -> datetime | None:
    """Return the item's due time, None without a target."""
    return (office or load_office()).get_due(item)


def is_overdue(item, office: Office | None = None) -> bool:
    """Say whether the item's due time has passed."""
    return (office or load_office()).is_overdue(item)


def describe_due(item, office: Office | None = None) -> str:
    """Return the item's due time or delay in words, "" without a target."""
    return (office or load_office()).describe_due(item)


def _group_states() -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for state in sop.STATES:
        key = get_key(state.code)
        if key is not None:
            grouped.setdefault(key, []).append(state.code)
    return grouped


_STATES_BY_KEY = _group_states()
