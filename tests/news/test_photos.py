"""What a picture must not tell, and that it is there however many make it."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images.models import Filter

from news.models import Photo, Rendition

GPS = 0x8825


@pytest.fixture
def photo(db):
    """A picture whose camera wrote its make, that it was held upright, and where it stood."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    exif[0x0112] = 6
    exif.get_ifd(GPS)[2] = (7.0, 34.0, 17.0)
    stream = BytesIO()
    Image.new("RGB", (600, 400), "red").save(stream, "JPEG", exif=exif)
    stream.seek(0)
    return Photo.objects.create(title="Foto", file=ImageFile(stream, name="foto.jpg"))


@pytest.mark.db_agnostic
@pytest.mark.parametrize("name", ["jpeg", "webp", "png", "avif"])
def test_a_rendition_says_nothing_of_camera_and_place(photo, name):
    rendition = photo.get_rendition(f"max-480x640|format-{name}")
    exif = Image.open(rendition.file).getexif()
    assert not dict(exif)
    assert not exif.get_ifd(GPS)


@pytest.mark.db_agnostic
def test_a_picture_stays_upright(photo):
    rendition = photo.get_rendition("max-480x640|format-jpeg")
    assert rendition.width < rendition.height


def test_of_two_processes_that_make_a_picture_both_show_the_one_that_is_stored(photo, monkeypatch):
    specs, create = ("max-48x64|format-jpeg", "max-48x64|format-avif"), Rendition.objects.bulk_create
    with photo.open_file() as original:
        content = original.read()
    theirs = [photo.generate_rendition_instance(Filter(spec), BytesIO(content)) for spec in specs]

    def create_after_another(rows, **options):
        create(theirs)
        return create(rows, **options)

    monkeypatch.setattr(Rendition.objects, "bulk_create", create_after_another)
    shown = photo.get_renditions(*specs)
    assert {each.file.name for each in shown.values()} == set(photo.renditions.values_list("file", flat=True))
    # And nothing lies about that no row names.
    [folder] = {Path(each.file.path).parent for each in shown.values()}
    assert {f"images/{path.name}" for path in folder.glob("foto*max-48x64*")} == {
        each.file.name for each in shown.values()
    }
