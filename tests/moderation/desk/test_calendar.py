"""The calendar: events by day and reader; viewing changes nothing."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from home.demo.clock import clock_at
from moderation.chain.deadlines import load_office
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, Holiday, WorkTime
from moderation.records.calendar import Kind, build_weeks, find_events
from tests.support.many import multiply_item

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]
WIB = ZoneInfo("Asia/Jakarta")


def at(day, clock, month=11):
    hour, minute = map(int, clock.split("."))
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=WIB)


def look(client, **query):
    return client.get(reverse("moderation:calendar"), query)


def find(month=11, now=None):
    office = load_office(now or at(23, "09.00"))
    return [(event.day.day, event.kind, event.item) for event in find_events(2026, month, office)]


def test_each_kind_stands_on_its_day(office):
    WorkTime.objects.update_or_create(pk=WorkTime.load().pk, defaults={"targets_on": True})
    with clock_at(at(20, "08.00")):
        planned = office.issue(activity_date="2026-11-11")
        live = office.bring_to("live")
        scheduled = office.bring_to("ordered", go_live_at="2026-11-27T10:30")
        take(scheduled, "schedule", office.staf1)
    assert find() == [
        (11, Kind.PLANNED, planned),
        (20, Kind.LIVE, live),
        (20, Kind.OVERDUE, planned),
        (27, Kind.SCHEDULED, scheduled),
    ]
    assert find(9) == [(9, Kind.PLANNED, scheduled)], "what has ended is planned no longer"
    assert find(12) == []


def test_what_was_published_late_at_night_stands_on_the_offices_day(office):
    with clock_at(datetime.datetime(2026, 11, 30, 17, 30, tzinfo=datetime.UTC)):  # 00.30 WIB on 1 December
        item = office.bring_to("live")
    assert (1, Kind.LIVE, item) in find(12)
    assert Kind.LIVE not in {kind for _day, kind, _item in find(11)}


def test_the_grid_has_whole_weeks_from_monday_with_holidays_and_today(db):
    Holiday.objects.create(date=datetime.date(2026, 12, 25), name="Hari Raya Natal")
    weeks = build_weeks(2026, 12, [], load_office(at(23, "09.00", month=12)))
    assert [len(week) for week in weeks] == [7] * 5
    assert weeks[0][0].date == datetime.date(2026, 11, 30)
    assert weeks[0][0].date.weekday() == 0
    assert not weeks[0][0].is_in_month
    days = {day.date.day: day for week in weeks for day in week if day.is_in_month}
    assert len(days) == 31
    assert days[25].holiday == "Hari Raya Natal"
    assert [number for number, day in days.items() if day.is_today] == [23]


def test_the_month_and_the_list_lead_to_the_worksheets_and_to_their_neighbours(office, log_in):
    with clock_at(at(20, "08.00")):
        item = office.bring_to("live")
    client = log_in(office.pemantau)
    for view in ("", "daftar"):
        page = look(client, bulan="2026-11", tampilan=view).content.decode()
        assert item.get_absolute_url() in page
        assert "November 2026" in page
        assert "bulan=2026-10" in page
        assert "bulan=2026-12" in page
        assert "Tayang" in page
        assert "<form" not in page.split("<main")[1], "the calendar only shows"
    assert "bulan=2027-01" in look(client, bulan="2026-12").content.decode()


def test_the_kinds_filter(office, log_in):
    item = office.issue(activity_date="2026-11-11")
    client = log_in(office.pemantau)
    assert item.subject in look(client, bulan="2026-11", jenis="rencana").content.decode()
    assert item.subject not in look(client, bulan="2026-11", jenis="tayang").content.decode()
    assert "Lewat tenggat" not in look(client, bulan="2026-11").content.decode(), "targets are off"


@pytest.mark.parametrize(
    "query",
    [{"bulan": "2026-13"}, {"bulan": "٢٠٢٦-11"}, {"bulan": "2026-11\x00"}, {"bulan": "1", "jenis": "<b>"}, {"p": "x"}],
)
def test_odd_months_show_this_one(log_in, office, query):
    response = look(log_in(office.pemantau), **query)
    assert response.status_code == 200
    assert response.context["name"].endswith(str(timezone.localdate().year))


def test_looking_changes_nothing_and_posting_is_refused(office, log_in):
    item = office.bring_to("ordered", go_live_at="2099-11-27T10:30")
    before = AuditEntry.objects.count()
    client = log_in(office.sekretaris)
    look(client, bulan="2099-11")
    response = client.post(reverse("moderation:calendar"), {"item": item.pk, "to": "2026-11-24"})
    assert response.status_code == 405
    item.refresh_from_db()
    assert item.state == "ordered"
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("view", ["", "daftar"])
def test_the_calendar_costs_the_same_with_one_and_with_hundreds(office, log_in, view):
    item = office.issue(activity_date="2026-11-11")
    client = log_in(office.pemantau)
    look(client, bulan="2026-11", tampilan=view)
    with CaptureQueriesContext(connection) as few:
        look(client, bulan="2026-11", tampilan=view)
    multiply_item(item, 300)
    assert Disposition.objects.count() == 301
    with CaptureQueriesContext(connection) as many:
        page = look(client, bulan="2026-11", tampilan=view).content.decode()
    assert len(many) == len(few) <= 20
    assert page.count("/admin/antrean/") < 60
