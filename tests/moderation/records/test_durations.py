"""The report's waiting times, derived from the log, equal those counted by hand."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.demo.clock import clock_at
from moderation.chain import deadlines
from moderation.chain.transitions import take
from moderation.models import Disposition, Holiday, WorkTime
from moderation.records import durations
from tests.support.factories import verdict

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")
REPORT = "moderation:report"


def at(day, clock, month=11):
    """Return a time in 2026; 23 November is a Monday."""
    hour, minute = map(int, clock.split("."))
    return datetime(2026, month, day, hour, minute, tzinfo=WIB)


@pytest.fixture
def item(office):
    """An item whose every step was taken at a known time, with one return by Bidang."""
    with clock_at(at(23, "08.00")):
        item = office.issue()
    for moment, state in (
        (at(23, "08.20"), "forwarded"),
        (at(23, "08.30"), "received"),
        (at(23, "11.50"), "assigned"),
        (at(23, "13.10"), "composing"),  # opening the draft is no step of its own
        (at(24, "09.00"), "awaiting_correction"),
        (at(24, "09.45"), "awaiting_verification"),
    ):
        with clock_at(moment):
            item = office.bring_to(state, item)
    with clock_at(at(24, "15.30")):
        item = take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka tidak cocok."})
    for moment, action, user, data in (
        (at(25, "08.00"), "declare_corrected", office.sekretaris, {}),
        (at(25, "08.05"), "verify", office.bidang, verdict()),
        (at(25, "08.35"), "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."}),
        (at(1, "07.40", month=12), "publish", office.staf1, {}),
    ):
        with clock_at(moment):
            item = take(item, action, user, data)
    return item


#: Counted by hand, in working minutes (07.30-12.00 and 13.00-16.00; Friday 07.30-11.30 and 13.00-16.30).
MINUTES = [
    ("forwarding", 20),
    ("receipt", 10),
    ("assignment", 200),
    ("composition", 10 + 180 + 90),
    ("correction", 45),
    ("verification", 135 + 150),
    ("rework", 30 + 30),
    ("verification", 5),
    ("publication_order", 30),
    ("publication", (205 + 180) + 450 + 450 + 450 + 10),
]


def find(month=None):
    return durations.find_stays(*durations.get_period(2026, month), deadlines.load_office())


def test_the_log_tells_how_long_each_step_waited(item):
    assert [(stay.key, round(stay.minutes)) for stay in find()] == MINUTES
    assert [stay.key for stay in find() if stay.was_returned] == ["verification"]

    # A stay belongs to the month in which it ended.
    assert [stay.key for stay in find(12)] == ["publication"]
    assert [stay.key for stay in find(11)] == [key for key, _minutes in MINUTES[:-1]]
    assert find(10) == []
    december, november = durations.group_by_month(find()).values()
    assert (len(december), len(november)) == (1, 9)

    summary = {found.key: found for found in durations.summarise(find())}["verification"]
    assert (summary.count, summary.median, summary.returns) == (2, 145, 1)
    assert (summary.median_words, summary.slowest_words) == ("2 jam 25 menit", "4 jam 45 menit")
    assert summary.slowest.disposition_id == item.pk


@pytest.mark.db_agnostic
def test_the_clock_of_the_lane_counts_and_a_holiday_entered_later_corrects_the_past(item):
    Disposition.objects.filter(pk=item.pk).update(is_urgent=True)
    assert {stay.key: round(stay.minutes) for stay in find()}["assignment"] == 200
    assert {stay.key: round(stay.minutes) for stay in find()}["rework"] == 16 * 60 + 30
    WorkTime.objects.update(urgent_runs_always=False)
    assert {stay.key: round(stay.minutes) for stay in find()}["rework"] == 60
    Holiday.objects.create(date=date(2026, 11, 24), name="Hari libur")
    minutes = {stay.key: round(stay.minutes) for stay in find()}
    assert minutes["composition"] == 190
    assert minutes["correction"] == 0


@pytest.mark.db_agnostic
def test_another_staf_begins_a_stay_of_their_own_and_a_scheduled_item_waits_for_nobody(office):
    with clock_at(at(23, "08.00")):
        item = office.bring_to("assigned")
    with clock_at(at(23, "09.00")):
        item = take(item, "reassign", office.sekretariat, {"staf": office.staf2.pk, "comment": "Cuti."})
    with clock_at(at(23, "09.30")):
        item = take(item, "reassign", office.sekretariat, {"staf": office.staf1.pk, "comment": "Kembali."})
        item = office.bring_to("ordered", item, go_live_at="2026-11-30T10:00")
    with clock_at(at(23, "09.40")):
        take(item, "schedule", office.staf1)
    stays = [(stay.key, round(stay.minutes)) for stay in find()]
    assert [minutes for key, minutes in stays if key == "composition"] == [60, 30, 0]
    assert [minutes for key, minutes in stays if key == "publication"] == [10]


@pytest.mark.db_agnostic
def test_the_report_says_what_is_measured_and_counts(item, office, log_in):
    response = log_in(office.pemantau).get(reverse(REPORT), {"tahun": "2026"})
    page = response.content.decode()
    assert "bukan lama mengerjakannya" in page
    assert "Hanya jam kerja yang dihitung" in page
    assert "4 jam 45 menit" in page
    assert item.get_absolute_url() in page
    assert "Desember 2026" in page
    assert dict(response.context["events"]) == {
        "Disposisi diterbitkan": 1,
        "Materi diverifikasi": 1,
        "Materi dikembalikan": 1,
        "Materi ditayangkan": 1,
        "Disposisi dibatalkan": 0,
        "Berita diturunkan": 0,
    }
    assert "ketentuan SOP" not in page, "no target is shown while targets are off"
    WorkTime.objects.update(targets_on=True)
    page = log_in(office.pemantau).get(reverse(REPORT), {"tahun": "2026", "bulan": "11"}).content.decode()
    assert "target internal, bukan ketentuan SOP" in page
    assert "November 2026" in page


@pytest.mark.db_agnostic
def test_the_report_as_csv_and_xlsx(item, office, log_in):
    client = log_in(office.bidang)
    response = client.get(reverse(REPORT), {"tahun": "2026", "export": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="laporan-waktu-2026.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    row = next(row for row in rows if row["Langkah"] == "Verifikasi")
    assert row == {
        "Bulan": "2026-11",
        "Langkah": "Verifikasi",
        "Jalur": "Biasa",
        "Jumlah": "2",
        "Median (menit)": "145",
        "Median": "2 jam 25 menit",
        "Terlama (menit)": "285",
        "Terlama": "4 jam 45 menit",
        "Nomor register terlama": item.register_number,
        "Dikembalikan": "1",
    }
    response = client.get(reverse(REPORT), {"tahun": "2026", "bulan": "11", "export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet.max_row == 9
    assert isinstance(sheet["E2"].value, int)


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    "query", [{"tahun": "x", "bulan": "13"}, {"tahun": "1066"}, {"bulan": "\x00", "jalur": "lain"}, {"export": "pdf"}]
)
def test_odd_periods_show_this_year(office, log_in, query):
    response = log_in(office.pemantau).get(reverse(REPORT), query)
    assert response.status_code == 200
    assert "Tidak ada langkah yang selesai" in response.content.decode()


@pytest.mark.db_agnostic
def test_the_report_costs_the_same_for_one_item_and_for_several(item, office, log_in):
    client = log_in(office.pemantau)
    client.get(reverse(REPORT), {"tahun": "2026"})
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(REPORT), {"tahun": "2026"})
    for _number in range(5):
        with clock_at(at(23, "08.00")):
            other = office.issue()
        with clock_at(at(24, "08.00")):
            office.bring_to("awaiting_verification", other)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(REPORT), {"tahun": "2026"})
    assert len(many) == len(few) <= 20
