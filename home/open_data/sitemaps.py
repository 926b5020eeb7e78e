"""Sitemaps in parts of limited size: pages, then items, new ones with news metadata. robots.txt names all parts."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from news.models import NewsPage

ADDRESSES_PER_PART = 10_000
#: Public lists and tools that are no pages.
VIEWS = ("genuine", "public_information", "public_register", "open_data")
#: Items younger than this carry news metadata.
NEWS_AGE = timedelta(days=2)


@require_safe
def show_sitemap(request, part: int = 1):
    """Render a part; the first holds pages and lists that are no items, and the newest items."""
    site = Site.find_for_request(request)
    pages = _list_pages(site, request) if part == 1 else []
    start = (part - 1) * ADDRESSES_PER_PART
    items = _find_items(site)[start : start + ADDRESSES_PER_PART]
    entries = [_describe_item(item, request) for item in items]
    if part > 1 and not entries:
        raise Http404
    context = {"pages": pages, "items": entries, "publication": site.site_name or site.hostname}
    response = render(request, "home/sitemap.xml", context, content_type="application/xml")
    response["X-Robots-Tag"] = "noindex, noodp, noarchive"
    changed = [entry["changed"] for entry in (*pages, *entries) if entry["changed"]]
    if changed:
        response["Last-Modified"] = http_date(max(changed).timestamp())
    return response


def list_addresses(request) -> list[str]:
    """Return the URLs of all parts."""
    count = _find_items(Site.find_for_request(request)).count()
    parts = range(2, 1 + max(1, -(-count // ADDRESSES_PER_PART)))
    names = [reverse("sitemap"), *(reverse("sitemap_part", args=[part]) for part in parts)]
    return [f"{Site.find_for_request(request).root_url}{name}" for name in names]


def _find_items(site):
    items = NewsPage.objects.descendant_of(site.root_page).live().latest_first()
    return items.only("path", "depth", "url_path", "title", "first_published_at", "last_published_at")


def _list_pages(site, request) -> list[dict]:
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public().not_type(NewsPage)
    found = [{"address": page.get_full_url(request), "changed": page.last_published_at} for page in pages]
    return [*found, *({"address": f"{site.root_url}{reverse(name)}", "changed": None} for name in VIEWS)]


def _describe_item(item, request) -> dict:
    is_news = item.first_published_at and item.first_published_at > timezone.now() - NEWS_AGE
    return {
        "address": item.get_full_url(request),
        "changed": item.last_published_at,
        "published": item.first_published_at if is_news else None,
        "title": item.title,
    }
