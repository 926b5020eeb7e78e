"""Security headers of every response: of public pages here, of the admin in ``admin_headers``."""

import re

from django.conf import settings

from .admin_headers import set_admin_headers

#: Wagtail's userbar, shown to staff only, has inline styles; a hash beside it would undo 'unsafe-inline'.
STAFF_STYLES = "style-src 'self' 'unsafe-inline'"
#: The style guide draws each token with an inline style.
OWN_STYLES = {"/gaya/"}
#: Statuses of pages with inline styles, which need no other file of a broken site.
SELF_CONTAINED = {400, 413, 500, 503}


class PublicHeadersMiddleware:
    """Set the headers of ``settings.PUBLIC_HEADERS`` where the view has not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(f"/{settings.ADMIN_PATH}"):
            set_admin_headers(request, response)
            return response
        if response.status_code in SELF_CONTAINED:
            response.headers.setdefault("Content-Security-Policy", settings.SELF_CONTAINED_POLICY)
        for name, value in settings.PUBLIC_HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.path in OWN_STYLES:
            policy = response["Content-Security-Policy"]
            response["Content-Security-Policy"] = re.sub(r"style-src [^;]*", STAFF_STYLES, policy)
        return response
