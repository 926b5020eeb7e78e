"""Site-wide layout data (office, menus, banners), loaded in two queries."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from home.blocks import ALERT_LEVELS
from home.models import OfficeSettings
from home.models.lookup import list_empty
from news.memo import cached_until_change

from .alerts import Alert, read_entries
from .alerts import Entry as StoredAlert


@dataclass(frozen=True)
class Entry:
    """A link of a menu; ``current`` is the value of aria-current."""

    title: str
    address: str
    children: tuple["Entry", ...] = ()
    current: str = ""

    def mark(self, here: str) -> "Entry":
        """Return the entry with ``current`` set for the page at path ``here``."""
        children = tuple(child.mark(here) for child in self.children)
        is_part = self.address != "/" and here.startswith(self.address)
        if here == self.address:
            current = "page"
        else:
            current = "true" if is_part or any(child.current for child in children) else ""
        return replace(self, children=children, current=current)


@dataclass(frozen=True)
class Column:
    """A column of links in the footer."""

    heading: str
    links: tuple[Entry, ...]

    def mark(self, here: str) -> "Column":
        """Return the column with its links marked for the page at path ``here``."""
        return replace(self, links=tuple(link.mark(here) for link in self.links))


@dataclass(frozen=True)
class SiteLayout:
    """Layout data of a site; independent of request and time."""

    office: OfficeSettings
    menu: tuple[Entry, ...] = ()
    footer: tuple[Column, ...] = ()
    alerts: tuple[tuple[StoredAlert, str, str], ...] = ()


class Layout:
    """Layout data of a request."""

    def __init__(self, request):
        self.request = request
        self.site = Site.find_for_request(request) if request is not None else None
        if self.site is None:
            self._shared = SiteLayout(OfficeSettings())
        else:
            self._shared = cached_until_change(("layout", self.site.pk), lambda: _read_site_layout(request, self.site))

    @classmethod
    def of(cls, request) -> "Layout":
        """Return the layout of the request, created on first use."""
        if request is None:
            return cls(None)
        if not hasattr(request, "_layout"):
            request._layout = cls(request)
        return request._layout

    @property
    def office(self) -> OfficeSettings:
        """The office's settings."""
        return self._shared.office

    @cached_property
    def menu(self) -> tuple[Entry, ...]:
        """Main menu: the office's own, else the pages marked "show in menus"."""
        return tuple(entry.mark(self.request.path) for entry in self._shared.menu)

    @cached_property
    def footer(self) -> tuple[Column, ...]:
        """Footer columns, without those whose pages are all gone."""
        return tuple(column.mark(self.request.path) for column in self._shared.footer)

    @property
    def alerts(self) -> list[Alert]:
        """Banners shown now, without those whose item was taken down."""
        now = timezone.now()
        return [
            Alert(entry.key, entry.level, ALERT_LEVELS[entry.level], title, address)
            for entry, title, address in self._shared.alerts
            if entry.is_shown_at(now)
        ]

    @property
    def header_html(self) -> str:
        """Rendered header, cached for all pages with the same marks in the menu."""
        view = self.request.resolver_match.view_name if self.request and self.request.resolver_match else ""
        is_home = bool(self.request) and self.request.path == "/"
        here = {"is_home": is_home, "is_genuine": view == "genuine", "is_search": view == "search"}
        return self._render("includes/header.html", menu=self.menu if self.site else (), **here)

    @property
    def footer_html(self) -> str:
        """Rendered footer."""
        return self._render("includes/footer.html", columns=self.footer if self.site else ())

    def _render(self, template: str, **context) -> str:
        key = (template, self.site and self.site.pk, *context.values())
        return cached_until_change(key, lambda: render_to_string(template, context | {"office": self.office}))


def _read_site_layout(request, site) -> SiteLayout:
    office = OfficeSettings.cached_for_request(request)
    banners = read_entries(office.alerts.raw_data)
    pages = _fetch_pages(office, banners)
    links = _Links(request, pages)
    return SiteLayout(
        office=office,
        menu=tuple(
            links.read_menu(office.menu.raw_data) if len(office.menu.raw_data) else links.list_shown_in_menus(site)
        ),
        footer=tuple(links.read_columns(office.footer.raw_data)),
        alerts=tuple(
            (entry, pages[entry.page_id].title, pages[entry.page_id].get_url(request) or "")
            for entry in banners
            if entry.page_id in pages
        ),
    )


def _fetch_pages(office, banners) -> dict[int, Page]:
    """Return the live pages that menus and banners link to, by id."""
    keys = {entry.page_id for entry in banners}
    for stream in (office.menu.raw_data, office.footer.raw_data):
        for block in stream:
            keys.update(link.get("page") for link in _walk_links(block["value"]))
    keys.discard(None)
    return {page.pk: page for page in _find_shown().filter(pk__in=keys)} if keys else {}


def _find_shown() -> PageQuerySet:
    """Return the live pages that hold something to read."""
    shown = Page.objects.live()
    for empty in list_empty():
        shown = shown.exclude(pk__in=empty)
    return shown


@dataclass(frozen=True)
class _Links:
    """Read stored links, without those whose page is gone or not live."""

    request: object
    pages: dict

    def read_menu(self, blocks) -> list[Entry]:
        entries = (self._read(block["value"]) for block in blocks)
        return [entry for entry in entries if entry]

    def list_shown_in_menus(self, site) -> list[Entry]:
        pages = _find_shown().child_of(site.root_page).in_menu().order_by("path")
        return [Entry(page.title, page.get_url(self.request) or "") for page in pages]

    def read_columns(self, blocks) -> list[Column]:
        columns = []
        for block in blocks:
            links = [self._read(_unwrap(link)) for link in block["value"].get("links", ())]
            shown = tuple(link for link in links if link)
            if shown:
                columns.append(Column(block["value"].get("heading", ""), shown))
        return columns

    def _read(self, value) -> Entry | None:
        page = self.pages.get(value.get("page"))
        address = page.get_url(self.request) if page else value.get("address") or ""
        title = value.get("label") or (page.title if page else "")
        children = [self._read(_unwrap(child)) for child in value.get("children") or ()]
        if not address or not title:
            return None
        return Entry(title, address, tuple(child for child in children if child))


def _unwrap(item):
    """Return the value of a stored list item, which may be wrapped with an id."""
    return item["value"] if isinstance(item, dict) and "value" in item and "type" in item else item


def _walk_links(value):
    """Yield the stored links in a menu entry or a column."""
    yield value
    for name in ("children", "links"):
        for child in value.get(name) or ():
            yield from _walk_links(_unwrap(child))
