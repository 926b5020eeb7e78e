"""Render public addresses in this process, by the database and the templates of this version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, StreamingHttpResponse

from home.pagecache import kinds
from home.pagecache.marking import find_mark
from home.served.fetching import make_environ


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
        request = WSGIRequest(make_environ(path))
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
