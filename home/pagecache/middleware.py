"""Store responses that every visitor would get, and bring the folder up to date after unsafe requests."""

from urllib.parse import urlsplit

from django.conf import settings

from . import generation, kinds, store
from .arguments import are_unread, drop_unread
from .marking import KEPT_VIEWS, SAFE_METHODS, changes_nothing, find_mark


class PageCacheMiddleware:
    """Outermost middleware: sees a response as the reader gets it."""

    def __init__(self, get_response):
        self.get_response = get_response
        address = urlsplit(settings.SITE_URL)
        self.host, self.is_secure = address.netloc.lower(), address.scheme == "https"

    def __call__(self, request):
        if not store.is_on():
            return self.get_response(request)
        if request.method not in SAFE_METHODS:
            response = self.get_response(request)
            if not changes_nothing(request):
                # Before the response is sent: whoever published sees the new page.
                generation.catch_up_quietly()
            return response
        if not self._is_anybodys(request):
            return self.get_response(request)
        began = store.read_state()
        response = self.get_response(request)
        # What nobody took away of the address may have been read.
        if response.status_code == 200 and not response.cookies and not request.META.get("QUERY_STRING"):
            self._keep(request, response, began)
        return response

    def process_view(self, request, view, args, kwargs):
        """Take away what no page reads where the view is one whose response is kept; Wagtail's do it themselves."""
        if store.is_on() and request.resolver_match.view_name in KEPT_VIEWS:
            drop_unread(request)

    def _is_anybodys(self, request) -> bool:
        """Return whether the request is anonymous and plain, by the conditions of docs/nginx.conf."""
        meta = request.META
        return (
            request.method == "GET"
            and are_unread(meta.get("QUERY_STRING", ""))
            and not meta.get("HTTP_COOKIE")
            and not meta.get("HTTP_AUTHORIZATION")
            and meta.get("HTTP_HOST", "").lower() == self.host
            and request.is_secure() == self.is_secure
        )

    def _keep(self, request, response, began) -> None:
        if hasattr(request, "kept_file"):
            group, file = request.kept_file
            generation.keep_file(request.path, group, file, began)
            return
        group = find_mark(request)
        if group is None or response.streaming:
            return
        response.headers.setdefault("Cache-Control", kinds.REVALIDATE)
        name = kinds.find_name(request.path, response.get("Content-Type", ""))
        if name and not response.has_header("Content-Encoding") and kinds.are_repeated(response.headers, request.path):
            generation.keep_page(name, group, response.content, began)
