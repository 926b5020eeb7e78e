"""The register and the audit log on screen, as CSV and as XLSX."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.chain.transitions import take
from moderation.models import AuditEntry, PublicationPermit
from moderation.records import register
from tests.support.many import multiply_item

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

REGISTER = "moderation:register"


def read_csv(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff"), "Excel takes it for Windows-1252"
    text = text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def row_of(item):
    rows = register.get_rows(register.get_items({}).filter(pk=item.pk))
    assert [row["item"] for row in rows] == [item]
    return rows[0]["cells"]


def test_the_row_exists_from_row_one_of_the_sop(office, log_in):
    item = office.issue("Posyandu Desa Pendem")
    cells = row_of(item)
    assert list(cells) == list(register.COLUMNS)
    assert cells["register_number"] == item.register_number
    assert cells["state"] == "Disposisi dibuat"
    assert cells["origin"] == "Penyelenggaraan kegiatan: Kerja bakti"
    assert cells["activity"] == "9 September 2026, Desa Buntar"
    assert cells["form"] == "hardcopy"
    for empty in ("composer", "classification", "channels", "verified", "order", "published", "web_link"):
        assert cells[empty] == ""
    assert item.register_number in log_in(office.pemantau).get(reverse(REGISTER)).content.decode()


def test_every_step_fills_its_columns(office):
    item = office.bring_to("live")
    permit = PublicationPermit.objects.get(disposition=item)
    cells = row_of(item)
    assert cells["composer"] == "staf1"
    assert cells["classification"] == "Informasi berkala"
    assert cells["channels"] == "Website; tanpa Konsol (contoh): Cukup di website."
    assert cells["verified"].startswith("bidang, ")
    assert cells["order"].startswith(permit.number)
    assert cells["published"].endswith("WIB")
    assert "/berita/" in cells["web_link"]
    assert cells["state"] == "Selesai"


def test_a_return_voids_verification_and_order(office):
    item = office.bring_to("ordered")
    take(item, "return_to_correction", office.sekretaris, {"comment": "Judul keliru."})
    cells = row_of(item)
    assert (cells["verified"], cells["order"], cells["channels"]) == ("", "", "")


def test_what_ended_early_stays_with_its_reason(office, log_in):
    cancelled, live = office.issue("Kegiatan yang urung"), office.bring_to("live")
    take(cancelled, "cancel", office.ppid, {"comment": "Ditunda oleh penyelenggara."})
    take(live, "take_down", office.sekretaris, {"comment": "Foto tanpa persetujuan."})
    page = log_in(office.pemantau).get(reverse(REGISTER)).content.decode()
    assert "Dibatalkan: Ditunda oleh penyelenggara." in page
    assert "Diturunkan dari tayangan: Foto tanpa persetujuan." in page
    assert row_of(live)["web_link"] == ""


@pytest.mark.parametrize(
    "query",
    [
        {"q": "pendem"},
        {"state": "received"},
        {"origin": "narasumber"},
        {"q": "PENDEM", "state": "received", "origin": "narasumber"},
    ],
)
def test_filters_narrow_the_rows(office, log_in, query):
    wanted = office.issue("Posyandu Desa Pendem", origin="narasumber", source_person="Bidan desa")
    wanted = take(take(wanted, "forward", office.sekretaris), "receive", office.sekretariat)
    office.issue("Kerja bakti Desa Buntar")
    response = log_in(office.bidang).get(reverse(REGISTER), query)
    assert [row["item"] for row in response.context["rows"]] == [wanted]


def test_unknown_filters_are_ignored(office, log_in):
    office.issue()
    query = {"year": "dua ribu", "state": "x", "origin": "x", "classification": "x", "p": "-1"}
    response = log_in(office.bidang).get(reverse(REGISTER), query)
    assert len(response.context["rows"]) == 1


def test_year_and_classification_filter(office, log_in):
    done, new = office.bring_to("live"), office.issue()
    client = log_in(office.ppid)
    found = client.get(reverse(REGISTER), {"classification": "berkala"}).context["rows"]
    assert [row["item"] for row in found] == [done]
    found = client.get(reverse(REGISTER), {"year": new.register_year}).context["rows"]
    assert [row["item"] for row in found] == [new, done]


def test_csv_and_xlsx_hold_every_column_and_only_the_filtered_rows(office, log_in):
    wanted = office.issue("Posyandu Desa Pendem")
    office.issue("Kerja bakti Desa Buntar")
    client = log_in(office.ppid)
    (row,) = read_csv(client.get(reverse(REGISTER), {"export": "csv", "q": "pendem"}))
    assert list(row) == list(register.COLUMNS.values())
    assert row["Nomor register"] == wanted.register_number

    response = client.get(reverse(REGISTER), {"export": "xlsx", "q": "pendem"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    headings, *rows = sheet.iter_rows(values_only=True)
    assert list(headings) == list(register.COLUMNS.values())
    assert [cells[1] for cells in rows] == [wanted.register_number]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_typed_formula_is_exported_as_text(office, log_in, start):
    formula = f"{start}HYPERLINK(1)"
    office.issue(formula)
    client = log_in(office.ppid)
    (row,) = read_csv(client.get(reverse(REGISTER), {"export": "csv"}))
    assert row["Ringkasan isi informasi"] == f"'{formula}"
    response = client.get(reverse(REGISTER), {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet["E2"].data_type == "s"


def test_register_and_log_offer_nothing_to_edit(office, log_in):
    office.bring_to("live")
    for name in ("ppid", "admin"):
        client = log_in(office.people[name])
        for address in (reverse(REGISTER), reverse("moderation:audit_log")):
            page = client.get(address).content.decode()
            assert 'method="post"' not in page.split('id="main"')[-1].lower()
            assert client.post(address, {"state": "done"}).status_code == 405


def test_the_register_costs_the_same_with_ten_and_with_a_thousand_items(office, log_in):
    item = office.bring_to("awaiting_correction")
    multiply_item(item, 10)
    client = log_in(office.bidang)
    client.get(reverse(REGISTER))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(REGISTER))
    multiply_item(item, 990)
    with CaptureQueriesContext(connection) as many:
        response = client.get(reverse(REGISTER))
    assert len(many) == len(few)
    assert len(response.context["rows"]) == 25
    assert len(read_csv(client.get(reverse(REGISTER), {"export": "csv"}))) == 1001


def test_the_audit_log_is_read_by_item(office, log_in):
    first, second = office.bring_to("received"), office.issue()
    client = log_in(office.pemantau)
    entries = client.get(reverse("moderation:audit_log")).context["listing"]["page"]
    assert [entry.sequence for entry in entries] == list(
        AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True)
    )
    response = client.get(reverse("moderation:audit_log"), {"nomor": first.register_number})
    assert {entry.disposition_id for entry in response.context["listing"]["page"]} == {first.pk}
    assert second.get_absolute_url() not in response.content.decode()
