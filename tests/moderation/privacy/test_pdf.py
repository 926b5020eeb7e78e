"""Text of attached PDFs: read for the check, within limits of time and memory."""

import io
import resource
import subprocess

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter

from moderation.chain.transitions import take
from moderation.ports.exceptions import StepRefused
from moderation.privacy import examine_item
from moderation.uploads import limited_process, text_extraction
from moderation.uploads.readers import pdf
from moderation.uploads.text_extraction import read_document
from news.models import Attachment
from tests.moderation.uploads.corpus.cases import read as read_here
from tests.support.pdf import draw, make_pdf, write_objects

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

NIK = "3313990101900001"
UNREAD = "Isi berkas ini tidak dapat diperiksa otomatis. Baca sendiri seluruh isinya."


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


def read(content: bytes):
    return read_document(io.BytesIO(content), "lampiran.pdf")


def attach(office, item, content: bytes):
    document = Attachment.objects.create(title="Daftar hadir", file=ContentFile(content, name="hadir.pdf"))
    page = item.get_draft()
    page.body = [("paragraph", "<p>Pembuka.</p>"), ("document", {"document": document, "title": ""})]
    page.save_revision(user=office.staf1)


def test_a_nik_inside_a_pdf_stops_the_hand_over(office):
    item = office.bring_to("composing")
    attach(office, item, make_pdf(draw("Daftar hadir"), draw(f"Peserta: NIK {NIK}")))
    with pytest.raises(StepRefused) as refusal:
        take(item, "hand_over", office.staf1, {"warnings_checked": True})
    assert NIK not in str(refusal.value)
    item.refresh_from_db()
    assert item.state == "composing"
    (found,) = examine_item(item, item.get_draft()).blocking
    assert (found.code, found.spots[0].label) == ("nik", "Dokumen “Daftar hadir”, isi berkas")


def test_words_beside_the_pages_are_read_too():
    found = read(make_pdf(draw("Daftar hadir"), info=b"/Author (Petugas NIK %s)" % NIK.encode()))
    assert NIK in found.text
    assert not found.problem


def test_a_page_without_words_is_named():
    found = read(make_pdf(draw("Daftar hadir"), b"0 0 m 9 9 l S", draw("Selesai")))
    assert "Daftar hadir" in found.text
    assert "halaman 2." in found.problem


def test_more_pages_than_are_read_is_said(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    found = read_here(make_pdf(*[draw(f"Halaman {number}") for number in (1, 2, 3)]), "lampiran.pdf")
    assert "Halaman 2" in found.text
    assert "Halaman 3" not in found.text
    assert "terlalu panjang" in found.problem


def test_an_encrypted_pdf_is_for_a_person_to_read():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf(draw(f"NIK {NIK}")))))
    writer.encrypt("rahasia", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    found = read(stream.getvalue())
    assert not found.text
    assert "terkunci kata sandi" in found.problem


def _loop() -> bytes:
    return write_objects(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>",
            4: b"<<>>",
        }
    )


def _deep() -> bytes:
    return write_objects({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"[" * 200_000, 4: b"<<>>"})


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n" + b"\x00\xff" * 5000, b"%PDF-", make_pdf(draw("Daftar"))[:200], _loop(), _deep()],
    ids=["noise", "header only", "cut off", "loop", "deep"],
)
def test_a_broken_pdf_is_for_a_person_to_read(content):
    assert read(content).problem in {UNREAD, text_extraction._EMPTY}


def test_a_reader_that_waits_is_ended(tmp_path):
    script = tmp_path / "reader.py"
    script.write_text("import time\ntime.sleep(90)\n")
    with pytest.raises(subprocess.TimeoutExpired):
        limited_process.run(script, content=b"", seconds=1)


def measure_children() -> float:
    """Return the processor seconds of the processes that have ended: a busy machine takes longer by the clock."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.mark.parametrize(
    ("repeated", "packed"),
    # A million and more operators a page, in a few kilobytes; 300 MB of them, packed twice.
    [(1_500_000, 1), (8_000_000, 2)],
    ids=["long", "bomb"],
)
def test_a_bomb_is_answered_within_bounds_and_what_came_before_it_counts(repeated, packed, monkeypatch):
    content = make_pdf(draw(f"NIK {NIK}"), draw("a") * repeated, packed=packed)
    monkeypatch.setattr(text_extraction, "SECONDS", 2)
    # Two seconds of the processor, not of the clock: a busy machine gives fewer.
    run = limited_process.run
    monkeypatch.setattr(limited_process, "run", lambda *given, **more: run(*given, **more | {"seconds": 60}))
    assert len(content) < 400_000
    before, spent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, measure_children()
    found = read(content)
    assert measure_children() - spent < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert found.problem == UNREAD
    assert NIK in found.text
