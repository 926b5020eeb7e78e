"""Row 1 through its screen: the disposition sheet, its rules, its files, its number."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain import dispositions
from moderation.models import AuditEntry, Disposition, Notification, PendingUpload, RegisterYear, SourceMaterial
from moderation.records import pending_uploads
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

SHEET = {
    "origin": "surat_masuk",
    "priority": "biasa",
    "subject": "Panen padi Kelompok Tani Desa Sewurejo",
    "letter_sender": "Pemerintah Desa Sewurejo",
    "letter_number": "005/12",
    "letter_date": "2026-09-01",
    "request": "siapkan",
    "instructions": "Lengkapi dengan foto.",
    "source_note": "Map hijau di meja Subbagian Umum.",
}


def pdf(name="undangan.pdf", content=b"%PDF-1.4 isi"):
    return SimpleUploadedFile(name, content)


def send(client, **changes):
    return client.post(reverse("moderation:disposition_add"), SHEET | changes)


def test_the_ppid_issues_a_disposition(office, log_in):
    response = send(log_in(office.ppid), files=[pdf(), pdf("daftar hadir.pdf")])

    item = Disposition.objects.get()
    assert response.status_code == 302
    assert response.url == item.get_absolute_url()
    assert (item.state, item.version, item.register_sequence) == ("disposed", 1, 1)
    assert item.register_number == f"001/487.22/{_roman_month()}/{timezone.localdate().year}"
    assert [material.name for material in item.materials.all()] == ["undangan.pdf", "daftar hadir.pdf"]
    entry = AuditEntry.objects.get(disposition_id=item.pk)
    assert (entry.row, entry.action, entry.role, entry.output) == (1, "issue", "PPID Pembantu", "Lembar disposisi")
    assert set(Notification.objects.values_list("recipient__username", flat=True)) == {"sekretaris", "sekretaris2"}


def _roman_month():
    from moderation.sop.numbering import ROMAN_MONTHS

    return ROMAN_MONTHS[timezone.localdate().month - 1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"letter_sender": ""}, "Isi surat dari."),
        ({"letter_number": ""}, "Isi nomor surat."),
        ({"letter_date": ""}, "Isi tanggal surat."),
        ({"origin": "kegiatan"}, "Isi nama kegiatan."),
        ({"origin": "narasumber"}, "Isi narasumber."),
        ({"origin": ""}, "Pilih asal disposisi."),
        ({"origin": "rapat"}, "rapat"),
        ({"subject": ""}, "Isi perihal."),
        ({"priority": "rahasia"}, "Materi bersifat rahasia tidak dapat dipublikasikan."),
        ({"source_note": ""}, "Unggah sedikitnya satu berkas bahan, atau tulis letak bahan hardcopy."),
        ({"letter_date": "2999-01-01"}, "Tanggal ini belum tiba."),
    ],
)
def test_an_incomplete_sheet_is_refused_and_nothing_typed_is_lost(office, log_in, changes, words):
    response = send(log_in(office.ppid), **changes, instructions="Ketikan yang panjang.")

    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert "Ketikan yang panjang." in page
    assert not Disposition.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not RegisterYear.objects.filter(last_sequence__gt=0).exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (pdf("program.exe", b"MZ"), "tidak dapat diunggah"),
        (pdf("halaman.html", b"<script>"), "tidak dapat diunggah"),
        (pdf("undangan.pdf", b"MZ bukan pdf"), "tidak sesuai dengan jenisnya"),
        (pdf("foto.jpg", b"%PDF-1.4"), "tidak sesuai dengan jenisnya"),
        (pdf("catatan.txt", b"a\x00b"), "tidak sesuai dengan jenisnya"),
        (pdf("kosong.pdf", b""), "kosong"),
        (pdf("besar.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024)), "terlalu besar"),
    ],
)
def test_a_file_of_the_wrong_kind_is_refused_by_name(office, log_in, file, words):
    file.seek(0)
    response = send(log_in(office.ppid), files=[file])

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Disposition.objects.exists()
    assert not SourceMaterial.objects.exists()
    assert not PendingUpload.objects.exists()


def read_kept(response) -> list[int]:
    return [int(key) for key in re.findall(r'name="kept" value="(\d+)"', response.content.decode())]


def list_files(settings) -> list[str]:
    folder = Path(settings.STORAGES["private"]["OPTIONS"]["location"])
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_refused_sheet_keeps_its_files_and_the_next_try_takes_them(office, log_in, settings):
    client = log_in(office.ppid)
    # Larger than what Django keeps in memory: such a file is moved, not copied.
    large = pdf("daftar hadir.pdf", b"%PDF-1.4" + b"0" * 3_000_000)
    first = send(client, subject="", source_note="", files=[pdf(), large, pdf("program.exe", b"MZ")])
    assert first.status_code == 422
    assert len(read_kept(first)) == 2
    assert "“program.exe” tidak dapat diunggah" in first.content.decode()

    # Refused in the middle of the step: the second button wants another role.
    second = send(client, source_note="", forward="1", kept=read_kept(first), files=[pdf("notula.pdf")])
    assert second.status_code == 422
    kept = read_kept(second)
    assert len(kept) == 3

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert send(client, source_note="", kept=kept, dropped=kept[:1]).status_code == 302

    item = Disposition.objects.get()
    assert [material.name for material in item.materials.order_by("pk")] == ["daftar hadir.pdf", "notula.pdf"]
    assert item.materials.first().file.read() == b"%PDF-1.4" + b"0" * 3_000_000
    assert AuditEntry.objects.get(action="issue").data["materials"] == ["daftar hadir.pdf", "notula.pdf"]
    assert not PendingUpload.objects.exists()
    assert list_files(settings) == ["daftar_hadir.pdf", "notula.pdf"]
    # The same form a second time, and a file that was never one.
    again = send(client, source_note="", kept=[*kept, 10**17])
    assert again.status_code == 422
    assert dispositions.GONE in again.content.decode()
    assert Disposition.objects.count() == 1


def test_kept_files_are_their_persons_alone_and_count_as_files(office, log_in):
    kept = read_kept(send(log_in(office.ppid), subject="", files=[pdf() for _ in range(15)]))
    other = log_in(make_user("ppid2", sop.Role.PPID_PEMBANTU))

    stolen = send(other, source_note="", kept=kept)
    assert (stolen.status_code, read_kept(stolen)) == (422, [])
    assert send(other, kept=[], dropped=kept).status_code == 302
    assert PendingUpload.objects.count() == 15
    client = log_in(office.ppid)
    many = send(client, kept=kept, files=[pdf() for _ in range(6)])
    assert "Paling banyak 20 berkas" in many.content.decode()
    assert len(read_kept(many)) == 21
    assert Disposition.objects.count() == 1


def test_what_nobody_sends_is_deleted_after_a_day_and_by_newer_files(office, log_in, settings):
    user = office.ppid
    (old, new), _refused = pending_uploads.keep(user, [pdf("lama.pdf"), pdf("baru.pdf")])
    PendingUpload.objects.filter(pk=old.pk).update(added_at=timezone.now() - pending_uploads.KEPT_FOR)

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert pending_uploads.delete_expired() == 1
    assert list_files(settings) == ["baru.pdf"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        pending_uploads.keep(user, [pdf(f"{number}.pdf") for number in range(pending_uploads.MOST)])
    assert not pending_uploads.find(user, {new.pk})
    assert len(list_files(settings)) == PendingUpload.objects.count() == pending_uploads.MOST


def test_a_file_stands_in_for_the_note(office, log_in):
    send(log_in(office.ppid), source_note="", files=[pdf()])

    assert Disposition.objects.get().materials.count() == 1


def test_only_the_ppid_gets_the_sheet(office, log_in):
    for name in ("sekretaris", "sekretariat", "staf1", "bidang", "pemantau", "admin"):
        client = log_in(office.people[name])
        assert client.get(reverse("moderation:disposition_add")).status_code == 302
        assert send(client).status_code == 302
        assert "Buat disposisi" not in client.get(reverse("moderation:disposition_list")).content.decode()
    assert not Disposition.objects.exists()


def test_who_holds_both_roles_takes_two_rows_with_one_click(office, log_in):
    both = make_user("rangkap", sop.Role.PPID_PEMBANTU, sop.Role.SEKRETARIS)
    client = log_in(both)
    assert "Terbitkan dan teruskan ke Sekretariat" in client.get(reverse("moderation:disposition_add")).content.decode()

    send(client, forward="1", files=[pdf()])

    item = Disposition.objects.get()
    assert item.state == "forwarded"
    lines = AuditEntry.objects.filter(disposition_id=item.pk).values_list("row", "action", "role")
    assert list(lines) == [(1, "issue", "PPID Pembantu"), (2, "forward", "Sekretaris")]


def test_the_second_button_is_refused_to_who_holds_one_role(office, log_in):
    client = log_in(office.ppid)
    assert "Terbitkan dan teruskan" not in client.get(reverse("moderation:disposition_add")).content.decode()

    response = send(client, forward="1", files=[pdf()])

    assert response.status_code == 422
    assert "Langkah ini hanya dapat dilakukan oleh Sekretaris." in response.content.decode()
    assert not Disposition.objects.exists()
    assert not SourceMaterial.objects.exists()


def test_a_number_format_that_repeats_itself_is_refused(office, log_in):
    from moderation.models import OfficeProcedure

    procedure = OfficeProcedure.load()
    procedure.number_template = "{kode}/{tahun}"
    procedure.save()
    client = log_in(office.ppid)
    send(client)
    response = send(client)

    assert response.status_code == 422
    assert "sudah dipakai" in response.content.decode()
    assert Disposition.objects.count() == 1


def test_the_list_finds_by_subject_and_number(office, log_in):
    first, second = office.issue("Posyandu Desa Pendem"), office.issue("Kerja bakti Desa Buntar")
    client = log_in(office.pemantau)

    page = client.get(reverse("moderation:disposition_list"), {"q": "posyandu"}).content.decode()
    assert first.subject in page
    assert second.subject not in page
    page = client.get(reverse("moderation:disposition_list"), {"q": second.register_number}).content.decode()
    assert first.subject not in page
    assert second.subject in page
