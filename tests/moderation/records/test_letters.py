"""Agenda surat masuk: rights, numbers, scans, and dispositions issued from letters."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from moderation.models import AuditEntry, Disposition, IncomingLetter
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.records import letters

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

ADD = "moderation:letter_add"
TYPED = {
    "received_date": "2026-09-02",
    "sender": "Puskesmas Mojogedang I",
    "sender_address": "Desa Mojogedang",
    "letter_date": "2026-09-01",
    "letter_number": "440/12/2026",
    "classification_code": "440",
    "summary": "Undangan posyandu terpadu",
    "attachments": "1 berkas",
    "forwarded_to": "Sekretaris",
    "remark": "Asli di map biru",
}
PDF = b"%PDF-1.4\nisi"


def make_letter(office, **changes) -> IncomingLetter:
    dates = {"received_date": date(2026, 9, 2), "letter_date": date(2026, 9, 1)}
    return letters.add(office.sekretariat, TYPED | dates | changes)


def at(name, letter) -> str:
    return reverse(f"moderation:{name}", args=[letter.pk])


def sheet(letter, **changes) -> dict:
    typed = {
        "letter": letter.pk,
        "origin": "surat_masuk",
        "subject": letter.summary,
        "priority": "biasa",
        "request": "siapkan",
        "source_note": "Map biru.",
    }
    return typed | changes


def test_sekretariat_writes_a_letter_into_the_agenda(office, log_in, settings):
    scan = SimpleUploadedFile("surat.pdf", PDF)
    response = log_in(office.sekretariat).post(reverse(ADD), TYPED | {"scan_file": scan})
    letter = IncomingLetter.objects.get()
    assert response["Location"] == letter.get_absolute_url()
    assert (letter.agenda_number, letter.agenda_year, letter.sender) == ("001", 2026, "Puskesmas Mojogedang I")
    assert letter.scan.path.startswith(str(settings.STORAGES["private"]["OPTIONS"]["location"]))
    entry = AuditEntry.objects.get(action="letter_added")
    assert (entry.role, entry.output) == ("Sekretariat", "Agenda surat masuk 001/2026")


@pytest.mark.parametrize("name", ["ppid", "sekretaris", "staf1", "bidang", "pemantau", "admin"])
def test_everybody_else_only_reads(office, log_in, name):
    letter = make_letter(office)
    client = log_in(office.people[name])
    for target in (reverse("moderation:letters"), letter.get_absolute_url()):
        page = client.get(target)
        assert page.status_code == 200
        assert reverse(ADD) not in page.content.decode()
        assert at("letter_change", letter) not in page.content.decode()
    for target in (reverse(ADD), at("letter_change", letter)):
        assert client.get(target).status_code in {302, 403}
        assert client.post(target, TYPED | {"version": 1, "sender": "Lain"}).status_code in {302, 403}
    with pytest.raises(StepRefused):
        letters.add(office.people[name], TYPED)
    letter.refresh_from_db()
    assert (IncomingLetter.objects.count(), letter.sender) == (1, "Puskesmas Mojogedang I")


def test_numbers_run_on_by_the_year_of_receipt(office):
    old = make_letter(office, received_date=date(2025, 12, 30), letter_date=date(2025, 12, 29))
    numbers = [(letter.agenda_year, letter.agenda_number) for letter in (old, make_letter(office), make_letter(office))]
    assert numbers == [(2025, "001"), (2026, "001"), (2026, "002")]


def test_a_letter_refused_leaves_neither_number_nor_file(office, log_in):
    client = log_in(office.sekretariat)
    wrong = {
        "sender": "",
        "letter_date": "2026-09-03",
        "scan_file": SimpleUploadedFile("surat.pdf", b"MZ bukan pdf"),
    }
    response = client.post(reverse(ADD), TYPED | wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Isi pengirim." in page
    assert "Tanggal surat tidak boleh setelah tanggal terima." in page
    assert "tidak sesuai dengan jenisnya" in page
    assert "440/12/2026" in page
    assert not IncomingLetter.objects.exists()
    assert make_letter(office).agenda_number == "001"


@pytest.mark.parametrize("name", ["surat.html", "surat.svg", "surat.exe", "surat.mp4"])
def test_a_scan_is_a_scan(office, log_in, name):
    content = b"\x00\x00\x00\x18ftypmp42" if name.endswith("mp4") else b"<script>alert(1)</script>"
    scan = SimpleUploadedFile(name, content)
    assert log_in(office.sekretariat).post(reverse(ADD), TYPED | {"scan_file": scan}).status_code == 422
    assert not IncomingLetter.objects.exists()


def test_the_scan_is_given_to_the_desk_alone(office, log_in, client):
    letter = letters.add(
        office.sekretariat,
        TYPED | {"received_date": date(2026, 9, 2), "letter_date": date(2026, 9, 1)},
        SimpleUploadedFile("surat.pdf", PDF),
    )
    assert client.get(at("letter_scan", letter)).status_code == 302
    response = log_in(office.pemantau).get(at("letter_scan", letter))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_correction_is_written_into_the_log(office, log_in):
    letter = make_letter(office)
    typed = TYPED | {"sender": "Puskesmas Mojogedang II", "version": 1}
    log_in(office.sekretariat).post(at("letter_change", letter), typed)
    letter.refresh_from_db()
    assert (letter.sender, letter.version, letter.agenda_number) == ("Puskesmas Mojogedang II", 2, "001")
    entry = AuditEntry.objects.get(action="letter_changed")
    assert entry.data["changes"] == {"sender": ["Puskesmas Mojogedang I", "Puskesmas Mojogedang II"]}


def test_a_stale_form_overwrites_nothing(office, log_in):
    letter = make_letter(office)
    letters.change(office.sekretariat, letter, _facts(letter, remark="Sudah dijawab"), expected_version=1)
    client = log_in(office.sekretariat)
    response = client.post(at("letter_change", letter), TYPED | {"version": 1, "sender": "Lain"})
    assert response.status_code == 409
    assert "telah diubah orang lain" in response.content.decode()
    letter.refresh_from_db()
    assert (letter.sender, letter.remark) == ("Puskesmas Mojogedang I", "Sudah dijawab")
    with pytest.raises(StepStale):
        letters.change(office.sekretariat, letter, _facts(letter), expected_version=1)
    # A forged form without its version number is stale too.
    assert client.post(at("letter_change", letter), TYPED | {"sender": "Lain"}).status_code == 409


def _facts(letter, **changes) -> dict:
    return {name: getattr(letter, name) for name in letters.FIELDS} | changes


def test_a_letter_stays_in_the_agenda_of_its_year(office, log_in):
    letter = make_letter(office)
    typed = TYPED | {"received_date": "2025-12-30", "letter_date": "2025-12-29", "version": 1}
    assert log_in(office.sekretariat).post(at("letter_change", letter), typed).status_code == 422


def test_a_disposition_takes_its_letter_from_the_agenda(office, log_in):
    letter = make_letter(office)
    client = log_in(office.ppid)
    assert f"?surat={letter.pk}" in client.get(reverse("moderation:letters")).content.decode()
    page = client.get(reverse("moderation:disposition_add"), {"surat": letter.pk}).content.decode()
    assert 'value="440/12/2026"' in page
    assert page.count(" readonly") == 5
    assert 'value="Undangan posyandu terpadu"' in page
    # Typed changes of the letter's facts are ignored.
    client.post(reverse("moderation:disposition_add"), sheet(letter, letter_number="palsu", origin="kegiatan"))
    item = Disposition.objects.get()
    assert (item.letter, item.origin) == (letter, "surat_masuk")
    assert (item.letter_sender, item.letter_number, item.agenda_number) == (
        "Puskesmas Mojogedang I",
        "440/12/2026",
        "001",
    )
    assert (item.letter_date, item.received_date) == (date(2026, 9, 1), date(2026, 9, 2))
    assert item.register_number in client.get(letter.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40, "satu", "-1", "²"])
def test_a_letter_that_is_not_there_gives_an_empty_sheet(office, log_in, number):
    client = log_in(office.ppid)
    assert client.get(reverse("moderation:disposition_add"), {"surat": number}).status_code == 200
    letter = IncomingLetter(pk=999_999, summary="Palsu")
    assert client.post(reverse("moderation:disposition_add"), sheet(letter)).status_code == 422
    assert not Disposition.objects.exists()


def test_a_letter_that_a_disposition_names_is_not_deleted(office, log_in):
    letter = make_letter(office)
    log_in(office.ppid).post(reverse("moderation:disposition_add"), sheet(letter))
    with pytest.raises(ProtectedError):
        letter.delete()
    letters.change(office.sekretariat, letter, _facts(letter, sender="Lain"), expected_version=1)
    assert Disposition.objects.get().letter_sender == "Puskesmas Mojogedang I"


def test_the_agenda_is_narrowed_and_printed(office, log_in):
    make_letter(office)
    make_letter(office, summary="Permohonan narasumber", remark="#eval(1) <b>")
    client = log_in(office.pemantau)
    assert "Undangan posyandu" not in client.get(reverse("moderation:letters"), {"q": "NARASUMBER"}).content.decode()
    content = client.get(reverse("moderation:agenda_pdf"), {"q": "narasumber", "year": 2026}).content
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    assert "AGENDA SURAT MASUK" in text
    assert "Saringan: Cari: narasumber; Tahun: 2026. Jumlah: 1 baris." in text
    assert "Permohonan narasumber" in text
    assert "#eval(1) <b>" in text
    assert "Undangan posyandu" not in text
    assert "selaku PPID Pembantu" in text
    assert "Permohonan narasumber" in client.get(reverse("moderation:agenda_paper")).content.decode()


def test_the_agenda_costs_the_same_with_few_and_many_letters(office, log_in):
    client = log_in(office.sekretariat)
    make_letter(office)
    client.get(reverse("moderation:letters"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("moderation:letters"))
    for _letter in range(12):
        make_letter(office)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("moderation:letters"))
    assert len(many) == len(few)
