"""The writing in pictures: read by the worker with the distribution's tesseract, and named while it is not."""

import io

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image, ImageDraw, ImageFont

from kecamatan_site.health.checks.machine import look_at_picture_reader
from moderation.evidence.own_contacts import get_allowed
from moderation.models import PictureReading
from moderation.privacy import examine_item, pictures
from moderation.privacy.sheet import build_sheet
from moderation.uploads import picture_text
from news.models import Attachment, Photo
from tests.moderation.uploads.tesseract import find_tesseract

pytestmark = [pytest.mark.django_db, pytest.mark.tesseract]

NIK = "3313150101800001"
LETTER = (
    "PEMERINTAH KABUPATEN KARANGANYAR\nSURAT KETERANGAN DOMISILI\nYang bertanda tangan di bawah ini menerangkan:\n"
    f"Nama: Sukinem\nNIK: {NIK}\nAlamat: Dusun Karanglo, Desa Sewurejo"
)
PLACE = "Dokumen “Surat”, tulisan di dalam gambar, dibaca otomatis"


@pytest.fixture(autouse=True)
def _reader(settings):
    assert find_tesseract(), "tests.run installs tesseract-ocr and tesseract-ocr-ind"
    settings.PICTURE_READER = "tesseract"
    cache.clear()


def draw(words: str, kind: str, turn: int = 0) -> bytes:
    """A letter as it comes from a scanner or a telephone."""
    paper = Image.new("L", (1240, 600), "white")
    ImageDraw.Draw(paper).multiline_text((60, 60), words, font=ImageFont.load_default(36), fill=20)
    stream = io.BytesIO()
    paper.rotate(turn, expand=True).save(stream, kind)
    return stream.getvalue()


def attach(office, content: bytes, name="surat.pdf"):
    item = office.bring_to("composing")
    document = Attachment.objects.create(title="Surat", file=ContentFile(content, name=name))
    page = item.get_draft()
    page.body = [("paragraph", "<p>Pembuka.</p>"), ("document", {"document": document, "title": ""})]
    page.save_revision(user=office.staf1)
    return item, document


def examine(item):
    return examine_item(item, item.get_draft())


def read_all() -> None:
    while pictures.read_next():
        pass


@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_scan_is_read_whichever_way_it_lies(turn):
    read = picture_text.read_pictures(io.BytesIO(draw(LETTER, "PNG", turn)))
    assert NIK in read.text
    assert read.is_whole


def test_a_scan_is_named_until_the_worker_has_read_it_and_then_stops_the_item(office):
    item, _document = attach(office, draw(LETTER, "PDF"))
    before = examine(item)
    assert not before.blocking
    assert any(pictures.WAITING in found.hint for found in before.warnings)
    read_all()
    after = examine(item)
    assert [(found.code, found.spots[0].label) for found in after.blocking] == [("nik", PLACE)]
    assert any(pictures.READ in found.hint for found in after.warnings)
    assert NIK not in str(PictureReading.objects.values())


def test_what_was_read_counts_for_these_bytes_alone(office):
    item, document = attach(office, draw("Undangan rapat desa", "PDF"))
    read_all()
    assert not examine(item).blocking
    document.file.storage.delete(document.file.name)
    document.file.storage.save(document.file.name, ContentFile(draw(LETTER, "PDF")))
    assert any(pictures.WAITING in found.hint for found in examine(item).warnings)


def test_a_picture_that_cannot_be_read_costs_its_own_reading_and_is_named(office):
    whole = draw(LETTER, "PNG")
    photo = Photo.objects.create(title="Papan", file=ImageFile(io.BytesIO(whole), name="papan.png"))
    photo.file.storage.delete(photo.file.name)
    photo.file.storage.save(photo.file.name, ContentFile(whole[:900]))
    item, document = attach(office, draw(LETTER, "PDF"))
    read_all()
    known = pictures.load([photo, document])
    found = pictures.add([], photo, "", known, get_allowed())
    assert [(one.code, one.severity.value) for one in found] == [("gambar_belum_dibaca", "warn")]
    assert pictures.FAILED in found[0].hint
    assert not PictureReading.objects.filter(is_due=True).exists()
    assert [one.code for one in examine(item).blocking] == ["nik"]


def test_without_tesseract_worksheet_and_doctor_say_so(office, settings):
    settings.PICTURE_READER = "no-such-program"
    item, _document = attach(office, draw(LETTER, "PDF"))
    assert not PictureReading.objects.exists()
    page = item.get_draft()
    assert "tidak dibaca" in build_sheet(item, page, None, None, []).pictures
    assert any("halaman berupa gambar" in found.hint for found in examine(item).warnings)
    assert "tesseract-ocr-ind" in look_at_picture_reader().sentence
