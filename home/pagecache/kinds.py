"""What nginx repeats of a response: the kinds of content, and the headers that stand in ``docs/nginx.conf``."""

import re
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Kind:
    """Addresses of this form with this content are kept under the address and the ending."""

    form: re.Pattern
    content_types: tuple[str, ...]
    ending: str


#: The front server finds a file by its address alone: the first form that fits decides, as in its ``map``.
KINDS = (
    Kind(re.compile(r"/$"), ("text/html",), "index.html"),
    Kind(re.compile(r"/atom\.xml$"), ("application/atom+xml",), ".atom"),
    Kind(re.compile(r"/rss\.xml$"), ("application/rss+xml",), ".rss"),
    Kind(re.compile(r"\.xml$"), ("application/xml", "text/xml"), ".xml"),
    Kind(re.compile(r"\.txt$"), ("text/plain",), ".txt"),
    Kind(re.compile(r"\.json$"), ("application/json",), ".json"),
)
#: No empty or hidden part, nothing that a folder would read otherwise, and short enough for one.
ADDRESS = re.compile(r"/(?:[a-z0-9_-][a-z0-9._-]{0,150}/)*(?:[a-z0-9_-][a-z0-9._-]{0,150})?")
MAX_ADDRESS = 500
#: Django tells machines that a sitemap is not a result of a search.
SITEMAP = re.compile(r"/sitemap[a-z0-9._-]*\.xml")
#: Readers may keep a copy, and ask each time whether it still holds.
REVALIDATE = "no-cache"
#: Headers that nginx makes itself, whatever they say.
MADE_BY_NGINX = {"content-length", "content-type", "etag", "last-modified", "date", "server", "connection"}


def find_name(path: str, content_type: str) -> str | None:
    """Return the file name of a page in the folder of kept pages, None where it has none."""
    if len(path) > MAX_ADDRESS or not ADDRESS.fullmatch(path):
        return None
    kind = next((kind for kind in KINDS if kind.form.search(path)), None)
    bare_type = content_type.split(";")[0].strip().lower()
    return path + kind.ending if kind and bare_type in kind.content_types else None


def are_repeated(headers, path: str) -> bool:
    """Say whether nginx gives out every header of the response as it is."""
    found = {name.lower(): value for name, value in headers.items() if name.lower() not in MADE_BY_NGINX}
    return found == get_repeated(path)


def get_repeated(path: str) -> dict[str, str]:
    """Return the headers that stand in ``docs/nginx.conf`` for an address, by lower-case name."""
    headers = {
        "cache-control": REVALIDATE,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    } | {name.lower(): value for name, value in settings.PUBLIC_HEADERS.items()}
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
    if SITEMAP.fullmatch(path):
        headers["x-robots-tag"] = "noindex, noodp, noarchive"
    return headers
