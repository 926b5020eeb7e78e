"""What a news item offers to whoever links to it: title, description and one picture for the link card.

The public page writes it into its head, where the networks read it, and the previews of the posts draw it.
"""

from dataclasses import dataclass

from wagtail.images.models import SourceImageIOError

#: The shape that every network's large card has; the focal point of the photo decides what is cut.
SHARE_SPEC = "fill-1200x630|format-jpeg"


@dataclass(frozen=True)
class ShareCard:
    """The link card of one page; ``image`` is an address of the site, "" without a photo."""

    title: str
    description: str
    image: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0


def get_share_card(page) -> ShareCard:
    """Return the link card of the page as it stands in memory."""
    title, description = page.seo_title or page.title, page.get_meta_description()
    if page.main_image is None:
        return ShareCard(title, description)
    try:
        picture = page.main_image.get_rendition(SHARE_SPEC)
    except SourceImageIOError:
        return ShareCard(title, description)
    return ShareCard(title, description, picture.full_url, page.main_image_alt, picture.width, picture.height)
