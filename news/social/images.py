"""The page's picture as a network takes it."""

from wagtail.images.models import SourceImageIOError

from .channels import Image
from .channels.base import Capabilities

#: Large enough for every network's full view, small enough for a slow phone.
SPEC = "max-1600x1600|format-jpeg|jpegquality-85"
MIME = "image/jpeg"


def get_image(page, capabilities: Capabilities) -> Image | None:
    """Return the picture of ``page``; None where it has none or its file is gone."""
    if getattr(page, "main_image", None) is None:
        return None
    try:
        picture = page.main_image.get_rendition(SPEC)
    except SourceImageIOError:
        return None
    alt = page.main_image_alt[: capabilities.alt_length]
    return Image(lambda: _read(picture), MIME, picture.width, picture.height, alt, picture.full_url)


def _read(picture) -> bytes:
    with picture.file.open("rb") as file:
        return file.read()
