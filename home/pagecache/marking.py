"""Which responses may be kept: pages that Wagtail serves, and the views named here."""

from .groups import GENERAL, find_group

#: Views that depend on nothing but their address.
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


def mark_page(page, request, serve_args) -> None:
    """Let the page's response be kept."""
    is_at_its_address = not serve_args and request.path == page.get_url(request)
    request.kept_in = find_group(page) if is_at_its_address else GENERAL


def find_mark(request) -> str | None:
    """Return the group in which the response may be kept, None for one that is not to be kept."""
    if hasattr(request, "kept_in"):
        return request.kept_in
    match = request.resolver_match
    return GENERAL if match is not None and match.view_name in KEPT_VIEWS else None
