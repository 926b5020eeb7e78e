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


def begin(client, item, **choice):
    """Press *Susun berita*; return the editor's screen and the draft."""
    posted = {"action": "compose", "version": item.version, **choice}
    screen = client.post(reverse("moderation:step", args=[item.pk]), posted, follow=True)
    item.refresh_from_db()
    return screen.content.decode(), item.get_draft()


def test_the_draft_begins_with_the_material(item, office, log_in):
    with make_photo().file.open("rb") as photo:
        content = photo.read()
    for name in ("bibit.jpg", "sungai.jpg"):
        SourceMaterial.objects.create(disposition=item, name=name, file=ContentFile(content, name=name))
    Photo.objects.all().delete()
    said, draft = begin(log_in(office.staf1), item, place_materials="on")
    assert "4 bahan diletakkan dalam naskah." in said
    assert "“rusak.jpg”" in said
    assert draft.main_image.title.startswith("tanam (bahan ")
    assert (draft.main_image_alt, draft.main_image_credit) == ("", "Kecamatan Mojogedang")
    assert [block.block_type for block in draft.body] == ["paragraph", "gallery", "document"]
    gallery, document = draft.body[1].value["pictures"], draft.body[2].value["document"]
    assert [one["photo"].title.split(" ")[0] for one in gallery] == ["bibit", "sungai"]
    assert {(one["alt"], one["credit"]) for one in gallery} == {("", "Kecamatan Mojogedang")}
    assert document.title == "daftar"
    assert draft.latest_revision.user == office.staf1


def test_a_draft_begins_empty_where_the_tick_is_taken_away(item, office, log_in):
    _said, draft = begin(log_in(office.staf1), item)
    assert (draft.main_image, len(draft.body), Photo.objects.count()) == (None, 0, 0)


def test_what_was_placed_is_not_handed_over_before_it_was_looked_at(item, office, log_in):
    item.materials.filter(name="rusak.jpg").delete()
    client = log_in(office.staf1)
    _said, draft = begin(client, item, place_materials="on")
    assert "Foto utama memerlukan teks alternatif" in str(draft.find_gaps())
