"""The working clock: examples counted by hand, and properties for any moment."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from moderation.sop.worktime import RunningClock, WorkCalendar, describe_minutes, parse_spans

pytestmark = pytest.mark.db_agnostic

WIB = ZoneInfo("Asia/Jakarta")
ORDINARY, FRIDAY = parse_spans("07.30-12.00, 13.00-16.00"), parse_spans("07.30-11.30, 13.00-16.30")
CHRISTMAS, JOINT_LEAVE = date(2026, 12, 25), date(2026, 12, 24)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def calendar():
    hours = dict.fromkeys(range(4), ORDINARY) | {4: FRIDAY}
    return WorkCalendar(hours, {CHRISTMAS, JOINT_LEAVE}, WIB)


def at(day, clock, month=11, year=2026):
    hour, minute = map(int, clock.split("."))
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


# 23 November 2026 is a Monday.
@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (at(23, "09.00"), 30, at(23, "09.30")),
        (at(23, "11.50"), 30, at(23, "13.20")),  # across the midday break
        (at(23, "11.30"), 30, at(23, "12.00")),  # to its very start
        (at(23, "12.15"), 30, at(23, "13.30")),  # handed over during the break
        (at(23, "05.00"), 30, at(23, "08.00")),  # before the office opens
        (at(23, "15.45"), 30, at(24, "07.45")),  # over night
        (at(23, "09.00"), 450, at(24, "09.00")),  # one working day
        (at(27, "11.00"), 60, at(27, "13.30")),  # Friday's longer break
        (at(27, "16.15"), 30, at(30, "07.45")),  # over the weekend
        (at(28, "10.00"), 30, at(30, "08.00")),  # handed over on a Saturday
        (at(23, "15.30", month=12), 60, at(28, "08.00", month=12)),  # Christmas, joint leave, weekend
        (at(31, "15.30", month=12), 60, at(1, "08.00", month=1, year=2027)),  # over the year's end
        (at(23, "09.00"), 0, at(23, "09.00")),
    ],
)
def test_the_due_time_is_what_a_pencil_says(calendar, start, minutes, due):
    assert calendar.add(start, minutes) == due


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at(23, "09.00"), at(23, "09.30"), 30),
        (at(23, "11.50"), at(23, "13.20"), 30),
        (at(23, "12.10"), at(23, "12.50"), 0),
        (at(23, "00.00"), at(24, "00.00"), 450),
        (at(23, "00.00"), at(30, "00.00"), 5 * 450),
        (at(27, "16.30"), at(30, "07.30"), 0),
        (at(21, "00.00", month=12), at(28, "00.00", month=12), 3 * 450),
        (at(23, "10.00"), at(23, "09.00"), 0),
    ],
)
def test_the_elapsed_time_is_what_a_pencil_says(calendar, start, end, minutes):
    assert calendar.elapsed(start, end) == timedelta(minutes=minutes)


def test_a_moment_in_utc_counts_on_the_offices_day(calendar):
    late_in_utc = datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("UTC"))  # Monday 06.00 WIB
    assert calendar.add(late_in_utc, 30) == at(23, "08.00")
    assert calendar.add(late_in_utc, 30).tzinfo is WIB


def make_moments(seed, count):
    """Return random times over two years, with edge cases overrepresented."""
    chance = random.Random(seed)
    edges = [0, 450, 720, 780, 960, 990, 1439]
    for _number in range(count):
        day = datetime(2026, 1, 1, tzinfo=WIB) + timedelta(days=chance.randrange(730))
        minute = chance.choice(edges) if chance.random() < 0.5 else chance.randrange(1440)
        grain = timedelta(microseconds=chance.choice([0, 0, 1, 999_999]))
        yield day + timedelta(minutes=minute) + grain, chance.choice([1, 10, 30, 120, 449, 450, 451, 2250, 4000])


def make_calendars():
    chance = random.Random(7)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    ordinary = dict.fromkeys(range(4), ORDINARY) | {4: FRIDAY}
    yield WorkCalendar(ordinary, chance.sample(days, 60), WIB)
    yield WorkCalendar({5: parse_spans("08.00-08.10")}, chance.sample(days, 200), WIB)
    yield WorkCalendar({day: parse_spans("00.00-23.59") for day in range(7)}, (), WIB)
    yield RunningClock()


@pytest.mark.parametrize("calendar", list(make_calendars()), ids=["office", "ten minutes a week", "always", "running"])
def test_adding_subtracting_and_elapsing_agree(calendar):
    for moment, minutes in make_moments(1, 200):
        target = timedelta(minutes=minutes)
        due = calendar.add(moment, minutes)
        assert due >= moment
        # Exactly the target has passed at the due time, and less before it.
        assert calendar.elapsed(moment, due) == target
        assert calendar.elapsed(moment, due - MICROSECOND) < target
        # Working time adds up.
        assert calendar.add(calendar.add(moment, minutes), 30) == calendar.add(moment, minutes + 30)
        start = calendar.subtract(moment, minutes)
        assert calendar.elapsed(start, moment) == target
        assert calendar.elapsed(start + MICROSECOND, moment) < target


@pytest.mark.parametrize("calendar", list(make_calendars()), ids=["office", "ten minutes a week", "always", "running"])
def test_one_comparison_with_the_start_tells_what_is_overdue(calendar):
    """The bound for the database query agrees with each item's due time."""
    answers = set()
    for (start, minutes), (now, _) in zip(make_moments(2, 200), make_moments(3, 200), strict=True):
        for moment in (now, calendar.add(start, minutes), calendar.add(start, minutes) + MICROSECOND):
            is_overdue = calendar.add(start, minutes) < moment
            assert (start <= calendar.subtract(moment - MICROSECOND, minutes)) is is_overdue
            answers.add(is_overdue)
    assert answers == {True, False}


def test_elapsed_time_is_additive(calendar):
    for (first, _), (second, _), (third, _) in zip(
        make_moments(4, 200), make_moments(5, 200), make_moments(6, 200), strict=True
    ):
        first, second, third = sorted((first, second, third))
        parts = calendar.elapsed(first, second) + calendar.elapsed(second, third)
        assert parts == calendar.elapsed(first, third)


def test_the_fast_lanes_clock_counts_nights_and_holidays():
    saturday_night = at(28, "23.50")
    assert RunningClock().add(saturday_night, 15) == at(29, "00.05")
    assert RunningClock().elapsed(saturday_night, at(29, "00.05")) == timedelta(minutes=15)


def test_working_days_are_counted_after_the_first_day(calendar):
    assert calendar.count_working_days(date(2026, 11, 23), date(2026, 11, 23)) == 0
    assert calendar.count_working_days(date(2026, 11, 27), date(2026, 11, 30)) == 1
    assert calendar.count_working_days(date(2026, 12, 23), date(2026, 12, 28)) == 1


def test_an_office_that_never_opens_is_refused():
    with pytest.raises(ValueError, match="Sedikitnya satu hari"):
        WorkCalendar({0: (), 1: ()}, (), WIB)


@pytest.mark.parametrize(
    "typed", ["07.30-12.00, 13.00-16.00", "7:30–12:00;13:00 – 16:00", " 07.30—12.00 ,13.00-16.00,"]
)
def test_hours_are_read_as_people_type_them(typed):
    assert ", ".join(map(str, parse_spans(typed))) == "07.30–12.00, 13.00–16.00"


def test_an_empty_day_is_a_day_off():
    assert parse_spans("") == parse_spans(" , ") == ()


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("pagi", "seperti"),
        ("07.30", "seperti"),
        ("25.00-26.00", "00.00 sampai 23.59"),
        ("07.75-08.00", "00.00 sampai 23.59"),
        ("16.00-07.30", "sesudah jam mulai"),
        ("08.00-08.00", "sesudah jam mulai"),
        ("13.00-16.00, 07.30-12.00", "berurutan"),
        ("07.30-12.00, 11.00-16.00", "berurutan"),
        ("07.30-12.00" * 2000, "seperti"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(typed, problem):
    with pytest.raises(ValueError, match=problem):
        parse_spans(typed)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 menit"), (1, "1 menit"), (60, "1 jam"), (135, "2 jam 15 menit"), (59.9, "59 menit")],
)
def test_durations_are_written_in_words(minutes, words):
    assert describe_minutes(minutes) == words
