"""Find the site of a request in a cache of this process."""

from wagtail.models import Site
from wagtail.views import serve

from home.pagecache.marking import ASKING_VIEWS, KEPT_VIEWS, changes_nothing
from news.memo import cached_until_change

#: Views besides Wagtail's pages that show the layout of the site.
_SITE_VIEWS = KEPT_VIEWS | ASKING_VIEWS | {"open_items", "search"}


class SiteMiddleware:
    """Give public pages the cached site and front page.

    Only to requests that change nothing: the others get instances of their own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_public = view is serve or request.resolver_match.view_name in _SITE_VIEWS
        if is_public and changes_nothing(request):
            key = ("site", request.get_host(), request.get_port())
            # The attribute in which Wagtail caches the site of a request.
            request._wagtail_site = cached_until_change(key, lambda: _find_site(request))


def _find_site(request) -> Site | None:
    """Return the site with a deferred front page: routing needs no field of its own."""
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific_deferred
    return site
