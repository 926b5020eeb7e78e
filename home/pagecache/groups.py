"""Groups of pages that are dropped together."""

from home.models import ServicePage, VillagePage
from home.models.base import ReferencePage
from news.models import NewsPage

#: All groups.
EVERYTHING = "*"
#: Lists, feeds, and every page that is in no other group.
GENERAL = "umum"
#: Pages that show no news: only themselves, their children, the menus and the office's data.
PLAIN = "halaman"
#: Pictures and documents.
MEDIA = "berkas"


def of_category(key) -> str:
    """Return the group of the articles of one category, which link to each other as related."""
    return f"kategori-{key}"


def find_group(page) -> str:
    """Return the group of the page."""
    if isinstance(page, NewsPage) and page.category_id:
        return of_category(page.category_id)
    # A village's page lists its latest news, a service's the events of its topic.
    is_plain = isinstance(page, ReferencePage) and not isinstance(page, (ServicePage, VillagePage))
    return PLAIN if is_plain else GENERAL
