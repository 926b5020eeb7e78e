"""Say whether the office is open now, from the lines of its opening hours and its days off.

The hours are the office's own words (Data kantor, "Jam layanan"). Either every line is understood or nothing is said:
a citizen who travels to a closed door was told something wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from moderation.models import Holiday
from moderation.sop.worktime import ONE_DAY, Span, parse_spans

WEEKDAYS = {"senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "sabtu": 5, "minggu": 6, "ahad": 6}
#: How far to look for the next day on which the office opens.
HORIZON = timedelta(days=30)
_DASH = re.compile(r"\s*(?:[\u2010-\u2015-]|\bs\.?\s?/?\s?d\b\.?|\bsampai(?: dengan)?\b|\bhingga\b)\s*")
_TIMES = r"\d{1,2}[.:]\d{2}-\d{1,2}[.:]\d{2}"
_LINE = re.compile(
    rf"(?P<days>[a-z]+(?:-[a-z]+)?(?:,[a-z]+(?:-[a-z]+)?)*)[\s:]*(?:(?:pukul|jam)\s*)?"
    rf"(?P<times>{_TIMES}(?:,{_TIMES})*|tutup|libur)\s*(?:wib|wita|wit)?\s*[.;]?"
)


@dataclass(frozen=True)
class Opening:
    """What is said at a moment."""

    is_open: bool
    sentence: str


def read_hours(text: str) -> dict[int, tuple[Span, ...]] | None:
    """Return the spans of each weekday (Monday is 0); None where a line is not understood, or none is there.

    A line names days and times: "Senin–Kamis pukul 08.00–15.30 WIB", "Jumat: 08.00–11.30 dan 13.00–15.00",
    "Sabtu, Minggu: tutup".
    """
    hours: dict[int, str] = {}
    for line in filter(None, map(str.strip, text.lower().splitlines())):
        plain = re.sub("['`\u2018\u2019]", "", _DASH.sub("-", line))
        found = _LINE.fullmatch(re.sub(r"\s*(?:,|&|\bdan\b)\s*", ",", plain))
        days = _read_days(found["days"]) if found else None
        if found is None or days is None:
            return None
        times = found["times"] if found["times"][0].isdigit() else ""
        for day in days:
            hours[day] = f"{hours[day]},{times}" if day in hours else times
    try:
        return {day: parse_spans(times) for day, times in hours.items()} if any(hours.values()) else None
    except ValueError:
        return None


def _read_days(text: str) -> list[int] | None:
    days: list[int] = []
    for part in text.split(","):
        ends = part.split("-")
        if not all(end in WEEKDAYS for end in ends):
            return None
        first, last = WEEKDAYS[ends[0]], WEEKDAYS[ends[-1]]
        days += [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    return days


def list_moments(text: str, day: date) -> list[datetime]:
    """Return when that day what is said changes: each opening and closing."""
    spans = (read_hours(text) or {}).get(day.weekday(), ())
    return [timezone.make_aware(datetime.combine(day, each)) for span in spans for each in (span.start, span.end)]


def describe(text: str, now: datetime) -> Opening | None:
    """Return what to say now; None where the hours are not understood. One query."""
    hours = read_hours(text)
    if hours is None:
        return None
    today = timezone.localdate(now)
    days_off = {each.date: each for each in Holiday.objects.filter(date__range=(today, today + HORIZON))}
    return _describe(hours, days_off, timezone.localtime(now))


def _describe(hours: Mapping[int, tuple[Span, ...]], days_off: Mapping[date, Holiday], now: datetime) -> Opening:
    clock, zone = now.time(), date_format(now, "T")
    spans = () if now.date() in days_off else hours.get(now.weekday(), ())
    current = next((span for span in spans if span.start <= clock < span.end), None)
    later = [span for span in spans if span.start > clock]
    if current:
        then = f", lalu pukul {_write(later)}" if later else ""
        return Opening(True, f"Buka hari ini sampai pukul {current.end:%H.%M}{then} {zone}")
    if later and later[0] is spans[0]:
        return Opening(False, f"Hari ini buka pukul {_write(later)} {zone}")
    if later:
        return Opening(False, f"Sedang istirahat, buka lagi pukul {later[0].start:%H.%M} {zone}")
    reason = _name(days_off[now.date()]) if now.date() in days_off else ""
    again = _find_again(hours, days_off, now.date())
    start = f"Tutup: {reason}" if reason else "Sudah tutup" if spans else "Hari ini tutup"
    if again is None:
        return Opening(False, start)
    day, span = again
    when = "besok" if day == now.date() + ONE_DAY else date_format(day, "l, j F")
    return Opening(False, f"{start}. Buka lagi {when} pukul {span.start:%H.%M} {zone}")


def _find_again(hours, days_off, today: date) -> tuple[date, Span] | None:
    """Return the next day on which the office opens, with its first span."""
    for number in range(1, HORIZON.days + 1):
        day = today + number * ONE_DAY
        if day not in days_off and hours.get(day.weekday()):
            return day, hours[day.weekday()][0]
    return None


def _name(day_off: Holiday) -> str:
    """Name the day off; a joint leave is called one."""
    said = "cuti bersama" in day_off.name.lower() or not day_off.is_joint_leave
    return day_off.name if said else f"cuti bersama {day_off.name}"


def _write(spans: list[Span]) -> str:
    return " dan ".join(map(str, spans))
