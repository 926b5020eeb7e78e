"""Which site a request is for, asked of the database once for many requests."""

from wagtail.models import Site
from wagtail.views import serve

from news.recall import recall

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SiteMiddleware:
    """Finds the site, with its front page, before Wagtail looks for a page; other views may never ask for it.

    What changes something gets rows of its own, which nobody else has in hand.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if view is serve and request.method in SAFE_METHODS:
            key = ("site", request.get_host(), request.get_port())
            # Where Wagtail itself looks first.
            request._wagtail_site = recall(key, lambda: _find_site(request))


def _find_site(request) -> Site | None:
    """Most addresses ask the front page for the way alone, which it knows without a row of its own."""
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific_deferred
    return site
