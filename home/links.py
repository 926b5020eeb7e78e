"""Asks whether the addresses that public pages lead to still answer."""

import http.client
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

TIMEOUT = 15
#: So many hosts are asked at once; one host answers one question at a time.
HOSTS_AT_ONCE = 8
_AGENT = "Mozilla/5.0 (pemeriksa tautan situs kantor)"
#: A server that does not say what stands there to programs says nothing of whether it stands there.
_CLOSED_TO_PROGRAMS = {401, 403, 405, 406, 429, 999}


@dataclass(frozen=True)
class Link:
    """An address outside the site and the pages that lead there."""

    address: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What came of asking; ``problem`` is "" where the address answers."""

    link: Link
    problem: str = ""


def find_links() -> list[Link]:
    """Return the addresses outside the site that live pages lead to, each once."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return []
    found = defaultdict(list)
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public().order_by("pk")
    for page in pages.specific().iterator(chunk_size=200):
        for address in dict.fromkeys(_list_addresses(page)):
            if urlsplit(address).netloc != urlsplit(site.root_url).netloc:
                found[address].append(page.full_url)
    return [Link(address, tuple(pages)) for address, pages in sorted(found.items())]


def ask_all(links: list[Link]):
    """Yield what came of each address, host by host."""
    by_host = defaultdict(list)
    for link in links:
        by_host[urlsplit(link.address).netloc].append(link)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for answers in pool.map(lambda group: [Answer(link, ask(link.address)) for link in group], by_host.values()):
            yield from answers


def ask(address: str) -> str:
    """Return why an address does not answer, "" where it does."""
    request = urllib.request.Request(address, headers={"User-Agent": _AGENT, "Accept": "*/*"})  # noqa: S310 - http only
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310 - as above
            return ""
    except urllib.error.HTTPError as error:
        return "" if error.code in _CLOSED_TO_PROGRAMS else f"kode {error.code}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        return f"tidak dapat dihubungi ({reason})"


def _list_addresses(page):
    """Yield the web addresses in the page's streams and rich texts."""
    for field in page._meta.get_fields():
        if isinstance(field, RichTextField):
            yield from _read_html(getattr(page, field.name))
        elif isinstance(field, StreamField):
            yield from _list_block_addresses(getattr(page, field.name))


def _list_block_addresses(value):
    if isinstance(value, RichText):
        yield from _read_html(value.source)
    elif isinstance(value, str):
        if value.startswith(("http://", "https://")):
            yield value
    elif hasattr(value, "items"):
        for part in value.values():
            yield from _list_block_addresses(part)
    elif hasattr(value, "__iter__"):
        for part in value:
            yield from _list_block_addresses(getattr(part, "value", part))


def _read_html(html: str):
    for tag in BeautifulSoup(html, "html.parser").find_all("a", href=True):
        if tag["href"].startswith(("http://", "https://")):
            yield tag["href"]
