"""Check the links of public pages and settings; those out of the site at public addresses only."""

import http.client
import re
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

from home.authenticity.addresses import Identity, Place
from home.models import OfficeSettings
from news.social.channels.http import hosts

TIMEOUT = 15
#: Hosts checked in parallel; one request a host at a time.
HOSTS_AT_ONCE = 8
#: An address of this site as it is typed: /ppid/daftar-publikasi/
_INSIDE = re.compile(r"/[\w%-][\w%./-]*")
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
    for name, part in _list_parts(site):
        for address in dict.fromkeys(_list_addresses(part)):
            if not _is_inside(address, site):
                found[address].append(name)
    return [Link(address, tuple(pages)) for address, pages in sorted(found.items())]


def find_broken_inside() -> list[Link]:
    """Return the links of live pages and settings to what citizens cannot read on this site."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return []
    identity, found = Identity.load(), defaultdict(list)
    for name, part in _list_parts(site):
        for target in dict.fromkeys([*_list_inside(part, site), *_list_dead_pages(part)]):
            found[target].append(name)
    return [
        Link(target, tuple(names))
        for target, names in sorted(found.items())
        if not target.startswith("http") or identity.look_up(target) == Place()
    ]


def _list_inside(part, site) -> list[str]:
    """Return the addresses of this site that a page or the settings lead to."""
    typed = (f"{site.root_url}{address}" if address.startswith("/") else address for address in _list_addresses(part))
    return [address for address in typed if _is_inside(address, site)]


def _is_inside(address, site) -> bool:
    return urlsplit(address).netloc in {"", urlsplit(site.root_url).netloc}


def _list_dead_pages(part) -> list[str]:
    """Return the pages that were chosen as targets and are gone or not live; they have no address."""
    keys = set()
    for field in part._meta.concrete_fields:
        if hasattr(field, "extract_references") and field.value_from_object(part):
            references = field.extract_references(field.value_from_object(part))
            keys |= {str(key) for model, key, *_paths in references if issubclass(model, Page)}
    known = {str(page.pk): page for page in Page.objects.filter(pk__in=keys)} if keys else {}
    dead = [key for key in sorted(keys) if key not in known or not known[key].live]
    return [f"halaman “{known[key].title}”" if key in known else f"halaman nomor {key}" for key in dead]


def _list_parts(site):
    """Yield what is checked, each with its name: the live pages, and the settings."""
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public().order_by("pk")
    for page in pages.specific().iterator(chunk_size=200):
        yield page.full_url, page
    for office in OfficeSettings.objects.filter(site=site):
        yield "Pengaturan, Data kantor", office


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
        if value.startswith(("http://", "https://")) or _INSIDE.fullmatch(value):
            yield value
    elif hasattr(value, "items"):
        for part in value.values():
            yield from _list_block_addresses(part)
    elif hasattr(value, "__iter__"):
        for part in value:
            yield from _list_block_addresses(getattr(part, "value", part))


def _read_html(html: str):
    for tag in BeautifulSoup(html, "html.parser").find_all("a", href=True):
        address = str(tag["href"])
        if address.startswith(("http://", "https://")) or _INSIDE.fullmatch(address):
            yield address
