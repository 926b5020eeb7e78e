"""Which pages show what: the smallest set of groups that lets one change leave the others alone."""

from home.models import VillagePage
from home.models.base import ReferencePage
from news.models import NewsPage

#: The name for all groups in a note of change.
EVERYTHING = "*"
#: Lists, feeds and whatever else shows news; every page is here unless it is known to show less.
GENERAL = "umum"
#: Pages that show no news, only themselves, their children, the menu and the office's data.
PLAIN = "halaman"
#: Pictures and documents.
MEDIA = "berkas"


def of_category(key) -> str:
    """Return the group of the articles of one category: they show each other as related."""
    return f"kategori-{key}"


def find_group(page) -> str:
    """Return the group of the page at its own address."""
    if isinstance(page, NewsPage) and page.category_id:
        return of_category(page.category_id)
    # The page of a village lists its latest news.
    is_plain = isinstance(page, ReferencePage) and not isinstance(page, VillagePage)
    return PLAIN if is_plain else GENERAL
