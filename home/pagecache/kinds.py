"""File names and headers of kept pages; home/serving/front_server.py writes them into nginx's configuration."""

import re
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Kind:
    """A form of URL path, the content types it may have, and the ending of its file."""

    form: re.Pattern
    content_types: tuple[str, ...]
    ending: str


#: The first form that matches decides, as in nginx's ``map``.
KINDS = (
    Kind(re.compile(r"/$"), ("text/html",), "index.html"),
    Kind(re.compile(r"/atom\.xml$"), ("application/atom+xml",), ".atom"),
    Kind(re.compile(r"/rss\.xml$"), ("application/rss+xml",), ".rss"),
    Kind(re.compile(r"\.xml$"), ("application/xml", "text/xml"), ".xml"),
    Kind(re.compile(r"\.txt$"), ("text/plain",), ".txt"),
    Kind(re.compile(r"\.json$"), ("application/json",), ".json"),
)
#: Paths that can be file names: no empty or hidden part, none that is too long.
ADDRESS = re.compile(r"/(?:[a-z0-9_-][a-z0-9._-]{0,150}/)*(?:[a-z0-9_-][a-z0-9._-]{0,150})?")
MAX_ADDRESS = 500
#: Django sends X-Robots-Tag with these.
SITEMAP = re.compile(r"/sitemap[a-z0-9._-]*\.xml")
ROBOTS = "noindex, noodp, noarchive"
#: Browsers may keep a copy but must revalidate it.
REVALIDATE = "no-cache"
#: Headers that nginx sets itself.
MADE_BY_NGINX = {"content-length", "content-type", "etag", "last-modified", "date", "server", "connection"}


def find_name(path: str, content_type: str) -> str | None:
    """Return the file name of a page below ``live/pages``, None for a page that cannot be kept."""
    if len(path) > MAX_ADDRESS or not ADDRESS.fullmatch(path):
        return None
    kind = next((kind for kind in KINDS if kind.form.search(path)), None)
    bare_type = content_type.split(";")[0].strip().lower()
    return path + kind.ending if kind and bare_type in kind.content_types else None


def are_repeated(headers, path: str) -> bool:
    """Return whether nginx sends exactly the headers of the response."""
    found = {name.lower(): value for name, value in headers.items() if name.lower() not in MADE_BY_NGINX}
    return found == get_repeated(path)


def get_repeated(path: str) -> dict[str, str]:
    """Return the headers that nginx sets for a path, by lower-case name."""
    headers = {
        "cache-control": REVALIDATE,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    } | {name.lower(): value for name, value in settings.PUBLIC_HEADERS.items()}
    if settings.SECURE_HSTS_SECONDS:
        subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}"
    if SITEMAP.fullmatch(path):
        headers["x-robots-tag"] = ROBOTS
    return headers
