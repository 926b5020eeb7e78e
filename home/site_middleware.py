"""Which site a request is for, asked of the database once for many requests."""

from wagtail.models import Site

from news.recall import recall

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class SiteMiddleware:
    """Finds the site before Wagtail does, with its front page; stands behind the check of the host's name.

    What changes something gets rows of its own, which nobody else has in hand.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in SAFE_METHODS:
            key = ("site", request.get_host(), request.get_port())
            # Where Wagtail itself looks first.
            request._wagtail_site = recall(key, lambda: _find_site(request))
        return self.get_response(request)


def _find_site(request) -> Site | None:
    """Most addresses ask the front page for the way alone, which it knows without a row of its own."""
    site = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.specific_deferred
    return site
