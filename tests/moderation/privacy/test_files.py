"""Files of a page: their text, and the camera's metadata."""

import io
import zipfile

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import ExifTags, Image

from moderation.privacy import examine_item
from news.models import Attachment, Photo

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

NIK = "3313990101900001"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


def make_docx(words: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
    return stream.getvalue()


def make_picture(exif: Image.Exif) -> ImageFile:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return ImageFile(stream, name="balai.jpg")


def attach(office, item, content: bytes, name: str):
    document = Attachment.objects.create(title="Daftar hadir", file=ContentFile(content, name=name))
    page = item.get_draft()
    page.body = [("paragraph", "<p>Pembuka.</p>"), ("document", {"document": document, "title": ""})]
    page.save_revision(user=office.staf1)
    return document


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"Nama;NIK\nContoh;{NIK}\n".encode(), "daftar.csv"),
        (make_docx(f"NIK {NIK[:6]}</w:t></w:r><w:r><w:t>{NIK[6:]}"), "daftar.docx"),
    ],
)
def test_a_nik_inside_a_document_stops_the_item(office, content, name):
    item = office.bring_to("composing")
    attach(office, item, content, name)
    check = examine_item(item, item.get_draft())
    assert [(found.code, found.spots[0].label) for found in check.blocking] == [
        ("nik", "Dokumen “Daftar hadir”, isi berkas")
    ]


def test_a_document_without_words_is_a_warning_that_says_so(office):
    item = office.bring_to("composing")
    attach(office, item, make_docx(""), "pindaian.docx")
    (warning,) = examine_item(item, item.get_draft()).warnings
    assert warning.code == "isi_berkas"
    assert "Baca sendiri seluruh isinya" in warning.hint


def test_what_the_camera_wrote_is_told_and_its_words_are_read(office):
    item = office.bring_to("composing")
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = f"Kartu NIK {NIK}"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
    page = item.get_draft()
    page.main_image = Photo.objects.create(title="Balai desa", credit="Dokumentasi", file=make_picture(exif))
    check = examine_item(item, page)
    assert [note.code for note in check.notes] == ["lokasi_foto"]
    assert [found.spots[0].label for found in check.blocking] == ["Foto “Balai desa”, keterangan di dalam berkas foto"]


def test_a_file_is_read_once_and_what_is_remembered_holds_no_value(office):
    item = office.bring_to("composing")
    document = attach(office, item, f"NIK {NIK}".encode(), "daftar.txt")
    document.get_file_hash()
    draft = item.get_draft()
    first = examine_item(item, draft, is_live=True).blocking
    document.file.storage.delete(document.file.name)
    assert examine_item(item, draft, is_live=True).blocking == first
    assert first[0].code == "nik"
    assert NIK.encode() not in b"".join(cache._cache.values())


def test_equal_notes_on_several_photos_are_shown_as_one(office):
    item = office.bring_to("composing")
    pictures = []
    for degrees in (7.0, 8.0):
        exif = Image.Exif()
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (degrees, 0.0, 0.0)
        photo = Photo.objects.create(title=f"Balai {degrees:.0f}", file=make_picture(exif))
        pictures.append({"photo": photo, "alt": "Balai", "caption": "", "credit": "Dokumentasi"})
    office.write(item, body=[("gallery", {"title": "", "pictures": pictures})])
    check = examine_item(item, item.get_draft())
    assert [note.code for note in check.notes] == ["lokasi_foto"] * 2
    assert [(one.finding.code, len(one.finding.spots)) for one in check.shown] == [("lokasi_foto", 2)]
