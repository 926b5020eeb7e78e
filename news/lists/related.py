"""Find related items, and build plain share links."""

from dataclasses import dataclass
from urllib.parse import quote

from news.images import pictures
from news.memo import cached_until_change

from .teasers import write_teaser

RELATED_COUNT = 3
#: Networks with the query parameters of their share URLs; no request is made before a click.
_NETWORKS = (
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={address}"),
    ("X", "https://x.com/intent/post?text={title}&url={address}"),
    ("WhatsApp", "https://wa.me/?text={title}%20{address}"),
    ("Telegram", "https://t.me/share/url?url={address}&text={title}"),
)


@dataclass(frozen=True)
class ShareLink:
    """One network and the URL of its share form."""

    label: str
    address: str


def get_share_links(title: str, address: str) -> list[ShareLink]:
    """Return a plain link for each network, without scripts or trackers."""
    words = {"title": quote(title, safe=""), "address": quote(address, safe="")}
    return [ShareLink(label, pattern.format(**words)) for label, pattern in _NETWORKS]


def list_related(request, page, index_page, photos) -> list[str]:
    """Return the teasers of the latest items of the same list and subject.

    The page's own pictures are fetched in the same query as those of the others.
    """

    def write():
        items = index_page.get_news()
        if page.category_id:
            items = items.filter(category_id=page.category_id)
        # One more, because the page itself may be among them.
        latest = list(items.latest_first().for_pictures()[: RELATED_COUNT + 1])
        pictures.prefetch([*photos, *(item.main_image for item in latest)], *pictures.IN_TEXT, "card")
        return [(item.pk, write_teaser(request, "row", item.pk, lambda item=item: item, level=3)) for item in latest]

    found = cached_until_change((index_page.pk, "latest", page.category_id), write)
    return [teaser for key, teaser in found if key != page.pk][:RELATED_COUNT]
