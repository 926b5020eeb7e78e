"""Find what a URL leads to: an item, another page of the site, a post of the office, or nothing."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from home.models import OfficeSettings
from home.search.words import split
from moderation.models import Disposition, Withdrawal
from moderation.ports import channels
from news.memo import cached_until_change
from news.models import NewsPage

from .comparison.reading import read_address, unmask

#: Domains reserved for public bodies.
_OFFICIAL = (".go.id", ".desa.id")
#: Minimum length of a part of the office's names to look for in foreign hosts.
_TELLING_LENGTH = 7
#: Maximum redirects followed from one URL to the next.
_MOST_REDIRECTS = 2
#: Maximum items considered whose URLs end alike.
_MOST_ALIKE = 10
#: Maximum URLs of one text that are looked up and named.
MOST_ADDRESSES = 20
#: Maximum length of a register number.
LONGEST_NUMBER = 100
_NUMBER = re.compile(r"\S*\d\S*/\S+")
#: Words with which an office names its own site.
_ABOUT_SITES = "website situs web laman akun resmi kantor pemerintah kecamatan kabupaten di dari"


@dataclass(frozen=True)
class Place:
    """What was found at a URL: one of these, or nothing."""

    page_id: int | None = None
    withdrawal: Withdrawal | None = None
    #: Another public page of the site.
    is_page: bool = False
    is_post: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Foreign:
    """A URL of another host; ``is_imitation`` where its name borrows the office's."""

    address: str
    is_imitation: bool


@dataclass(frozen=True)
class Identity:
    """Names and hosts of the office."""

    site: Site | None
    hosts: frozenset[str]
    office_name: str

    @classmethod
    def load(cls) -> "Identity":
        """Return the office's identity, kept until something public changes."""
        return cached_until_change(("identity",), cls._read)

    @classmethod
    def _read(cls) -> "Identity":
        sites = list(Site.objects.select_related("root_page"))
        default = next((site for site in sites if site.is_default_site), None)
        office = OfficeSettings.objects.filter(site=default).first() or OfficeSettings()
        hosts = {*(site.hostname for site in sites), read_address(settings.SITE_URL).hostname}
        return cls(default, frozenset(host.lower() for host in hosts), office.office_name)

    @property
    def words(self) -> frozenset[str]:
        """The words that name the office in a forwarded message, normalised."""
        return frozenset(word.plain for word in split(f"{self.office_name} {_ABOUT_SITES}"))

    def is_ours(self, address: str) -> bool:
        parts = read_address(address)
        return parts is not None and parts.hostname.lower().removeprefix("www.") in self.hosts

    def judge_foreign(self, address: str) -> Foreign:
        """Describe a foreign URL: whether it imitates the office's."""
        parts = read_address(address)
        host = _write_host(parts.hostname) if parts else ""
        names = {part for known in self.hosts for part in known.split(".")}
        names |= {word.lower() for word in self.office_name.split()}
        telling = {n for n in names if len(n) >= _TELLING_LENGTH and not n.isdigit() and n != "kecamatan"}
        is_imitation = any(name in unmask(host) for name in telling) and not host.endswith(_OFFICIAL)
        return Foreign(address, is_imitation or unmask(host) != host)

    def look_up(self, address: str) -> Place:
        """Return what a URL of this site leads to now, through redirects from old URLs too."""
        path = unquote(read_address(address).path)
        if (number := _read_short_link(path)) is not None:
            item = NewsPage.objects.filter(pk=number).defer_streamfields().first()
            return _look_up_page(item) if item is not None else Place()
        for _turn in range(_MOST_REDIRECTS):
            place = _look_up_item_at(path)
            redirect = None if place != Place() else _find_redirect(path)
            if redirect is None:
                break
            if redirect.redirect_page is not None:
                return _look_up_page(redirect.redirect_page)
            link = redirect.link or ""
            link = f"{settings.SITE_URL.rstrip('/')}{link}" if link.startswith("/") else link
            if not self.is_ours(link):
                break
            path = unquote(read_address(link).path)
        return place if place != Place() else Place(is_page=self._is_public(path))

    def _is_public(self, path: str) -> bool:
        """Say whether a path leads to something public."""
        path = f"{path.rstrip('/')}/"
        try:
            match = resolve(path)
        except Resolver404:
            return False
        if match.url_name != "wagtail_serve":
            return not match.route.startswith(settings.ADMIN_PATH)
        if self.site is None:
            return False
        # The nearest existing page decides for the paths below it.
        root, parts = self.site.root_page.url_path, [part for part in path.split("/") if part][:_MOST_ALIKE]
        above = {f"{root}{''.join(f'{part}/' for part in parts[:depth])}": depth for depth in range(len(parts) + 1)}
        nearest = Page.objects.live().public().filter(url_path__in=above).order_by("-depth").first()
        if nearest is None:
            return False
        rest = parts[above[nearest.url_path] :]
        try:
            found = nearest.specific.route(HttpRequest(), rest) if rest else None
        except Http404:
            return False
        return found is None or found.page.pk == nearest.pk


def look_up_posts(addresses: list[str]) -> dict[str, int]:
    """Return the dispositions of the office's posts at these URLs, in one query."""
    return channels.find_posts(addresses[:MOST_ADDRESSES])


def look_up_post(disposition_id: int | None) -> Place:
    """Return the item of a post."""
    item = Disposition.objects.filter(pk=disposition_id).first() if disposition_id else None
    return _look_up_item(item, is_post=True)


def is_like_number(text: str) -> bool:
    """Say whether a text looks like a register number."""
    return len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def look_up_number(text: str) -> Place:
    """Return the public item with this register number."""
    if len(text) > LONGEST_NUMBER or not any(sign.isdigit() for sign in text):
        return Place()
    return _look_up_item(Disposition.objects.filter(register_number__iexact=text).first(), is_number=True)


def _look_up_item(item, **kind) -> Place:
    page = Page.objects.filter(pk=item.page_id).first() if item and item.page_id else None
    return _look_up_page(page, **kind) if page is not None else Place()


def _look_up_page(page: Page, **kind) -> Place:
    """Return the page as the public sees it: a live or withdrawn item, or another page."""
    if not issubclass(page.specific_class, NewsPage):
        return Place(is_page=page.live and not page.get_view_restrictions().exists())
    if page.live:
        return Place(page_id=page.pk, **kind)
    gone = Withdrawal.objects.filter(page_id=page.pk).first()
    return Place(withdrawal=gone, **kind) if gone else Place()


def _look_up_item_at(path: str) -> Place:
    path = f"{path.rstrip('/')}/"
    alike = NewsPage.objects.filter(slug=path.rstrip("/").rpartition("/")[2]).defer_streamfields()[:_MOST_ALIKE]
    page = next((found for found in alike if found.url_path.endswith(path)), None)
    return _look_up_page(page) if page is not None else Place()


def _read_short_link(path: str) -> str | None:
    """Return the number in an item's short address, as the QR code of its card holds it; None for another path."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.kwargs["number"] if match.view_name == "news:short_link" else None


def _find_redirect(path: str) -> Redirect | None:
    found = Redirect.get_for_site().filter(old_path=Redirect.normalise_path(path)).select_related("redirect_page")
    return found.first()


def _write_host(host: str) -> str:
    """Return the host name as readers see it."""
    try:
        return host.encode("ascii").decode("idna").lower()
    except (UnicodeError, ValueError):
        return host.lower()
