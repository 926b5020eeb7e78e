"""Source material comes into the library by one press of whoever writes the text, once, through the upload's forms."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from moderation.desk.library import from_materials
from moderation.models import SourceMaterial
from news.models import Attachment, Photo
from tests.support.factories import make_photo
from tests.support.pdf import make_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture
def item(office):
    """An item assigned to Staf 1 with a photo, a PDF, a damaged photo and a file that no page shows."""
    item = office.bring_to("assigned")
    with make_photo().file.open("rb") as photo:
        contents = {"tanam.jpg": photo.read()}
    contents |= {
        "daftar.pdf": make_pdf(b""),
        "rusak.jpg": contents["tanam.jpg"][:200],
        "arsip.zip": b"PK\5\6" + bytes(18),
    }
    for name, content in contents.items():
        SourceMaterial.objects.create(disposition=item, name=name, file=ContentFile(content, name=name))
    Photo.objects.all().delete()
    return item


def press(client, item) -> str:
    """Press the button; return what the next screen says."""
    return client.post(reverse("moderation:copy_materials", args=[item.pk]), follow=True).content.decode()


def test_one_press_copies_what_a_page_can_show(item, office, log_in):
    client = log_in(office.staf1)
    assert "Ambil bahan ke pustaka" in client.get(item.get_absolute_url()).content.decode()
    said = press(client, item)
    assert "2 bahan disalin ke pustaka." in said
    assert "“rusak.jpg”" in said
    photo, document = Photo.objects.get(), Attachment.objects.get()
    assert photo.title.startswith("tanam (bahan ")
    assert document.title == "daftar"
    assert photo.credit == "Kecamatan Mojogedang"
    assert photo.uploaded_by_user == document.uploaded_by_user == office.staf1


def test_a_second_press_copies_nothing_twice(item, office, log_in):
    item.materials.filter(name="rusak.jpg").delete()
    client = log_in(office.staf1)
    press(client, item)
    assert "Semua bahan sudah ada di pustaka." in press(client, item)
    assert (Photo.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["staf2", "ppid", "sekretariat", "sekretaris", "bidang", "pemantau", "admin"])
def test_nobody_else_copies(item, office, log_in, name):
    client = log_in(getattr(office, name))
    assert "Ambil bahan ke pustaka" not in client.get(item.get_absolute_url()).content.decode()
    assert "hanya diambil oleh yang sedang menyusun" in press(client, item)
    assert not Photo.objects.exists()


def test_the_sekretaris_copies_while_correcting_and_staf_no_more(item, office, log_in):
    item.materials.filter(name="rusak.jpg").delete()
    item = office.bring_to("awaiting_correction", item)
    before = Photo.objects.count()
    press(log_in(office.staf1), item)
    assert Photo.objects.count() == before
    assert "2 bahan disalin" in press(log_in(office.sekretaris), item)


def test_many_files_are_copied_in_several_presses(item, office, log_in, monkeypatch):
    monkeypatch.setattr(from_materials, "SECONDS", -1)
    assert "3 bahan belum diambil." in press(log_in(office.staf1), item)


def test_a_file_that_is_gone_is_named(item, office, log_in):
    material = item.materials.get(name="tanam.jpg")
    material.file.storage.delete(material.file.name)
    assert "“tanam.jpg” tidak ada di penyimpanan" in press(log_in(office.staf1), item)
