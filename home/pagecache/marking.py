"""Decide which responses may be kept, Wagtail's pages and the views named here, and which requests change nothing."""

from .arguments import drop_unread
from .groups import GENERAL, find_group

#: Views whose response depends on the URL alone.
KEPT_VIEWS = frozenset(
    {
        "news:atom",
        "news:rss",
        "news:category_atom",
        "news:category_rss",
        "news:topic_atom",
        "news:topic_rss",
        "open_data",
        "public_information",
        "public_register",
        "robots",
        "sitemap",
        "sitemap_part",
    }
)
#: Methods that change nothing by definition, and views whose POST only asks.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ASKING_VIEWS = frozenset({"genuine"})


def mark_page(page, request, serve_args) -> None:
    """Mark the response of a Wagtail page as one to keep, with its group."""
    drop_unread(request)
    is_at_its_address = not serve_args and request.path == page.get_url(request)
    request.kept_in = find_group(page) if is_at_its_address else GENERAL


def find_mark(request) -> str | None:
    """Return the group of the response, None where it may not be kept."""
    if hasattr(request, "kept_in"):
        return request.kept_in
    match = request.resolver_match
    return GENERAL if match is not None and match.view_name in KEPT_VIEWS else None


def changes_nothing(request) -> bool:
    """Return whether the request only reads; for an unsafe method its view must have been found."""
    match = request.resolver_match
    return request.method in SAFE_METHODS or (match is not None and match.view_name in ASKING_VIEWS)
