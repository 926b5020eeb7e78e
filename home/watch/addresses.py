"""The addresses of the public site: those of its pages, of its views, and of the files in its folder of pages."""

from urllib.parse import quote

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page, Site

from .folders import find_address, list_kept_names

#: Looked at every time: what search engines and citizens ask for first.
ALWAYS = ("/", "/robots.txt", "/sitemap.xml")
#: Addresses that show each visitor another answer, or none to read.
_LEFT_OUT = (settings.ADMIN_PATH, "dokumen/", "media/", "_util/")


def list_addresses() -> list[str]:
    """Return the paths of everything citizens can read, sorted, percent-encoded."""
    return sorted({*_list_pages(), *_list_views(), *_list_kept()})


def _list_pages() -> list[str]:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return []
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public()
    root = site.root_page.url_path
    return [quote(f"/{place.removeprefix(root)}") for place in pages.values_list("url_path", flat=True)]


def _list_views() -> list[str]:
    return [f"/{route}" for route in _walk(get_resolver().url_patterns)]


def _walk(patterns):
    """Yield the routes of our own views that have no variable part."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if route.startswith(_LEFT_OUT) or "<" in route or "^" in route:
            continue
        if isinstance(pattern, URLResolver) and not route:
            yield from _walk(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield route


def _list_kept() -> list[str]:
    """Return the addresses of the pages in the folder: nginx gives them out without asking whether they are ours."""
    return [quote(address) for address in map(find_address, list_kept_names()) if address]
