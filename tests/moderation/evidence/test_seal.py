"""The seal covers everything that citizens see, and nothing else (I1)."""

import datetime
import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from PIL import Image
from wagtail.signals import page_published

from moderation.chain.transitions import take
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.seal import SEALED_PAGE_FIELDS, compute_seal, get_media, get_sealed_field_names
from news.models import NewsPage, Photo, Village
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

CHANGES = {
    "title": "Judul lain",
    "slug": "alamat-lain",
    "seo_title": "Judul mesin pencari",
    "search_description": "Uraian mesin pencari",
    "show_in_menus": True,
    "lead": "Ringkasan lain.",
    "body": [("paragraph", "<p>Isi lain.</p>")],
    "activity_date": "2026-09-10",
    "activity_place": "Desa Pereng",
    "category": None,
    "category_name": "Kesehatan",
    "classification": "setiap_saat",
    "main_image": "photo",
    "main_image_alt": "Warga di tepi saluran",
    "main_image_caption": "Kerja bakti",
    "main_image_credit": "Dokumentasi",
    "channel_texts": [("text", {"channel": "console", "text": "Teks kanal."})],
    "correction_is_public": True,
    "correction_note": "Jumlah peserta 52 orang, bukan 62.",
    "kind": "agenda",
    "starts_at": datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC),
    "ends_at": datetime.datetime(2026, 12, 1, 11, tzinfo=datetime.UTC),
    "valid_until": datetime.date(2026, 12, 31),
    "village": "village",
    "village_name": "Pereng",
    "urgent_danger": "Angin kencang.",
    "urgent_affected": "Warga di tepi tebing.",
    "urgent_evacuation": "Balai desa.",
    "urgent_avoidance": "Jauhi pohon besar.",
    "urgent_help": "Perangkat desa.",
    "urgent_authority": "Badan penanggulangan bencana.",
    "urgent_announcement": "Pengeras suara masjid.",
}


def test_every_sealed_field_is_listed_here():
    """A new content field must be named above, so that its seal is tested."""
    assert set(get_sealed_field_names(NewsPage)) == set(CHANGES)
    assert set(SEALED_PAGE_FIELDS) <= set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_changing_any_field_changes_the_seal(office, name):
    page = office.bring_to("composing").get_draft()
    before = compute_seal(page)
    made = {"photo": make_photo, "village": Village.objects.first}
    value = made[CHANGES[name]]() if CHANGES[name] in ("photo", "village") else CHANGES[name]
    if name == "channel_texts":
        block_name = next(iter(page.channel_texts.stream_block.child_blocks))
        value = [(block_name, value[0][1])]
    setattr(page, name, value)
    assert compute_seal(page) != before


def test_tags_are_inside_the_seal(office):
    page = office.bring_to("composing").get_draft()
    before = compute_seal(page)
    page.tags.add("irigasi")
    assert compute_seal(page) != before


def test_the_seal_is_the_same_in_memory_in_the_revision_and_in_the_database(office):
    item = office.bring_to("composing")
    page = item.get_draft()
    page.main_image, page.main_image_alt, page.main_image_credit = make_photo(), "Saluran", "Dokumentasi"
    page.tags.add("irigasi", "gotong royong")
    page.save_revision(user=office.staf1)
    in_memory = compute_seal(page)
    assert compute_seal(item.get_draft()) == in_memory
    item = office.bring_to("live", item)
    assert item.permits.get().seal == in_memory
    assert compute_seal(NewsPage.objects.get(pk=item.page_id)) == in_memory
    assert compute_seal(item.get_page()) == in_memory


def test_bookkeeping_does_not_change_the_seal(office):
    page = office.bring_to("composing").get_draft()
    before = compute_seal(page)
    page.draft_title, page.has_unpublished_changes, page.locked = "x", False, True
    assert compute_seal(page) == before


@pytest.fixture
def illustrated(office):
    """An item with pictures in body and main image, ready to order."""
    item = office.bring_to("composing")
    page = item.get_draft()
    page.main_image, page.main_image_alt, page.main_image_credit = make_photo(), "Saluran", "Dokumentasi"
    page.save_revision(user=office.staf1)
    return office.bring_to("verified", item)


def other_picture():
    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "red").save(stream, "JPEG")
    return ImageFile(io.BytesIO(stream.getvalue()), name="lain.jpg")


def test_a_picture_exchanged_after_verification_voids_it(illustrated, office):
    photo = get_media(illustrated.get_draft())[0]
    # Past the ORM, whose guard knows the verified version.
    Photo.objects.filter(pk=photo.pk).update(file=make_photo(colour="red").file.name)
    with pytest.raises(StepRefused, match="telah berubah"):
        take(illustrated, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})


def test_bytes_exchanged_on_the_disk_after_the_order_stop_the_publication(illustrated, office):
    item = take(illustrated, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})
    photo = get_media(item.get_draft())[0]
    photo.file.storage.delete(photo.file.name)
    assert photo.file.storage.save(photo.file.name, ContentFile(other_picture().read())) == photo.file.name
    with pytest.raises(StepRefused, match="telah berubah"):
        take(item, "publish", office.staf1)


def test_rows_changed_in_the_midst_of_a_publication_stop_it(office):
    """Between the save of the page, which the guard compares, and the end of the step the triggers let it through."""
    item = office.bring_to("ordered")

    def slip_in(instance, **kwargs):
        NewsPage.objects.filter(pk=instance.pk).update(lead="Diselipkan.")

    page_published.connect(slip_in)
    try:
        with pytest.raises(GuardViolation, match="tidak sama dengan isi yang diverifikasi"):
            take(item, "publish", office.staf1)
    finally:
        page_published.disconnect(slip_in)
    assert not NewsPage.objects.get(pk=item.page_id).live


def test_a_picture_under_an_order_is_neither_exchanged_nor_deleted(illustrated, office):
    item = take(illustrated, "order", office.sekretaris, {"channels": [], "left_out_reason": "Cukup di website."})
    photo = get_media(item.get_draft())[0]
    photo.file = other_picture()
    with pytest.raises(GuardViolation, match="tidak dapat diubah"), transaction.atomic():
        photo.save()
    photo.refresh_from_db()
    with pytest.raises(GuardViolation, match="tidak dapat dihapus"), transaction.atomic():
        photo.delete()
    photo.refresh_from_db()
    photo.title = "Judul berkas baru"
    photo.save()
