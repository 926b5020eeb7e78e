"""Security headers of the admin: as strict as Wagtail's own scripts allow.

What is not as strict as on public pages, and why:

- ``style-src-elem 'unsafe-inline'`` where a rich text is edited: Draftail writes a style element into each field, with
  a key in it that is another one each time. On other screens the office's colours alone, by their hashes; style
  attributes nowhere. ``style-src`` is for browsers of 2022 and before, which know neither.
- ``img-src blob:``: a picture is shown before it is uploaded.
- Wagtail's fields for dates, pages, pictures and documents are followed by an inline script each; exactly those
  scripts are allowed, by their hashes.
- ``script-src-attr`` takes the handler ``return;`` alone: Jcrop writes it to ask whether there is a touch screen.
- ``form-action`` below *Kanal*: connecting a channel leads from a form to the network's consent screen.

Every screen was opened and the editor's parts were used in Chromium: what it still names is its own viewer of a picture
or of the icons, opened by themselves, whose styles it refuses and draws the file all the same.
"""

import base64
import hashlib
import json
import re
from functools import cache

from django.conf import settings
from django.utils.cache import add_never_cache_headers

_POLICY = (
    "default-src 'none'; script-src {scripts}; "
    "script-src-attr 'unsafe-hashes' 'sha256-i+qr4lq34KgNHiW62lWi9aInEBwiEOrfCzaNPCvkqD8='; "
    "style-src 'self' 'unsafe-inline'; style-src-elem 'self' {styles}; style-src-attr 'none'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self'; "
    "frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com; form-action {forms}; "
    "base-uri 'none'; frame-ancestors 'self'"
)
#: The script after a field for a date, a page, a picture: a class or function, the id of the field, settings as JSON.
_FIELD = re.compile(rb'<script>((?:new )?[A-Za-z]+Chooser\("[\w\\-]+", (\{[^<>]*?\})\);)</script>')

#: The script of a field with a rich text.
_RICH_TEXT = b"wagtailadmin/js/draftail"


def set_admin_headers(request, response) -> None:
    """Set the headers where the view has not."""
    response.headers.setdefault("Permissions-Policy", settings.PUBLIC_HEADERS["Permissions-Policy"])
    if "Cache-Control" not in response:
        # Wagtail says so for its own addresses, not for those that answer with a view of ours.
        add_never_cache_headers(response)
    if request.method == "POST" and request.path == f"/{settings.ADMIN_PATH}logout/":
        # The next person at this machine finds nothing of the last one's in the browser.
        response["Clear-Site-Data"] = '"cache", "storage"'
    if "Content-Security-Policy" in response:
        return
    leads_out = request.path.startswith(f"/{settings.ADMIN_PATH}kanal/")
    response["Content-Security-Policy"] = _POLICY.format(
        scripts=" ".join(["'self'", *_hash_fields(response)]),
        styles="'unsafe-inline'" if _contains(response, _RICH_TEXT) else _hash_colours(),
        forms="'self' https: http:" if leads_out else "'self'",
    )


def _contains(response, part: bytes) -> bool:
    return not response.streaming and part in response.content


def _hash_fields(response) -> list[str]:
    """Return the hashes of the inline scripts of Wagtail's fields."""
    if not _contains(response, b"Chooser("):
        return []
    return sorted(_hash(script) for script, values in _FIELD.findall(response.content) if _is_json(values))


@cache
def _hash_colours() -> str:
    """Return the hashes of the office's colours, of the desk and of the public pages that it shows before they are."""
    colours = settings.OFFICE_FACTS.colours
    return f"{_hash(colours.desk_css.encode())} {_hash(colours.css.encode())}"


def _hash(text: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"


def _is_json(values: bytes) -> bool:
    try:
        json.loads(values)
    except ValueError:
        return False
    return True
