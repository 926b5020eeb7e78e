"""What stands around every public page: the office's data, menus and banners, in two queries."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Page, Site

from home.blocks import ALERT_LEVELS
from home.models import OfficeSettings
from news.memo import recall

from .alerts import Alert, read_entries
from .alerts import Entry as StoredAlert


@dataclass(frozen=True)
class Entry:
    """One link of a menu; ``current`` is the value of aria-current."""

    title: str
    address: str
    children: tuple["Entry", ...] = ()
    current: str = ""

    def mark(self, here: str) -> "Entry":
        """Return the entry as the page at the address ``here`` shows it."""
        children = tuple(child.mark(here) for child in self.children)
        is_part = self.address != "/" and here.startswith(self.address)
        if here == self.address:
            current = "page"
        else:
            current = "true" if is_part or any(child.current for child in children) else ""
        return replace(self, children=children, current=current)


@dataclass(frozen=True)
class Column:
    """One column of links at the foot of every page."""

    heading: str
    links: tuple[Entry, ...]

    def mark(self, here: str) -> "Column":
        """Return the column as the page at the address ``here`` shows it."""
        return replace(self, links=tuple(link.mark(here) for link in self.links))


@dataclass(frozen=True)
class Frame:
    """What all pages of one site have in common; nothing in it depends on who asks or when."""

    office: OfficeSettings
    menu: tuple[Entry, ...] = ()
    footer: tuple[Column, ...] = ()
    alerts: tuple[tuple[StoredAlert, str, str], ...] = ()


class Surroundings:
    """The frame of one request's page; asked for many times, read once."""

    def __init__(self, request):
        self.request = request
        self.site = Site.find_for_request(request) if request is not None else None
        if self.site is None:
            self._frame = Frame(OfficeSettings())
        else:
            self._frame = recall(("frame", self.site.pk), lambda: _read_frame(request, self.site))

    @classmethod
    def of(cls, request) -> "Surroundings":
        """Return the frame of this request, made at its first use."""
        if request is None:
            return cls(None)
        if not hasattr(request, "_surroundings"):
            request._surroundings = cls(request)
        return request._surroundings

    @property
    def office(self) -> OfficeSettings:
        """What the office says about itself."""
        return self._frame.office

    @cached_property
    def menu(self) -> tuple[Entry, ...]:
        """The main menu: what the office put together, else what says "show in menus"."""
        return tuple(entry.mark(self.request.path) for entry in self._frame.menu)

    @cached_property
    def footer(self) -> tuple[Column, ...]:
        """The columns of links; one whose pages are all gone is left out."""
        return tuple(column.mark(self.request.path) for column in self._frame.footer)

    @property
    def alerts(self) -> list[Alert]:
        """The banners that are shown now; one whose item was taken down is not."""
        now = timezone.now()
        return [
            Alert(entry.key, entry.level, ALERT_LEVELS[entry.level], title, address)
            for entry, title, address in self._frame.alerts
            if entry.is_shown_at(now)
        ]

    @property
    def header_html(self) -> str:
        """The head of the page; the same for all pages that are marked alike in the menu."""
        view = self.request.resolver_match.view_name if self.request and self.request.resolver_match else ""
        here = {"is_home": bool(self.request) and self.request.path == "/", "is_search": view == "search"}
        return self._render("includes/header.html", menu=self.menu if self.site else (), **here)

    @property
    def footer_html(self) -> str:
        """The foot of the page."""
        return self._render("includes/footer.html", columns=self.footer if self.site else ())

    def _render(self, template: str, **context) -> str:
        key = (template, self.site and self.site.pk, *context.values())
        return recall(key, lambda: render_to_string(template, context | {"office": self.office}))


def _read_frame(request, site) -> Frame:
    office = OfficeSettings.recall_for(request)
    banners = read_entries(office.alerts.raw_data)
    pages = _fetch_pages(office, banners)
    links = _Links(request, pages)
    return Frame(
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
    """Return every page that menus and banners lead to, as far as it is live."""
    keys = {entry.page_id for entry in banners}
    for stream in (office.menu.raw_data, office.footer.raw_data):
        for block in stream:
            keys.update(link.get("page") for link in _walk_links(block["value"]))
    keys.discard(None)
    return {page.pk: page for page in Page.objects.live().filter(pk__in=keys)} if keys else {}


@dataclass(frozen=True)
class _Links:
    """Reads stored links; one whose page is not live or gone is left out."""

    request: object
    pages: dict

    def read_menu(self, blocks) -> list[Entry]:
        entries = (self._read(block["value"]) for block in blocks)
        return [entry for entry in entries if entry]

    def list_shown_in_menus(self, site) -> list[Entry]:
        pages = Page.objects.child_of(site.root_page).live().in_menu().order_by("path")
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
    """A stored list item is its value, or a mapping that holds it with an id."""
    return item["value"] if isinstance(item, dict) and "value" in item and "type" in item else item


def _walk_links(value):
    """Yield every stored link in a menu entry or a column."""
    yield value
    for name in ("children", "links"):
        for child in value.get(name) or ():
            yield from _walk_links(_unwrap(child))
