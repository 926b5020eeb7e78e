"""Fetch a path of the site: inside this process, or from PROOF_ADDRESS where one is set.

Inside, the request passes every middleware and view, as under the web server. Outside it goes to the front server,
under the host of SITE_URL, and costs the proof no statement.
"""

import http.client
import io
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest

TIMEOUT = 20
_AGENT = "pemeriksaan-keutuhan"
#: Whoever sends a cookie gets a page that was neither kept nor will be: the folder stays as it was found.
NOT_KEPT = "_keutuhan=1"


@dataclass(frozen=True)
class Answer:
    """A status, 0 where nobody answered, and the body."""

    status: int
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def fetch(path: str) -> Answer:
    """Return the answer to an anonymous GET of ``path``, which may be percent-encoded; redirects are not followed."""
    return _fetch_outside(path) if settings.PROOF_ADDRESS else _fetch_inside(path)


@cache
def _get_handler() -> BaseHandler:
    """Return the site's middleware and views, without the signals by which a server closes its connections."""
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def make_environ(path: str) -> dict[str, Any]:
    """Return an anonymous GET of ``path`` under the site's own name, of which no page is kept."""
    site, target = urlsplit(settings.SITE_URL), urlsplit(path)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        # As PEP 3333 asks: the bytes of the path, each as one character.
        "PATH_INFO": unquote_to_bytes(target.path).decode("latin-1"),
        "QUERY_STRING": target.query,
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_USER_AGENT": _AGENT,
        "HTTP_COOKIE": NOT_KEPT,
        # As nginx says it (SECURE_PROXY_SSL_HEADER).
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _fetch_inside(path: str) -> Answer:
    response: Any = _get_handler().get_response(WSGIRequest(make_environ(path)))
    if not response.streaming:
        return Answer(response.status_code, response.content)
    try:
        return Answer(response.status_code, b"".join(response.streaming_content))
    finally:
        # Not close(), which sends the signal as well.
        for close_file in response._resource_closers:
            close_file()


def _fetch_outside(path: str) -> Answer:
    address = urlsplit(settings.PROOF_ADDRESS)
    connect = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = connect(address.netloc, timeout=TIMEOUT)
    headers = {"Host": urlsplit(settings.SITE_URL).netloc, "User-Agent": _AGENT}
    try:
        connection.request("GET", quote(path, safe="/%?&=#"), headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()
