"""Check the external links of public pages and settings; connect to public addresses only."""

import http.client
import socket
import urllib.error
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib import request as web
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from django.db.models import URLField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from home.models import OfficeSettings
from news.social.channels.http import hosts

TIMEOUT = 15
#: Hosts checked in parallel; one request a host at a time.
HOSTS_AT_ONCE = 8
_AGENT = "Mozilla/5.0 (pemeriksa tautan situs kantor)"
#: Statuses with which servers refuse programs: they say nothing about the page.
_CLOSED_TO_PROGRAMS = {401, 403, 405, 406, 429, 999}


@dataclass(frozen=True)
class Link:
    """An external URL and the pages that link to it."""

    address: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """Result of a check: ``problem`` is "" where the URL answers; ``moved_to`` is where it redirects."""

    link: Link
    problem: str = ""
    moved_to: str = ""


def find_links() -> list[Link]:
    """Return the distinct external links of live pages and settings."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return []
    found = defaultdict(list)
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public().order_by("pk")
    for page in pages.specific().iterator(chunk_size=200):
        for address in dict.fromkeys(_list_addresses(page)):
            if urlsplit(address).netloc != urlsplit(site.root_url).netloc:
                found[address].append(page.full_url)
    for office in OfficeSettings.objects.filter(site=site):
        for address in dict.fromkeys(_list_addresses(office)):
            found[address].append("Pengaturan, Data kantor")
    return [Link(address, tuple(pages)) for address, pages in sorted(found.items())]


def ask_all(links: list[Link]):
    """Yield the result of each link."""
    by_host = defaultdict(list)
    for link in links:
        by_host[urlsplit(link.address).netloc].append(link)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for answers in pool.map(lambda group: [ask(link) for link in group], by_host.values()):
            yield from answers


def ask(link: Link) -> Answer:
    """Request a link; return why it does not answer, or where it redirects."""
    try:
        asked = web.Request(link.address, headers={"User-Agent": _AGENT, "Accept": "*/*"})  # noqa: S310 - http only
        with _make_opener().open(asked, timeout=TIMEOUT) as response:
            return Answer(link, moved_to="" if _is_same(response.url, link.address) else response.url)
    except urllib.error.HTTPError as error:
        return Answer(link, "" if error.code in _CLOSED_TO_PROGRAMS else f"kode {error.code}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        return Answer(link, f"tidak dapat dihubungi ({reason})")


def _is_same(one: str, other: str) -> bool:
    """Return whether two URLs differ only in ways that need no correction of the page."""
    first, second = urlsplit(one), urlsplit(other)
    return (first.hostname, first.path.rstrip("/")) == (second.hostname, second.path.rstrip("/"))


def _connect(address, timeout, source=None):
    """Connect to public IP addresses only: a typed link must not reach the office's own network."""
    host, port = address
    allowed = hosts.resolve(host, port)
    if not allowed:
        raise OSError("alamat ini tidak terjangkau dari internet")
    return socket.create_connection((allowed[0], port), timeout, source)


class _PlainConnection(http.client.HTTPConnection):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._create_connection = _connect


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._create_connection = _connect


class _PlainHandler(web.HTTPHandler):
    def http_open(self, req):
        return self.do_open(_PlainConnection, req)


class _SecureHandler(web.HTTPSHandler):
    def https_open(self, req):
        return self.do_open(_SecureConnection, req, context=self._context)


def _make_opener() -> web.OpenerDirector:
    """Return an opener that follows redirects to http and https only."""
    opener = web.OpenerDirector()
    handlers = (_PlainHandler, _SecureHandler, web.HTTPRedirectHandler, web.HTTPErrorProcessor)
    for handler in (*handlers, web.HTTPDefaultErrorHandler, web.UnknownHandler):
        opener.add_handler(handler())
    return opener


def _list_addresses(page):
    """Yield the URLs in the fields, streams and rich texts of a page or settings."""
    for field in page._meta.get_fields():
        if isinstance(field, URLField):
            yield from filter(None, [getattr(page, field.name)])
        elif isinstance(field, RichTextField):
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
