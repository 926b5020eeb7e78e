"""What stands around every public page: the office's data, menus and banners, in two queries."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone
from wagtail.models import Page, Site

from .alerts import LEVELS, Alert, read_entries
from .models import OfficeSettings


@dataclass(frozen=True)
class Entry:
    """One link of a menu; ``current`` is the value of aria-current."""

    title: str
    address: str
    current: str = ""
    children: list["Entry"] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """One column of links at the foot of every page."""

    heading: str
    links: list[Entry]


class Surroundings:
    """The frame of one request's page; asked for many times, read once."""

    def __init__(self, request):
        self.request = request
        self.site = Site.find_for_request(request) if request is not None else None
        self.office = OfficeSettings.for_request(request) if self.site is not None else OfficeSettings()

    @classmethod
    def of(cls, request) -> "Surroundings":
        """Return the frame of this request, made at its first use."""
        if request is None:
            return cls(None)
        if not hasattr(request, "_surroundings"):
            request._surroundings = cls(request)
        return request._surroundings

    @cached_property
    def _alerts(self):
        now = timezone.now()
        return [entry for entry in read_entries(self.office.alerts.raw_data) if entry.is_shown_at(now)]

    @cached_property
    def _pages(self) -> dict[int, Page]:
        """Every page that menus and banners lead to, as far as it is live."""
        keys = {entry.page_id for entry in self._alerts}
        for stream in (self.office.menu.raw_data, self.office.footer.raw_data):
            for block in stream:
                keys.update(link.get("page") for link in _walk_links(block["value"]))
        keys.discard(None)
        return {page.pk: page for page in Page.objects.live().filter(pk__in=keys)} if keys else {}

    @property
    def menu(self) -> list[Entry]:
        """The main menu: what the office put together, else what says "show in menus"."""
        if self.site is None:
            return []
        blocks = self.office.menu.raw_data
        if len(blocks):
            entries = (self._read_link(block["value"]) for block in blocks)
            return [entry for entry in entries if entry]
        pages = Page.objects.child_of(self.site.root_page).live().in_menu().order_by("path")
        return [self._make_entry(page.title, page.get_url(self.request)) for page in pages]

    @property
    def footer(self) -> list[Column]:
        """The columns of links; one whose pages are all gone is left out."""
        columns = []
        for block in self.office.footer.raw_data:
            links = [self._read_link(_unwrap(link)) for link in block["value"].get("links", ())]
            shown = [link for link in links if link]
            if shown:
                columns.append(Column(block["value"].get("heading", ""), shown))
        return columns

    @property
    def alerts(self) -> list[Alert]:
        """The banners that are shown now; one whose item was taken down is not."""
        return [
            Alert(
                key=entry.key,
                level=entry.level,
                level_label=LEVELS[entry.level],
                title=self._pages[entry.page_id].title,
                address=self._pages[entry.page_id].get_url(self.request) or "",
            )
            for entry in self._alerts
            if entry.page_id in self._pages
        ]

    def _read_link(self, value) -> Entry | None:
        """Return the link, None when its page is not live or gone."""
        page = self._pages.get(value.get("page"))
        address = page.get_url(self.request) if page else value.get("address") or ""
        title = value.get("label") or (page.title if page else "")
        children = [self._read_link(_unwrap(child)) for child in value.get("children") or ()]
        children = [child for child in children if child]
        if not address or not title:
            return None
        return self._make_entry(title, address, children)

    def _make_entry(self, title, address, children=()) -> Entry:
        here = self.request.path
        is_part = address != "/" and here.startswith(address)
        current = "page" if here == address else "true" if is_part or any(each.current for each in children) else ""
        return Entry(title, address or "", current, list(children))


def _unwrap(item):
    """A stored list item is its value, or a mapping that holds it with an id."""
    return item["value"] if isinstance(item, dict) and "value" in item and "type" in item else item


def _walk_links(value):
    """Yield every stored link in a menu entry or a column."""
    yield value
    for name in ("children", "links"):
        for child in value.get(name) or ():
            yield from _walk_links(_unwrap(child))
