"""Check the addresses of everything that was published: each shows its item, its take-down, or leads to it (I10).

The rows by which Wagtail finds a page (slugs below a parent) are read in a constant number of queries and a few for
each thousand items; nothing is locked.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, PageViewRestriction, Site

from moderation.evidence.addresses import guards as addresses
from moderation.evidence.addresses.triggers import SITE_ADDRESS
from moderation.models import AuditEntry, Disposition, ModeratedPage, PublicationPermit, Withdrawal

_AT_ONCE = 1000
#: Names of this machine itself, to which no citizen's link points.
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Place:
    """A page's row, as far as its address depends on it."""

    pk: int
    title: str
    slug: str
    path: str
    url_path: str
    live: bool
    numchild: int

    @property
    def parent_path(self) -> str:
        return self.path[: -Page.steplen]


_FIELDS = ("pk", "title", "slug", "path", "url_path", "live", "numchild")


def list_problems() -> list[str]:
    """Return what keeps citizens from what was published, one sentence each."""
    published = PublicationPermit.objects.exclude(completed_at=None).values_list("page_id", flat=True)
    keys = sorted(set(published))
    if not keys:
        return []
    problems = list(_check_site())
    seen: dict[str, Place] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        items = _read_places(pk__in=some)
        problems += _check_pages_above(items, seen)
        problems += _check_items(items, seen)
        problems += _check_former(some, {place.pk: place for place in items})
    return problems


def _read_places(**which) -> list[Place]:
    return [Place(*values) for values in Page.objects.filter(**which).order_by("pk").values_list(*_FIELDS)]


def _check_site() -> Iterator[str]:
    """Name another host than SITE_URL's, and former hosts that no longer lead to it."""
    site = Site.objects.filter(is_default_site=True).first()
    wanted = urlsplit(settings.SITE_URL)
    host, port = wanted.hostname, wanted.port or (443 if wanted.scheme == "https" else 80)
    if site is None or (site.hostname, site.port) != (host, port):
        found = site.root_url if site else "tidak ada"
        yield f"Alamat situs ({found}) bukan alamat dalam SITE_URL ({host}:{port}). Tautan warga dan unggahan putus."
    if Site.objects.count() > 1:
        yield "Ada lebih dari satu situs. Berita dapat terbaca di alamat yang tidak diperintahkan."
    former = AuditEntry.objects.filter(action=SITE_ADDRESS).values_list("data__former_hostname", flat=True)
    for name in sorted({*former} - {host} - LOOPBACK):
        if name not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
            yield f"Nama lama situs, {name}, tidak lagi dilayani. Tambahkan ke ALLOWED_HOSTS agar mengalihkan."


def _check_pages_above(items: list[Place], seen: dict[str, Place]) -> Iterator[str]:
    """Read the pages above that were not seen yet, and name those at which the way to the items ends."""
    steps = range(Page.steplen, max((len(item.path) for item in items), default=0), Page.steplen)
    wanted = {item.path[:step] for item in items for step in steps if step < len(item.path)} - seen.keys()
    found = _read_places(path__in=wanted)
    seen |= {place.path: place for place in found}
    roots = set(Site.objects.values_list("root_page__path", flat=True))
    closed = set(PageViewRestriction.objects.values_list("page__path", flat=True))
    specific = Page.objects.filter(pk__in=[place.pk for place in found]).specific()
    whole = {page.pk for page in specific if type(page) is not Page}
    for place in sorted(found, key=lambda place: place.path):
        if len(place.path) == Page.steplen:
            continue
        parent = seen.get(place.parent_path)
        expected = f"{parent.url_path}{place.slug}/" if parent else None
        if not place.live or place.path in closed:
            yield f"“{place.title}” tidak tayang atau tertutup, dan semua berita di dalamnya tidak terbaca warga."
        elif place.url_path != expected or not place.numchild or place.pk not in whole:
            yield f"Letak “{place.title}” dalam situs berubah, dan berita di dalamnya tidak terbaca di alamatnya."
    for path in sorted(wanted - seen.keys()):
        yield f"Halaman di atas berita hilang (letak {path}). Berita di dalamnya tidak terbaca warga."
    for item in items:
        if not any(item.path.startswith(root) and item.path != root for root in roots):
            yield f"“{item.title}” berada di luar situs."


def _check_items(items: list[Place], seen: dict[str, Place]) -> Iterator[str]:
    """Name items that are not at the address of their own row, share it, or are down without a take-down."""
    names = dict(Disposition.objects.filter(page__in=[i.pk for i in items]).values_list("page_id", "register_number"))
    down = {item.pk for item in items if not item.live}
    down -= set(Withdrawal.objects.filter(page__in=down).values_list("page_id", flat=True)) if down else set()
    alike = defaultdict(set)
    for place in _read_places(slug__in={item.slug for item in items}):
        alike[place.parent_path, place.slug].add(place.title)
    parents = _list_parent_classes()
    for item in items:
        name = f"“{item.title}” ({names.get(item.pk, item.pk)})"
        parent = seen.get(item.parent_path)
        if parent is None or item.url_path != f"{parent.url_path}{item.slug}/" or parent.pk not in parents:
            yield f"{name} tidak berada di alamatnya, {item.url_path}."
        elif len(others := alike[item.parent_path, item.slug]) > 1:
            yield f"{name} berbagi alamat {item.url_path} dengan halaman lain: {'; '.join(sorted(others))}."
        elif item.pk in down:
            yield f"{name} tidak tayang, dan tidak ada catatan penurunannya."


def _list_parent_classes() -> set[int]:
    """Return the keys of the pages below which a moderated page may stand."""
    models: list[Any] = list(ModeratedPage.__subclasses__())
    classes = {parent for model in models for parent in model.clean_parent_page_models()}
    return {key for model in classes for key in model.objects.values_list("pk", flat=True)}


def _check_former(keys: list[int], places: dict[int, Place]) -> Iterator[str]:
    """Name addresses at which a version went live, by the lines of the log, that now show another page or nothing."""
    lines = AuditEntry.objects.filter(page_id__in=keys, action="publish", data__has_key="address")
    known = set(lines.values_list("page_id", "register_number", "data__address"))
    now = {page_id: addresses.get_address(place.url_path) for page_id, place in places.items()}
    former = {found for found in known if found[2] != now.get(found[0] or 0)}
    if not former:
        return
    leading = set(addresses.list_kept_redirects().values_list("redirect_page", "old_path"))
    for page_id, number, address in sorted(former):
        at = addresses.find_page_at(address)
        if at is not None:
            yield f"Di alamat {address}, yang pernah menjadi alamat {number}, terbaca “{at.title}”."
        elif (page_id, address) not in leading:
            yield f"Alamat {address}, yang pernah menjadi alamat {number}, tidak mengalihkan ke berita itu."
