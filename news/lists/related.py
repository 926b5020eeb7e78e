"""What else a reader of an item may look for, and the plain links to pass it on."""

from dataclasses import dataclass
from urllib.parse import quote

from news.images import pictures
from news.memo import cached_until_change

from .teasers import write_teaser

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


def list_related(request, page, index_page, photos) -> list[str]:
    """Return the teasers of the latest items of the same list and subject.

    The pictures that the page itself shows are fetched along where those of the others are fetched.
    """
    items = index_page.get_news()
    if page.category_id:
        items = items.filter(category_id=page.category_id)

    def write():
        # One more than are shown, for the page itself may be among them.
        latest = list(items.latest_first().for_pictures()[: RELATED_COUNT + 1])
        pictures.prefetch_text([*photos, *(item.main_image for item in latest)])
        return [(item.pk, write_teaser(request, "card", item.pk, lambda item=item: item)) for item in latest]

    found = cached_until_change((index_page.pk, "latest", page.category_id), write)
    return [teaser for key, teaser in found if key != page.pk][:RELATED_COUNT]
