"""What a picture must not tell."""

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image

from news.models import Photo

pytestmark = pytest.mark.db_agnostic

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


@pytest.mark.parametrize("name", ["jpeg", "webp", "png", "avif"])
def test_a_rendition_says_nothing_of_camera_and_place(photo, name):
    rendition = photo.get_rendition(f"max-480x640|format-{name}")
    exif = Image.open(rendition.file).getexif()
    assert not dict(exif)
    assert not exif.get_ifd(GPS)


def test_a_picture_stays_upright(photo):
    rendition = photo.get_rendition("max-480x640|format-jpeg")
    assert rendition.width < rendition.height
