"""Pictures in every mode, container and orientation of phones and scanners: kept, upright, silent, looking the same."""

from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile
from wagtail.models import Collection

from moderation.chain import permits
from moderation.management.jobs import integrity
from moderation.uploads import limited_process
from news.cards.link_preview import SHARE_SPEC
from news.images.pictures import SHAPES
from news.models import Photo
from news.social.channels import build
from news.social.outbox.composing import compose

from .picture_cases import CASES, EXTENSIONS, GPS, MODES, SRGB, expect, make_file, measure_difference, show, upload

pytestmark = pytest.mark.db_agnostic


@pytest.fixture(scope="module", autouse=True)
def encoder():
    pillow_heif.register_heif_opener()


@pytest.mark.parametrize(("kind", "mode", "turned"), CASES, ids=lambda value: str(value))
def test_a_picture_is_kept_and_looks_the_same(kind, mode, turned):
    kept = upload(f"foto.{EXTENSIONS[kind]}", make_file(kind, mode, turned))
    with Image.open(kept) as picture:
        assert picture.format in ("JPEG", "PNG", "WEBP")
        assert picture.mode in ("RGB", "RGBA", "L")
        assert getattr(picture, "n_frames", 1) == 1
    assert measure_difference(show(kept), expect(mode, turned)) < 6


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_of_another_colour_space_changes_nothing(mode):
    kept = upload("foto.jpg", make_file("JPEG", mode, 1, icc_profile=SRGB))
    assert measure_difference(show(kept), expect(mode, 1)) < 6


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind, modes in MODES.items() for mode in modes])
def test_everything_that_is_made_of_it_can_be_shown_and_tells_nothing(db, kind, mode):
    kept = upload(f"foto.{EXTENSIONS[kind]}", make_file(kind, mode, 6))
    photo = Photo.objects.create(title="Foto", file=kept)
    for spec in (*SHAPES["main"].specs, *SHAPES["tile"].specs, SHARE_SPEC):
        rendition = photo.get_rendition(spec)
        content = rendition.file.read()
        with Image.open(BytesIO(content)) as picture:
            assert picture.mode in ("RGB", "RGBA", "L")
            assert not dict(picture.getexif())
            assert not picture.getexif().get_ifd(GPS)
        assert b"Rumah pelapor" not in content
    assert measure_difference(show(photo.get_rendition("max-720x960|format-png").file), expect(mode, 6)) < 6


def test_a_busy_machine_is_named_instead_of_a_broken_picture(monkeypatch):
    def take_too_long(*_args, **_more):
        raise limited_process.subprocess.TimeoutExpired("reader", 40)

    monkeypatch.setattr(limited_process, "run", take_too_long)
    with pytest.raises(ValidationError, match="terlalu lama dibaca karena server sedang sibuk"):
        upload("foto.jpg", make_file("JPEG", "RGB", 1))


def test_a_film_is_refused():
    stream = BytesIO()
    Image.new("RGB", (40, 30), "red").save(
        stream, "WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]
    )
    with pytest.raises(ValidationError, match="bergerak"):
        upload("foto.webp", stream.getvalue())


def publish_with(office, photo):
    """Return the page of a live item with this main photo."""
    item = office.bring_to("composing")
    office.write(item, main_image=photo, main_image_alt="Saluran irigasi", main_image_credit="Staf")
    return office.bring_to("live", item).get_page()


DAMAGES = {
    "gone": lambda path: path.unlink(),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "garbled": lambda path: path.write_bytes(bytes(byte ^ 0x5A for byte in path.read_bytes())),
}


def list_addresses(item, page):
    """Return every address that shows something of an item: those of citizens, and those of the desk."""
    seal, photo = permits.find_current(item).seal[:12], page.main_image
    at_desk = ("worksheet", "post_previews", "preview", "case_file", "case_file_pdf")
    return [
        *("/", page.url, page.get_parent().url, "/berita/atom.xml", "/berita/rss.xml", "/sitemap.xml"),
        *("/api/v1/materi/", f"/api/v1/materi/{page.pk}/", f"/b/{page.pk}"),
        *(reverse("news:card", args=[seal, shape]) for shape in ("kotak", "tautan")),
        *(rendition.url for rendition in photo.renditions.all()),
    ], [
        *(reverse(f"moderation:{name}", args=[item.pk]) for name in at_desk),
        *(reverse(f"social:{name}", args=[item.pk]) for name in ("package", "notice")),
        reverse("moderation:integrity"),
        reverse("moderation:picture", args=[item.pk, photo.pk]),
        reverse("wagtailimages:index"),
        reverse("wagtailimages:edit", args=[photo.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "damage"), [*(("originals", damage) for damage in DAMAGES), ("files made of them", "garbled")]
)
def test_a_picture_that_fails_later_is_shown_as_its_words_and_alarms(rich_item, office, client, log_in, damage, what):
    damage, page = DAMAGES[damage], rich_item.get_page()
    client.get(page.url)
    for photo in Photo.objects.all():
        if what == "originals":
            photo.renditions.all().delete()
            damage(Path(photo.file.path))
        else:
            for rendition in photo.renditions.all():
                damage(Path(rendition.file.path))
    public, desk = list_addresses(rich_item, page)
    for visitor, addresses in ((client, public), (log_in(office.sekretaris), desk)):
        for address in addresses:
            assert visitor.get(address).status_code < 500, address
    html = client.get(page.url).content.decode()
    alts = ("Warga membersihkan saluran", "Gambar 1", "Gambar 2", "Gambar 3")
    for alt in alts:
        told = f'<p class="picture-gone">{alt}</p>' if what == "originals" else f'alt="{alt}"'
        assert told in html
    if what == "originals":
        [alarm] = [said for said in integrity.run_now().differences if rich_item.register_number in said]
        assert alarm.endswith("tidak sama dengan yang diverifikasi.") or all(
            photo.file.name in alarm for photo in Photo.objects.all()
        )
        assert rich_item.register_number in visitor.get(reverse("moderation:integrity")).content.decode()


@pytest.mark.django_db
def test_a_photo_too_small_for_a_link_card_is_named_and_a_card_is_drawn(office):
    page = publish_with(office, Photo.objects.create(title="Foto", file=upload("f.jpg", make_file("JPEG", "RGB", 1))))
    card = page.get_share_card()
    assert (card.image_width, card.image_height) == (1200, 630)
    assert "hanya 120 × 80 piksel" in compose(page, build("console")).warnings[0]


def test_the_web_process_decodes_no_uploaded_picture(office, log_in, monkeypatch):
    """The limited process does; a width and a height stand in the file's head."""
    photo = SimpleUploadedFile("foto.jpg", make_file("JPEG", "RGB", 1))
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda picture: pytest.fail(f"decoded: {picture}"))
    sent = {"title": "Foto", "collection": Collection.get_first_root_node().pk, "files[]": photo}
    address = reverse("wagtailimages:add_multiple")
    answer = log_in(office.staf1).post(address, sent, headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert answer["success"]
    stored = Photo.objects.latest("pk")
    monkeypatch.undo()
    with Image.open(stored.file.path) as picture:
        assert (stored.width, stored.height) == picture.size
