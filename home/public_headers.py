"""What browsers may do with a public page; the office's screens keep Wagtail's own rules."""

from django.conf import settings

#: Wagtail's userbar, which only staff get, brings styles of its own into the page.
STAFF_SOURCES = {"style-src 'self'": "style-src 'self' 'unsafe-inline'"}
#: The living page of the design draws every token by a style of its own.
OWN_STYLES = {"/gaya/"}
#: These pages carry their style inside, so that they need nothing else of a broken site.
SELF_CONTAINED = {400, 500}


class PublicHeadersMiddleware:
    """Sets the headers of ``settings.PUBLIC_HEADERS`` where a view has set none of its own."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/") or response.status_code in SELF_CONTAINED:
            return response
        for name, value in settings.PUBLIC_HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.path in OWN_STYLES:
            policy = response["Content-Security-Policy"]
            for strict, loose in STAFF_SOURCES.items():
                policy = policy.replace(strict, loose)
            response["Content-Security-Policy"] = policy
        return response
