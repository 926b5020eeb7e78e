"""Pictures of posts: shape, size, removed metadata, and memory."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.images import ImageFile
from PIL import Image as Pillow
from PIL import ImageDraw

from news.models import Photo, Rendition
from news.social.channels import build
from news.social.outbox.images import LADDER, Padding, get_image

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture(autouse=True)
def no_renditions_of_other_tests():
    """Clear the renditions' cache, which outlives the transaction while primary keys repeat."""
    cache.clear()


INSTAGRAM = build("instagram").capabilities
FREE = replace(INSTAGRAM, image_ratio=None)


def make_photo(width, height, kind="JPEG", mode="RGB", **options):
    """Make a photo with red corners, to detect cropping."""
    picture = Pillow.new(mode, (width, height), 90 if mode == "L" else (20, 90, 60, 255)[: len(mode)])
    if mode == "RGB":
        draw = ImageDraw.Draw(picture)
        for corner in ((0, 0), (width - 40, 0), (0, height - 40), (width - 40, height - 40)):
            draw.rectangle((*corner, corner[0] + 40, corner[1] + 40), fill=(220, 10, 10))
    stream = BytesIO()
    picture.save(stream, kind, **options)
    stream.seek(0)
    return Photo.objects.create(title="Foto", file=ImageFile(stream, name=f"foto.{kind.lower()}"))


def read(image):
    picture = Pillow.open(BytesIO(image.content()))
    assert (picture.width, picture.height) == (image.width, image.height)
    return picture


@pytest.mark.parametrize(
    ("width", "height"), [(1200, 800), (1000, 1414), (600, 3000), (3000, 500), (1080, 1350), (1910, 1000), (7, 9)]
)
def test_the_ratio_is_allowed_and_nothing_is_cut_off(width, height):
    image = get_image(make_photo(width, height), "Alt", INSTAGRAM)
    picture = read(image)
    assert picture.format == "JPEG"
    assert 0.8 <= picture.width / picture.height <= 1.91
    if width > 40 and 0.8 <= width / height <= 1.91:
        assert picture.getpixel((2, 2))[0] > 150, "no bars where none are needed"


def test_the_bars_are_white_and_all_four_corners_are_still_there():
    picture = read(get_image(make_photo(600, 1200), "Alt", INSTAGRAM))
    assert picture.size == (960, 1200)
    assert picture.getpixel((5, 600)) == (255, 255, 255)
    for corner in ((190, 10), (770, 10), (190, 1190), (770, 1190)):
        red, green, _ = picture.getpixel(corner)
        assert red > 180 > 100 > green


def test_a_focal_point_changes_nothing_because_nothing_is_cut():
    photo = make_photo(600, 1200)
    before = get_image(photo, "Alt", INSTAGRAM).content()
    photo.focal_point_x, photo.focal_point_y, photo.focal_point_width, photo.focal_point_height = 100, 100, 50, 50
    photo.save()
    assert get_image(photo, "Alt", INSTAGRAM).content() == before


def test_the_same_photo_gives_the_same_file():
    photo = make_photo(1200, 800)
    first = get_image(photo, "Alt", INSTAGRAM)
    assert get_image(photo, "Alt", INSTAGRAM) == first
    assert Rendition.objects.filter(image=photo).count() == 1
    content = first.content()
    for rendition in Rendition.objects.filter(image=photo):
        rendition.delete()
    again = get_image(Photo.objects.get(pk=photo.pk), "Alt", INSTAGRAM)
    assert again.content() == content
    assert again.url != first.url, "a withdrawn picture never has its old address again"


def test_the_file_is_made_smaller_until_the_network_takes_it():
    noise = Pillow.effect_noise((1000, 750), 90).convert("RGB")
    stream = BytesIO()
    noise.save(stream, "JPEG", quality=95)
    stream.seek(0)
    photo = Photo.objects.create(title="Ramai", file=ImageFile(stream, name="ramai.jpg"))
    large = get_image(photo, "Alt", FREE)
    small = get_image(photo, "Alt", replace(FREE, image_max_bytes=200_000))
    assert len(large.content()) > 200_000 >= len(small.content())
    assert small.width < large.width == 1000
    hopeless = get_image(photo, "Alt", replace(FREE, image_max_bytes=10))
    assert hopeless.width == LADDER[-1][0]


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("WEBP", "RGBA"), ("JPEG", "CMYK")])
def test_whatever_it_was_it_becomes_a_jpeg_in_three_colours(kind, mode):
    picture = read(get_image(make_photo(300, 900, kind, mode), "Alt", INSTAGRAM))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.getpixel((1, 450)) == (255, 255, 255)


def test_what_is_transparent_becomes_white():
    stream = BytesIO()
    Pillow.new("RGBA", (400, 400), (0, 0, 0, 0)).save(stream, "PNG")
    stream.seek(0)
    photo = Photo.objects.create(title="Lambang", file=ImageFile(stream, name="lambang.png"))
    assert read(get_image(photo, "Alt", INSTAGRAM)).getpixel((200, 200)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(400, 1200), (4200, 2800)])
def test_camera_and_place_are_gone_and_the_picture_stands_upright(size):
    exif = Pillow.Exif()
    exif[0x010F] = "KameraRahasia"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "S"
    image = get_image(make_photo(*size, exif=exif), "Alt", INSTAGRAM)
    picture = read(image)
    assert not picture.getexif()
    assert b"KameraRahasia" not in image.content()
    assert (picture.width > picture.height) == (size[0] < size[1]), "turned as the camera said"


def test_the_alternative_text_is_cut_to_what_the_network_takes():
    photo = make_photo(640, 400)
    assert get_image(photo, "a" * 50, replace(FREE, alt_length=20)).alt == "a" * 20


def test_the_address_is_public_and_whole(settings):
    image = get_image(make_photo(640, 400), "Alt", INSTAGRAM)
    assert image.url.startswith((settings.WAGTAILADMIN_BASE_URL, settings.SITE_URL, "http"))
    assert "/media/images/" in image.url


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff damaged"])
def test_a_picture_that_cannot_be_read_is_none(content):
    photo = make_photo(640, 400)
    Path(photo.file.path).write_bytes(content)
    assert get_image(Photo.objects.get(pk=photo.pk), "Alt", INSTAGRAM) is None
    Path(photo.file.path).unlink()
    assert get_image(Photo.objects.get(pk=photo.pk), "Alt", INSTAGRAM) is None


@pytest.mark.parametrize("size", [(1, 10000), (10000, 1), (1131, 1600), (1600, 837), (1280, 1600), (799, 1000)])
def test_the_bars_reach_the_ratio_for_every_size(size):
    width, height = Padding("padding", "800", "1910").get_size(*size)
    assert 0.8 <= width / height <= 1.91
    assert width >= size[0]
    assert height >= size[1]


def test_a_hundred_megapixels_fit_into_a_small_server():
    """Decoded whole it takes 300 MB, and each rotation or crop as much again."""
    program = f"""
import io, resource, sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from django.core.files import File
from PIL import Image
from news.images.shrinking import open_reduced
from wagtail.images.image_operations import MinMaxOperation
class Filter:
    transform_operations = [MinMaxOperation("max", "1600x1600")]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small = open_reduced(File(open(sys.argv[1], "rb"), name="besar.jpg"), Filter, has_focal_point=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *Image.open(small).size)
"""
    path = Path(make_photo(40, 40).file.path).with_name("besar.jpg")
    Pillow.new("L", (10_000, 10_000)).save(path, "JPEG", quality=50)
    answer = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    kilobytes, width, height = map(int, answer.stdout.split())
    assert kilobytes < 60_000
    assert 1600 <= width == height <= 3200
