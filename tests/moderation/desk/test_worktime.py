"""Screens of working time and days off: the Sekretaris edits, the desk reads."""

import re
from datetime import date

import pytest
from django.urls import reverse

from moderation.chain import deadlines
from moderation.desk.worktime_forms import propose_holidays
from moderation.models import AuditEntry, Holiday, WorkTime

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

TIME, DAYS = "moderation:work_time", "moderation:holidays"


def read_form(response) -> dict:
    """Return the POST data of a screen's form as shown."""
    data = {}
    for field in re.findall(r"<input[^>]*>", response.content.decode()):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', field))
        is_box = attributes.get("type") == "checkbox"
        if "name" in attributes and (not is_box or " checked" in field):
            data[attributes["name"]] = attributes.get("value", "on" if is_box else "")
    return data


def test_targets_are_off_and_are_called_internal(office, log_in):
    assert WorkTime.load().targets_on is False
    page = log_in(office.sekretaris).get(reverse(TIME)).content.decode()
    assert deadlines.INTERNAL in page
    assert "Jalur cepat berjalan terus, juga di luar jam kerja" in page


def test_the_sekretaris_sets_hours_and_targets_and_the_log_tells_of_it(office, log_in):
    client = log_in(office.sekretaris)
    data = read_form(client.get(reverse(TIME)))
    data |= {"targets_on": "on", "normal_verification": "90", "friday": "07.30-11.00; 13.00-15.00"}
    assert client.post(reverse(TIME), data).status_code == 302
    settings = WorkTime.load()
    assert settings.targets_on
    assert settings.targets["verification"] == [90, 15]
    assert settings.targets["composition"] == [450, 60]
    assert deadlines.load_office().get_minutes("verification", False) == 90
    line = AuditEntry.objects.get(action="work_time_changed")
    assert (line.actor_id, line.role) == (office.sekretaris.pk, "Sekretaris")
    assert line.data["Verifikasi, biasa (menit)"] == 90

    assert client.post(reverse(TIME), read_form(client.get(reverse(TIME)))).status_code == 302
    assert AuditEntry.objects.filter(action="work_time_changed").count() == 1, "nothing changed, nothing told"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("monday", "delapan sampai empat", "Tulis rentang jam seperti"),
        ("monday", "16.00-08.00", "sesudah jam mulai"),
        ("normal_correction", "0", "1"),
        ("normal_correction", "99999", "9000"),
        ("normal_correction", "dua jam", "bilangan"),
        ("remind_before", "-1", "0"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(office, log_in, field, typed, words):
    client = log_in(office.sekretaris)
    data = read_form(client.get(reverse(TIME))) | {field: typed, "tuesday": "08.00-14.00"}
    response = client.post(reverse(TIME), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert 'value="08.00-14.00"' in page
    assert WorkTime.load().tuesday != "08.00-14.00"


def test_nobody_else_changes_the_clock(office, log_in):
    for name in ("ppid", "sekretariat", "staf1", "bidang", "pemantau"):
        client = log_in(office.people[name])
        page = client.get(reverse(TIME))
        assert page.status_code == 200
        assert "disabled" in page.content.decode()
        for screen in (TIME, DAYS):
            response = client.post(reverse(screen), read_form(page) | {"targets_on": "on"})
            assert response.status_code == 302
            assert response.url == reverse("wagtailadmin_home")
    assert WorkTime.load().targets_on is False
    assert not AuditEntry.objects.filter(action="work_time_changed").exists()


def test_days_off_are_added_changed_and_taken_out(office, log_in):
    client, address = log_in(office.sekretaris), f"{reverse(DAYS)}?tahun=2026"
    data = read_form(client.get(address))
    data |= {"form-0-date": "2026-12-24", "form-0-name": "Cuti bersama Natal", "form-0-is_joint_leave": "on"}
    assert client.post(address, data).status_code == 302
    holiday = Holiday.objects.get()
    assert (holiday.date, holiday.is_joint_leave) == (date(2026, 12, 24), True)

    data = read_form(client.get(address)) | {"form-0-name": "Cuti bersama"}
    client.post(address, data)
    holiday.refresh_from_db()
    assert holiday.name == "Cuti bersama"

    client.post(address, read_form(client.get(address)) | {"form-0-DELETE": "on"})
    assert not Holiday.objects.exists()
    told = [entry.data for entry in AuditEntry.objects.filter(action="holidays_changed").order_by("sequence")]
    assert told[0]["ditambah"] == ["24 Desember 2026: Cuti bersama Natal"]
    assert told[1]["diubah"] == ["24 Desember 2026: Cuti bersama"]
    assert told[2]["dihapus"] == ["24 Desember 2026: Cuti bersama"]


def test_the_same_day_twice_is_refused_in_words(office, log_in):
    client, address = log_in(office.sekretaris), f"{reverse(DAYS)}?tahun=2026"
    Holiday.objects.create(date=date(2026, 12, 25), name="Natal")
    data = read_form(client.get(address)) | {"form-1-date": "2026-12-25", "form-1-name": "Natal lagi"}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "Natal lagi" in response.content.decode()
    assert Holiday.objects.count() == 1


def test_the_proposal_is_not_saved_until_the_office_saves_it(office, log_in):
    client, address = log_in(office.sekretaris), f"{reverse(DAYS)}?tahun=2026"
    Holiday.objects.create(date=date(2026, 8, 17), name="Hari Kemerdekaan")
    response = client.get(address, {"tahun": "2026", "usul": "1"})
    assert Holiday.objects.count() == 1
    data = read_form(response)
    proposed = {data[name] for name in data if name.endswith("-date")}
    assert {"2026-12-25", "2026-12-24"} <= proposed

    unwanted = next(name for name in data if data[name] == "2026-12-24")
    client.post(address, data | {unwanted.replace("-date", "-DELETE"): "on"})
    saved = set(Holiday.objects.values_list("date", flat=True))
    assert date(2026, 12, 25) in saved
    assert date(2026, 12, 24) not in saved
    assert Holiday.objects.get(date=date(2026, 8, 17)).name == "Hari Kemerdekaan"
    assert [day["date"] for day in propose_holidays(2026)] == [date(2026, 12, 24)]


def test_a_day_that_was_estimated_is_saved_under_its_own_name(office, log_in):
    client, address = log_in(office.sekretaris), f"{reverse(DAYS)}?tahun=2028"
    response = client.get(address, {"tahun": "2028", "usul": "1"})
    assert "(perkiraan)" in response.content.decode()
    client.post(address, read_form(response))
    names = set(Holiday.objects.values_list("name", flat=True))
    assert "Hari Raya Idul Fitri" in names
    assert not any("perkiraan" in name for name in names)


@pytest.mark.parametrize("year", ["", "abcd", "0000", "1", "99999", "²⁰²⁶", "\x00"])
def test_odd_years_show_this_one(office, log_in, year):
    assert log_in(office.pemantau).get(reverse(DAYS), {"tahun": year}).status_code == 200


def test_a_broken_form_is_refused_and_not_obeyed(office, log_in):
    client, address = log_in(office.sekretaris), f"{reverse(DAYS)}?tahun=2026"
    Holiday.objects.create(date=date(2026, 8, 17), name="Hari Kemerdekaan")
    for data in ({}, {"form-TOTAL_FORMS": "999999", "form-INITIAL_FORMS": "x"}, {"form-TOTAL_FORMS": "1"}):
        assert client.post(address, data).status_code == 422
    assert Holiday.objects.get().name == "Hari Kemerdekaan"
