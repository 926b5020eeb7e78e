"""The line that says whether the office is open."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from home.layout.opening import describe, list_moments, read_hours
from home.models import OfficeSettings
from moderation.models import Holiday
from moderation.sop.worktime import parse_spans

WIB = ZoneInfo("Asia/Jakarta")
HOURS = "Senin–Kamis pukul 08.00–15.30 WIB\nJumat: 08.00–11.30 dan 13.00–15.00"


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Senin–Rabu pukul 08.00–15.30 WIB", {0: "08.00-15.30", 1: "08.00-15.30", 2: "08.00-15.30"}),
        ("Jum'at: 08:00 - 11:30 dan 13.00-15.00", {4: "08.00-11.30, 13.00-15.00"}),
        (
            "senin s.d. selasa jam 07.30 s/d 16.00\nSabtu, Minggu: tutup",
            dict.fromkeys((0, 1), "07.30-16.00") | {5: "", 6: ""},
        ),
        ("Sabtu sampai Minggu 09.00 sampai 12.00", {5: "09.00-12.00", 6: "09.00-12.00"}),
        ("Sabtu–Senin 09.00–12.00", {5: "09.00-12.00", 6: "09.00-12.00", 0: "09.00-12.00"}),
        ("Senin 08.00–12.00\nSenin 13.00–15.00", {0: "08.00-12.00, 13.00-15.00"}),
    ],
)
def test_hours_are_read_as_offices_write_them(text, expected):
    assert read_hours(text) == {day: parse_spans(spans) for day, spans in expected.items()}


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    "text",
    [
        "",
        "Senin–Jumat",
        "Setiap hari kerja 08.00–15.00",
        "Senin–Kamis 08.00–15.30 WIB (istirahat 12.00–13.00)",
        "Senin–Kamis 08.00–15.30\nJumat menyesuaikan",
        "Senin 16.00–08.00",
        "Senin 08.00–12.00\nSenin 11.00–15.00",
        "Senin–Kemis 08.00–25.00",
        "Minggu: tutup",
    ],
)
def test_what_is_not_understood_whole_says_nothing(text):
    assert read_hours(text) is None
    assert list_moments(text, date(2026, 12, 2)) == []


@pytest.mark.parametrize(
    ("moment", "is_open", "sentence"),
    [
        ("2026-12-02 07.00", False, "Hari ini buka pukul 08.00–15.30 WIB"),
        ("2026-12-02 08.00", True, "Buka hari ini sampai pukul 15.30 WIB"),
        ("2026-12-02 15.30", False, "Sudah tutup. Buka lagi besok pukul 08.00 WIB"),
        ("2026-12-04 09.00", True, "Buka hari ini sampai pukul 11.30, lalu pukul 13.00–15.00 WIB"),
        ("2026-12-04 12.00", False, "Sedang istirahat, buka lagi pukul 13.00 WIB"),
        ("2026-12-05 10.00", False, "Hari ini tutup. Buka lagi Senin, 7 Desember pukul 08.00 WIB"),
        ("2026-12-24 09.00", False, "Tutup: cuti bersama Natal. Buka lagi Senin, 28 Desember pukul 08.00 WIB"),
        ("2026-12-25 09.00", False, "Tutup: Hari Raya Natal. Buka lagi Senin, 28 Desember pukul 08.00 WIB"),
    ],
)
def test_the_sentence_follows_clock_weekday_and_days_off(db, moment, is_open, sentence):
    Holiday.objects.create(date=date(2026, 12, 24), name="Natal", is_joint_leave=True)
    Holiday.objects.create(date=date(2026, 12, 25), name="Hari Raya Natal")
    said = describe(HOURS, datetime.strptime(moment, "%Y-%m-%d %H.%M").replace(tzinfo=WIB))
    assert (said.is_open, said.sentence) == (is_open, sentence)


def test_the_front_page_says_it_and_leaves_it_out_where_the_hours_do_not_tell(db, client):
    for hours, count in ((HOURS, 1), ("Menyesuaikan", 0), ("", 0)):
        OfficeSettings.objects.update(hours=hours)
        assert client.get("/").content.decode().count('<p class="opening') == count
