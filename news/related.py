"""What else a reader of an item may look for, and the plain links to pass it on."""

from dataclasses import dataclass
from urllib.parse import quote

RELATED_COUNT = 3
#: No network is asked for anything before the reader follows the link; the words after the name are its parameters.
_NETWORKS = (
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={address}"),
    ("X", "https://x.com/intent/post?text={title}&url={address}"),
    ("WhatsApp", "https://wa.me/?text={title}%20{address}"),
    ("Telegram", "https://t.me/share/url?url={address}&text={title}"),
)


@dataclass(frozen=True)
class ShareLink:
    """One network and the address at which its own form opens."""

    label: str
    address: str


def get_share_links(title: str, address: str) -> list[ShareLink]:
    """Return a plain link for each network, without a script or a tracker of it."""
    words = {"title": quote(title, safe=""), "address": quote(address, safe="")}
    return [ShareLink(label, pattern.format(**words)) for label, pattern in _NETWORKS]


def find_related(page, index_page) -> list:
    """Return the latest items of the same list and subject; the template shows a few lines of each."""
    items = index_page.get_news().exclude(pk=page.pk)
    if page.category_id:
        items = items.filter(category_id=page.category_id)
    return list(items.latest_first().select_related("category", "main_image").defer_streamfields()[:RELATED_COUNT])
