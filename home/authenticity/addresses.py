"""What stands at an address: an item, another page of the site, a post of the office, or nothing."""

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
from news.models import NewsPage

from .comparison.reading import read_address, unmask

#: Names of hosts that only public bodies are given.
_OFFICIAL = (".go.id", ".desa.id")
#: Shorter parts of a host's name say nothing about whose it is.
_TELLING_LENGTH = 7
#: Redirects to an address that are followed; one to a page ends there.
_MOST_REDIRECTS = 2
#: Items whose addresses end alike.
_MOST_ALIKE = 10
#: Addresses of one text that are looked up and named; more of them are no message.
MOST_ADDRESSES = 20
#: No number of the register is longer.
LONGEST_NUMBER = 100
_NUMBER = re.compile(r"\S*\d\S*/\S+")
#: What an office calls its own site.
_ABOUT_SITES = "website situs web laman akun resmi kantor pemerintah kecamatan kabupaten di dari"


@dataclass(frozen=True)
class Place:
    """What was found at an address: one of these, or nothing."""

    page_id: int | None = None
    withdrawal: Withdrawal | None = None
    #: Another page of the site that citizens may read.
    is_page: bool = False
    is_post: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Foreign:
    """An address that is not the office's; ``is_imitation`` where its name borrows the office's."""

    address: str
    is_imitation: bool


@dataclass(frozen=True)
class Identity:
    """Under which names the office is known, loaded once for a check."""

    site: Site | None
    hosts: frozenset[str]
    office_name: str

    @classmethod
    def load(cls) -> "Identity":
        sites = list(Site.objects.select_related("root_page"))
        default = next((site for site in sites if site.is_default_site), None)
        office = OfficeSettings.objects.filter(site=default).first() or OfficeSettings()
        hosts = {*(site.hostname for site in sites), read_address(settings.SITE_URL).hostname}
        return cls(default, frozenset(host.lower() for host in hosts), office.office_name)

    @property
    def words(self) -> frozenset[str]:
        """The words by which a forward names the office, as they are compared."""
        return frozenset(word.plain for word in split(f"{self.office_name} {_ABOUT_SITES}"))

    def is_ours(self, address: str) -> bool:
        parts = read_address(address)
        return parts is not None and parts.hostname.lower().removeprefix("www.") in self.hosts

    def judge_foreign(self, address: str) -> Foreign:
        """Say whether a foreign address wants to be taken for the office's."""
        parts = read_address(address)
        host = _write_host(parts.hostname) if parts else ""
        names = {part for known in self.hosts for part in known.split(".")}
        names |= {word.lower() for word in self.office_name.split()}
        telling = {n for n in names if len(n) >= _TELLING_LENGTH and not n.isdigit() and n != "kecamatan"}
        is_imitation = any(name in unmask(host) for name in telling) and not host.endswith(_OFFICIAL)
        return Foreign(address, is_imitation or unmask(host) != host)

    def look_up(self, address: str) -> Place:
        """Say what stands at an address of this site now, where its old addresses lead included."""
        path = unquote(read_address(address).path)
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
        """Say whether citizens find anything at a path."""
        path = f"{path.rstrip('/')}/"
        try:
            match = resolve(path)
        except Resolver404:
            return False
        if match.url_name != "wagtail_serve":
            return not match.route.startswith("admin/")
        if self.site is None:
            return False
        # The nearest page above answers for what stands below it.
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
    """Return the disposition of each address at which a post of the office stands, in one query."""
    return channels.find_posts(addresses[:MOST_ADDRESSES])


def look_up_post(disposition_id: int | None) -> Place:
    """Return the item of a post."""
    item = Disposition.objects.filter(pk=disposition_id).first() if disposition_id else None
    return _look_up_item(item, is_post=True)


def is_like_number(text: str) -> bool:
    """Say whether a text looks like a number of the register."""
    return len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def look_up_number(text: str) -> Place:
    """Say what the register's number at the foot of an item stands for, as far as citizens may know."""
    if len(text) > LONGEST_NUMBER or not any(sign.isdigit() for sign in text):
        return Place()
    return _look_up_item(Disposition.objects.filter(register_number__iexact=text).first(), is_number=True)


def _look_up_item(item, **kind) -> Place:
    page = Page.objects.filter(pk=item.page_id).first() if item and item.page_id else None
    return _look_up_page(page, **kind) if page is not None else Place()


def _look_up_page(page: Page, **kind) -> Place:
    """Return what citizens find of a page: an item that is live or was withdrawn, or another page."""
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


def _find_redirect(path: str) -> Redirect | None:
    found = Redirect.get_for_site().filter(old_path=Redirect.normalise_path(path)).select_related("redirect_page")
    return found.first()


def _write_host(host: str) -> str:
    """Return the name as readers see it."""
    try:
        return host.encode("ascii").decode("idna").lower()
    except (UnicodeError, ValueError):
        return host.lower()
