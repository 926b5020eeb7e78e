"""Build the link card of a news item: title, description and one picture.

The public page puts it into its meta tags, which networks read; the previews of posts show it.
"""

from dataclasses import dataclass

from moderation.uploads.damaged_pictures import UNREADABLE

from .images import get_card_image

#: The common shape of networks' large cards, cropped around the photo's focal point.
SHARE_SPEC = "fill-1200x630|format-jpeg"
#: Pixels below which Facebook shows no large card (developers.facebook.com/docs/sharing/webmasters/images).
SMALLEST = (600, 315)


@dataclass(frozen=True)
class ShareCard:
    """The link card of one page; ``image`` is a URL of the site: of the photo, else of a drawn card."""

    title: str
    description: str
    image: str = ""
    image_alt: str = ""
    image_width: int = 0
    image_height: int = 0


def get_share_card(page) -> ShareCard:
    """Return the link card of the page as it stands in memory; without a photo its picture is drawn."""
    title, description = page.seo_title or page.title, page.get_meta_description()
    picture = _get_photo(page)
    if picture is None:
        card = get_card_image(page)
        # The public URL is for live versions; others are shown to staff only.
        image = card.url if getattr(page, "proof_seal", None) else card.preview_url
        return ShareCard(title, description, image, card.alt, card.width, card.height)
    return ShareCard(title, description, picture.full_url, page.main_image_alt, picture.width, picture.height)


def get_page_link(page) -> str:
    """Return the public address the page has, or will have when it goes live with its slug."""
    parent = page.get_parent()
    if parent is not None:
        page.set_url_path(parent)
    return page.full_url or ""


def _get_photo(page):
    if page.main_image is None or is_too_small(page.main_image):
        return None
    try:
        return page.main_image.get_rendition(SHARE_SPEC)
    except UNREADABLE:
        return None


def is_too_small(photo) -> bool:
    """Say whether networks would show the photo as a stamp beside the link, or not at all."""
    return photo.width < SMALLEST[0] or photo.height < SMALLEST[1]


def describe_small_photo(page) -> tuple[str, ...]:
    """Return a remark for the office where the main photo is too small for the link card."""
    photo = page.main_image
    if photo is None or not is_too_small(photo):
        return ()
    size, wanted = (f"{width} × {height}" for width, height in ((photo.width, photo.height), SMALLEST))
    return (f"Foto utama hanya {size} piksel. Kartu tautan perlu sedikitnya {wanted}; dipakai kartu bergambar judul.",)
