"""The page's picture as a network takes it."""

from wagtail.images.models import SourceImageIOError

from .channels import Image
from .channels.base import Capabilities

#: Large enough for every network's full view, small enough for a slow phone.
SPEC = "max-1600x1600|format-jpeg|jpegquality-85"
MIME = "image/jpeg"


def get_image(photo, alt: str, capabilities: Capabilities) -> Image | None:
    """Return ``photo`` with its alternative text; None where its file is gone."""
    try:
        picture = photo.get_rendition(SPEC)
    except SourceImageIOError:
        return None
    alt = alt[: capabilities.alt_length]
    return Image(lambda: _read(picture), MIME, picture.width, picture.height, alt, picture.full_url)


def _read(picture) -> bytes:
    with picture.file.open("rb") as file:
        return file.read()
