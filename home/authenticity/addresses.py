"""What stands at an address: an item, another page of the site, a post of the office, or nothing."""

from dataclasses import dataclass
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from home.models import OfficeSettings
from moderation.models import Disposition, Withdrawal
from moderation.ports import channels
from news.models import NewsPage

from .reading import read_address, unmask

#: Names of hosts that only public bodies are given.
_OFFICIAL = (".go.id", ".desa.id")
#: Shorter parts of a host's name say nothing about whose it is.
_TELLING_LENGTH = 7
_MOST_REDIRECTS = 3
#: No number of the register is longer.
LONGEST_NUMBER = 100


@dataclass(frozen=True)
class Place:
    """What was found at an address: one of these, or nothing."""

    page: NewsPage | None = None
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


def is_ours(address: str) -> bool:
    parts = read_address(address)
    return parts is not None and parts.hostname.lower().removeprefix("www.") in _list_hosts()


def judge_foreign(address: str) -> Foreign:
    """Say whether a foreign address wants to be taken for the office's."""
    parts = read_address(address)
    host = _write_host(parts.hostname) if parts else ""
    names = {part for known in _list_hosts() for part in known.split(".")}
    office = OfficeSettings.objects.filter(site__is_default_site=True).first() or OfficeSettings()
    names |= {word.lower() for word in office.office_name.split()}
    telling = {name for name in names if len(name) >= _TELLING_LENGTH and not name.isdigit() and name != "kecamatan"}
    is_imitation = any(name in unmask(host) for name in telling) and not host.endswith(_OFFICIAL)
    return Foreign(address, is_imitation or unmask(host) != host)


def look_up(address: str) -> Place:
    """Say what stands at an address of this site now, where its old addresses lead included."""
    path = unquote(read_address(address).path)
    for _turn in range(_MOST_REDIRECTS):
        place = _look_up_path(path)
        redirect = None if place != Place() else _find_redirect(path)
        if redirect is None or not is_ours(redirect):
            return place
        path = unquote(read_address(redirect).path)
    return Place()


def look_up_post(addresses) -> Place:
    """Say whether one of the addresses is that of a post of the office."""
    disposition_id = next(filter(None, map(channels.find_post, addresses)), None)
    return _look_up_item(Disposition.objects.filter(pk=disposition_id).first(), is_post=True)


def look_up_number(text: str) -> Place:
    """Say what the register's number at the foot of an item stands for, as far as citizens may know."""
    if len(text) > LONGEST_NUMBER or not any(sign.isdigit() for sign in text):
        return Place()
    return _look_up_item(Disposition.objects.filter(register_number__iexact=text).first(), is_number=True)


def _look_up_item(item, **kind) -> Place:
    page = NewsPage.objects.live().for_cards().filter(pk=item.page_id).first() if item else None
    gone = Withdrawal.objects.filter(page_id=item.page_id, page__live=False).first() if item and not page else None
    return Place(page=page, withdrawal=gone, **kind) if page or gone else Place()


def is_post_of(address: str, page_id: int) -> bool:
    """Say whether an address is that of a post of the item."""
    found = channels.find_post(address)
    return found is not None and Disposition.objects.filter(pk=found, page_id=page_id).exists()


def _look_up_path(path: str) -> Place:
    path = f"{path.rstrip('/')}/"
    slug = path.rstrip("/").rpartition("/")[2]
    live = NewsPage.objects.live().for_cards().filter(slug=slug)
    page = next((found for found in live if found.url == path), None)
    if page is not None:
        return Place(page=page)
    gone = Withdrawal.objects.filter(page__slug=slug, page__live=False).select_related("page")
    withdrawal = next((found for found in gone if found.page.url_path.endswith(path)), None)
    if withdrawal is not None:
        return Place(withdrawal=withdrawal)
    return Place(is_page=_is_public(path))


def _is_public(path: str) -> bool:
    """Say whether citizens find anything at a path."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.url_name != "wagtail_serve":
        return not match.route.startswith("admin/")
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return False
    try:
        found = site.root_page.specific.route(HttpRequest(), [part for part in path.split("/") if part])
    except Http404:
        return False
    return Page.objects.live().public().filter(pk=found.page.pk).exists()


def _find_redirect(path: str) -> str | None:
    found = Redirect.get_for_site().filter(old_path=Redirect.normalise_path(path)).select_related("redirect_page")
    redirect = found.first()
    if redirect is None:
        return None
    if redirect.redirect_page is not None:
        return redirect.redirect_page.full_url
    link = redirect.link
    return f"{settings.SITE_URL.rstrip('/')}{link}" if link and link.startswith("/") else link


def _list_hosts() -> set[str]:
    hosts = {*Site.objects.values_list("hostname", flat=True), read_address(settings.SITE_URL).hostname}
    return {host.lower() for host in hosts}


def _write_host(host: str) -> str:
    """Return the name as readers see it."""
    try:
        return host.encode("ascii").decode("idna").lower()
    except (UnicodeError, ValueError):
        return host.lower()
