"""Find the site of a request in a cache of this process."""

from wagtail.models import Site
from wagtail.views import serve

from news.memo import cached_until_change

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SiteMiddleware:
    """Give Wagtail's page view the cached site and front page.

    Only for safe methods: an unsafe request gets instances of its own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if view is serve and request.method in SAFE_METHODS:
            key = ("site", request.get_host(), request.get_port())
            # The attribute in which Wagtail caches the site of a request.
            request._wagtail_site = cached_until_change(key, lambda: _find_site(request))


def _find_site(request) -> Site | None:
    """Return the site with a deferred front page: routing needs no field of its own."""
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific_deferred
    return site
