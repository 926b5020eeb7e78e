"""The report for PPID Utama: figures of real steps in exactly the period, without unpublished content."""

import csv
import io
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from home.demo.clock import clock_at
from moderation.chain.transitions import take
from moderation.models import AuditEntry
from moderation.records import ppid_report
from moderation.records import public_information as dip
from moderation.records.papers import ppid_report as paper
from moderation.records.papers.document import PaperTooLarge
from moderation.records.papers.listing import MAX_ROWS
from moderation.records.papers.ppid_report import EMPTY, RUNNING
from news.models import NewsPage
from tests.support.factories import make_user, verdict

from .test_public_information import fill

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

URGENT_TEXT = dict.fromkeys(NewsPage.URGENT_FIELDS, "Warga mengungsi ke balai desa.")
WIB = ZoneInfo("Asia/Jakarta")
OCTOBER = {"tahun": "2026", "bulan": "10"}
WHY = {"comment": "Tidak sesuai."}
ADDRESSES = ("moderation:ppid_report", "moderation:ppid_report_pdf")


def at(month, day, hour=9, minute=0):
    return clock_at(datetime(2026, month, day, hour, minute, tzinfo=WIB))


def read(client, query=OCTOBER):
    return client.get(reverse("moderation:ppid_report"), query).content.decode()


@pytest.fixture
def busy_october(office):
    """One item of each outcome in October; in November a ralat changes the class of the first."""
    with at(10, 5):
        item = office.bring_to("live", office.issue("Panen raya"))
        row = dip.save(office.bidang, fill(), [item.pk])
        dip.save(office.bidang, fill(summary="Berita panen raya."), [item.pk], row)
        gone = office.bring_to("composing", office.issue("Foto keliru"))
        office.write(gone, **URGENT_TEXT)
        gone = office.bring_to("awaiting_verification", gone)
        gone = take(gone, "verify", office.bidang, verdict() | {"classification": "serta_merta"})
        gone = office.bring_to("ordered", gone)
        office.bring_to("exempted", office.issue("Riwayat kesehatan Pak Lurah"))
        take(office.issue("Rapat batal"), "recall", office.ppid, WHY)
        back = office.bring_to(
            "awaiting_verification", office.issue("Pasar murah", origin="narasumber", source_person="Camat")
        )
    with at(10, 6):
        take(office.bring_to("live", gone), "take_down", office.sekretaris, WHY)
        take(back, "return_to_sekretaris", office.bidang, WHY)
        dip.withdraw(office.bidang, row, "Digabung.")
    with at(11, 3):
        again = office.bring_to("awaiting_verification", office.open_ralat(item))
        again = take(again, "verify", office.bidang, verdict() | {"classification": "setiap_saat"})
        office.bring_to("live", again)
    return item


def test_the_figures_are_those_of_the_steps(busy_october, office, log_in):
    item = busy_october
    report = ppid_report.build(2026, 10)
    assert report.counts == {
        "Materi ditayangkan": 2,
        "Di antaranya informasi serta merta": 1,
        "Ralat ditayangkan": 0,
        "Disposisi diterbitkan": 5,
        "Materi dikembalikan": 1,
        "Berita diturunkan": 1,
        "Disposisi dibatalkan": 1,
        "Materi ditetapkan dikecualikan (tidak ditayangkan)": 1,
    }
    # As Bidang classified what went live then, whatever a later ralat says.
    assert [count for _label, count in report.classes] == [1, 1, 0, 1]
    assert {label: counts for label, *counts in report.origins}["Penyelenggaraan kegiatan"] == [4, 2]
    assert {label: counts for label, *counts in report.origins}["Narasumber informasi"] == [1, 0]
    assert [found.what for found in report.list_changes] == list(dip.AUDIT_LABELS.values())
    waits = {(found.step, found.lane): (found.count, found.median) for found in report.waits}
    # The recalled one left the queue of the Sekretaris too; a day on the fast lane is a whole day.
    assert waits["Penerusan disposisi", "Biasa"] == (4, 0)
    assert waits["Penayangan", "Biasa"] == (1, 0)
    assert waits["Penayangan", "Jalur cepat"] == (1, 24 * 60)
    november = ppid_report.build(2026, 11)
    assert {label for label, count in november.counts.items() if count} == {"Ralat ditayangkan"}
    assert ppid_report.build(2026, None).counts["Ralat ditayangkan"] == 1

    client = log_in(office.pemantau)
    page = item.get_page()
    shown = read(client)
    assert "Oktober 2026" in shown
    assert f'href="{page.full_url}"' in shown
    assert "Panen raya" in shown
    assert "5 Oktober 2026" in shown
    assert 'class="signature"' in shown
    # What is exempt is counted, what is public no longer is listed by its number: neither is named.
    assert "Riwayat kesehatan" not in shown
    assert "Foto keliru" not in shown
    assert ppid_report.NOT_SHOWN in shown

    response = client.get(reverse("moderation:ppid_report_pdf"), OCTOBER)
    assert response["Content-Disposition"].endswith('"laporan-pengelolaan-informasi-publik-Oktober-2026.pdf"')
    words = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(response.content)).pages)
    assert "Panen raya" in words
    assert "Riwayat kesehatan" not in words

    response = client.get(reverse("moderation:ppid_report"), {**OCTOBER, "export": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="laporan-informasi-publik-2026-10.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert {row["Uraian"]: row["Jumlah"] for row in rows if row["Bagian"] == "Jumlah"} == {
        label: str(count) for label, count in report.counts.items()
    }
    listed = [row for row in rows if row["Bagian"] == "Informasi yang tayang"]
    assert [row["Uraian"] for row in listed] == [page.title, ppid_report.NOT_SHOWN]
    assert (listed[0]["Tanggal"], listed[0]["Tautan"]) == ("2026-10-05", page.full_url)
    response = client.get(reverse("moderation:ppid_report"), {**OCTOBER, "export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert (sheet["B3"].value, sheet["C3"].value) == ("Materi ditayangkan", 2)
    assert sheet.max_row == len(rows) + 1


def test_a_month_begins_and_ends_at_midnight_in_the_office(office):
    first, second = office.bring_to("ordered"), office.bring_to("ordered")
    with at(10, 31, 23, 30):
        take(first, "publish", office.staf1)
    with at(11, 1, 0, 30):  # in Greenwich it is still October
        take(second, "publish", office.staf1)
    october, november = ppid_report.build(2026, 10), ppid_report.build(2026, 11)
    assert [found.register_number for found in october.published] == [first.register_number]
    assert [found.register_number for found in november.published] == [second.register_number]
    assert [(row["cells"]["day"]) for row in ppid_report.get_rows(november) if row["cells"]["link"]] == ["2026-11-01"]


def test_an_empty_period_says_so_and_the_running_one_that_it_runs(office, log_in):
    client = log_in(office.sekretaris)
    with at(11, 2):
        october, november = read(client), read(client, {"tahun": "2026", "bulan": "11"})
    assert EMPTY in october
    assert RUNNING not in october
    assert RUNNING in november


@pytest.mark.parametrize(
    "query", [{"tahun": "x", "bulan": "13"}, {"tahun": "1066"}, {"bulan": "\x00"}, {"export": "pdf"}]
)
def test_nonsense_shows_this_year(office, log_in, query):
    with at(10, 5):
        shown = read(log_in(office.bidang), query)
    assert "Tahun 2026" in shown
    assert 'href="/admin/cetak/laporan/pdf/?tahun=2026"' in shown


def test_nobody_but_the_desk_reads_it_and_it_is_only_read(office, client):
    for query in (OCTOBER, {**OCTOBER, "export": "csv"}):
        for name in ADDRESSES:
            client.logout()
            assert client.get(reverse(name), query)["Location"].startswith(reverse("wagtailadmin_login"))
            client.force_login(make_user("tamu"))
            assert client.get(reverse(name), query).status_code in {302, 403}
            client.force_login(office.bidang)
            assert client.post(reverse(name), query).status_code == 405
    assert not AuditEntry.objects.exists()


def test_the_screen_leads_to_the_report_of_its_period(office, log_in):
    shown = log_in(office.pemantau).get(reverse("moderation:report"), OCTOBER).content.decode()
    for name, more in (*((name, "") for name in ADDRESSES), (ADDRESSES[0], "&amp;export=xlsx")):
        assert f'href="{reverse(name)}?tahun=2026&amp;bulan=10{more}"' in shown


def test_too_long_a_list_is_not_printed_and_the_message_says_what_to_do(office):
    change = ppid_report.ListChange(datetime(2026, 10, 5, tzinfo=WIB), "Baris DIP diubah", "DIP nomor 1: Profil")
    report = replace(ppid_report.build(2026, 10), list_changes=[change] * (MAX_ROWS + 1))
    with pytest.raises(PaperTooLarge, match="Pilih satu bulan"):
        paper.build(report)


def test_it_costs_the_same_for_one_item_and_for_several(office, log_in):
    client = log_in(office.pemantau)
    with at(10, 5):
        office.bring_to("live")
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    with at(10, 5):
        for _number in range(2):
            item = office.bring_to("live")
            dip.save(office.bidang, fill(), [item.pk])
    with CaptureQueriesContext(connection) as many:
        read(client)
    assert len(many) == len(few) <= 25
