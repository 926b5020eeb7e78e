"""Render the picture of a post: a JPEG without metadata, in a ratio and size the network accepts.

For networks with fixed ratios add white bars and crop nothing: the whole picture was verified, and
posters have text up to their edges. The file is deterministic, stored as a rendition and deleted
with it.
"""

import math

from PIL import Image as Pillow
from wagtail.images.image_operations import FilterOperation

from news.cards.images import SQUARE, get_card_image
from news.social.channels import Image
from news.social.channels.base import Capabilities

MIME = "image/jpeg"
#: Longest side in pixels and JPEG quality, best first: the first file below the network's limit
#: is used.
LADDER = ((1600, 85), (1280, 80), (1080, 75), (800, 70), (640, 60))
WHITE = (255, 255, 255)


class Padding(FilterOperation):
    """Adds white bars until the ratio of width to height lies between two bounds, in thousandths."""

    def construct(self, narrowest, widest):
        self.narrowest, self.widest = int(narrowest), int(widest)

    def run(self, willow, image, env):
        picture = willow.image
        canvas = Pillow.new("RGB", self.get_size(*picture.size), WHITE)
        corner = ((canvas.width - picture.width) // 2, (canvas.height - picture.height) // 2)
        if picture.mode == "RGB":
            canvas.paste(picture, corner)
            canvas.info = dict(picture.info)
        else:
            # Drop the profile, which does not apply after the conversion.
            shown = picture.convert("RGBA")
            canvas.paste(shown, corner, mask=shown)
        return type(willow)(canvas)

    def get_size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size with its bars."""
        if self.narrowest and width * 1000 < height * self.narrowest:
            width = math.ceil(height * self.narrowest / 1000)
        elif self.widest and width * 1000 > height * self.widest:
            height = math.ceil(width * 1000 / self.widest)
        return width, height


def get_image(photo, alt: str, capabilities: Capabilities) -> Image | None:
    """Return ``photo`` with its alternative text as the network takes it; None where its file cannot be read."""
    try:
        picture = _render(photo, capabilities)
    except OSError:
        return None
    alt = alt[: capabilities.alt_length]
    return Image(lambda: _read(picture), MIME, picture.width, picture.height, alt, picture.full_url)


def draw_image(page) -> Image:
    """Return the card drawn from the page's words, for a network that takes no post without a picture."""
    card = get_card_image(page, SQUARE)
    # The public URL is for live versions; others are shown to staff only.
    address = card.url if getattr(page, "proof_seal", None) else card.preview_url
    return Image(card.read, card.mime, card.width, card.height, card.alt, address)


def get_spec(side: int, quality: int, capabilities: Capabilities) -> str:
    """Return the rendition's filter spec: all that its file depends on."""
    low, high = capabilities.image_ratio or (0, 0)
    bounds = f"{math.ceil(low * 1000)}-{math.floor(high * 1000)}"
    return f"max-{side}x{side}|padding-{bounds}|format-jpeg|jpegquality-{quality}"


def _render(photo, capabilities):
    """Return the best file under the network's limit, or the smallest of all."""
    for side, quality in LADDER:
        picture = photo.get_rendition(get_spec(side, quality, capabilities))
        if picture.file.size <= capabilities.image_max_bytes:
            break
    return picture


def _read(picture) -> bytes:
    with picture.file.open("rb") as file:
        return file.read()
