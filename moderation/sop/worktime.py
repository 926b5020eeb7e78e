"""The office's clock: working time between two moments, and the moment after so much working time.

Plain Python; it knows neither Django nor the settings. Weekly hours may have several spans a day
(Friday has its break for prayer), holidays and joint leave (cuti bersama) have none.
"""

import itertools
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

ONE_DAY = timedelta(days=1)
_SPAN = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-\u2013\u2014]\s*(\d{1,2})[.:](\d{2})")


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of working time within one day; it ends on the day it starts."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("Jam selesai harus sesudah jam mulai.")

    def __str__(self) -> str:
        return f"{self.start:%H.%M}\u2013{self.end:%H.%M}"

    @property
    def minutes(self) -> int:
        return (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read "07.30-12.00, 13.00-16.00"; nothing is a day off. ValueError says what is wrong."""
    spans = tuple(_parse_span(part.strip()) for part in text.replace(";", ",").split(",") if part.strip())
    for earlier, later in itertools.pairwise(spans):
        if later.start < earlier.end:
            raise ValueError("Tulis rentang jam berurutan dan tidak bertumpang tindih.")
    return spans


def _parse_span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError("Tulis rentang jam seperti 07.30-12.00, 13.00-16.00.")
    opens, opens_past, closes, closes_past = map(int, match.groups())
    try:
        start, end = time(opens, opens_past), time(closes, closes_past)
    except ValueError as error:
        raise ValueError("Jam ditulis dari 00.00 sampai 23.59.") from error
    return Span(start, end)


class RunningClock:
    """Counts every minute, day and night: the fast lane does not wait for office hours."""

    def add(self, moment: datetime, minutes: float) -> datetime:
        return moment + timedelta(minutes=minutes)

    def subtract(self, moment: datetime, minutes: float) -> datetime:
        return moment - timedelta(minutes=minutes)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return max(end - start, timedelta(0))


class WorkCalendar:
    """Counts working time alone.

    ``hours`` maps a weekday (Monday is 0) to its spans; a weekday that is missing is a day off.
    Moments are aware; what comes back is in ``zone``, which must not have daylight saving
    (Asia/Jakarta has none): a span is as long as its clock times say.
    """

    def __init__(self, hours: Mapping[int, Iterable[Span]], holidays: Collection[date], zone: tzinfo):
        self.hours = {weekday: tuple(spans) for weekday, spans in hours.items() if spans}
        self.holidays = frozenset(holidays)
        self.zone = zone
        if not self.hours:
            raise ValueError("Sedikitnya satu hari harus memiliki jam kerja.")
        self._cache: dict[date, tuple[tuple[datetime, datetime], ...]] = {}

    def is_working_day(self, day: date) -> bool:
        """Say whether anybody works on that day."""
        return day not in self.holidays and day.weekday() in self.hours

    def is_working(self, moment: datetime) -> bool:
        """Say whether the moment falls into working hours."""
        moment = moment.astimezone(self.zone)
        return any(start <= moment < end for start, end in self._get_spans(moment.date()))

    def count_working_days(self, after: date, until: date) -> int:
        """Return the number of working days after one day, up to and with another."""
        days = (until - after).days
        return sum(self.is_working_day(after + timedelta(days=number)) for number in range(1, days + 1))

    def add(self, moment: datetime, minutes: float) -> datetime:
        """Return the earliest moment at which so many working minutes have passed since."""
        moment, rest = moment.astimezone(self.zone), timedelta(minutes=minutes)
        if rest <= timedelta(0):
            return moment
        day = moment.date()
        while True:
            for start, end in self._get_spans(day):
                start = max(start, moment)
                if start >= end:
                    continue
                if rest <= end - start:
                    return start + rest
                rest -= end - start
            day += ONE_DAY

    def subtract(self, moment: datetime, minutes: float) -> datetime:
        """Return the latest moment since which so many working minutes have passed.

        So ``add(start, minutes) <= moment`` holds exactly for the starts up to what comes back:
        one comparison tells the database which of thousands of items are overdue.
        """
        moment, rest = moment.astimezone(self.zone), timedelta(minutes=minutes)
        if rest <= timedelta(0):
            return moment
        day = moment.date()
        while True:
            for start, end in reversed(self._get_spans(day)):
                end = min(end, moment)
                if start >= end:
                    continue
                if rest <= end - start:
                    return end - rest
                rest -= end - start
            day -= ONE_DAY

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; nothing when the second is not later."""
        start, end = start.astimezone(self.zone), end.astimezone(self.zone)
        total, day = timedelta(0), start.date()
        while day <= end.date():
            for opens, closes in self._get_spans(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
            day += ONE_DAY
        return total

    def _get_spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        found = self._cache.get(day)
        if found is None:
            spans = self.hours.get(day.weekday(), ()) if day not in self.holidays else ()
            found = self._cache[day] = tuple(
                (datetime.combine(day, span.start, self.zone), datetime.combine(day, span.end, self.zone))
                for span in spans
            )
        return found


def describe_minutes(minutes: float) -> str:
    """Write a duration: "2 jam 15 menit"; a part of a minute is not counted."""
    hours, rest = divmod(int(minutes), 60)
    parts = [f"{hours} jam"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} menit")
    return " ".join(parts)
