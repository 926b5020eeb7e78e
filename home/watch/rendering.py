"""Render public addresses in this process, by the database and the templates of this version."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import cast
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, StreamingHttpResponse

from home.pagecache import kinds
from home.pagecache.marking import find_mark

#: Whoever sends a cookie gets a page that was neither kept nor will be: the folder stays as it was found.
NOT_KEPT = "_keutuhan=1"


@dataclass(frozen=True)
class Rendered:
    """What citizens should receive from an address."""

    status: int
    headers: dict[str, str]
    body: bytes


class Renderer(BaseHandler):
    """Answers requests by the middleware and the views of this process."""

    def __init__(self):
        super().__init__()
        self.load_middleware()

    def render(self, path: str) -> Rendered:
        """Return the answer to an anonymous GET under the site's own name."""
        request = WSGIRequest(_make_environ(path))
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            body = b"".join(cast(Iterable[bytes], response.streaming_content))
        else:
            body = cast(HttpResponse, response).content
        headers = {name.lower(): value for name, value in response.items()}
        if response.status_code == 200 and find_mark(request) is not None:
            # As the page cache says of what it keeps.
            headers.setdefault("cache-control", kinds.REVALIDATE)
        return Rendered(response.status_code, headers, body)


def _make_environ(path: str) -> dict:
    site = urlsplit(settings.SITE_URL)
    place, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        # As PEP 3333 asks: the bytes of the path, each as one character.
        "PATH_INFO": unquote_to_bytes(place).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_COOKIE": NOT_KEPT,
        # As nginx tells it (SECURE_PROXY_SSL_HEADER).
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.version": (1, 0),
    }
