"""Compare what was received with what was rendered: status, headers, scripts, links, text, and the rest."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.conf import settings

from .fetching import Received
from .rendering import Rendered

#: Headers of the connection and of copies; they tell browsers nothing to do.
_OF_TRANSPORT = {
    "accept-ranges",
    "age",
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "etag",
    "keep-alive",
    "last-modified",
    "server",
    "transfer-encoding",
    "vary",
    "via",
}
#: Elements that run, load, frame or send something; each is compared with all its attributes.
_ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "form", "base", "meta", "style", "portal"}
_LINKS = ("href", "src", "srcset", "poster", "cite", "data", "ping", "formaction", "xlink:href")
#: An address in a sitemap, a feed or robots.txt.
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
#: Characters around the first difference of two documents.
AROUND = 200
#: Pieces named of one aspect.
NAMED = 12


@dataclass(frozen=True)
class Difference:
    """One aspect in which two answers differ, with both versions."""

    aspect: str
    expected: str
    received: str


def compare(rendered: Rendered, received: Received) -> list[Difference]:
    """Return in what the answers differ, the gravest first; nothing when citizens receive what was rendered."""
    if rendered.status != received.status:
        where = received.headers.get("location", "")
        told = f"kode {received.status}{f', dialihkan ke {where}' if where else ''}"
        return [Difference("jawaban", f"kode {rendered.status}", told)]
    found = list(_compare_headers(rendered, received))
    body = rendered.body[: len(received.body)] if received.is_cut else rendered.body
    if body != received.body:
        found += _compare_bodies(body, received.body, rendered.headers.get("content-type", ""))
    return found


def _compare_headers(rendered, received) -> Iterator[Difference]:
    ignored = _OF_TRANSPORT | {name.lower() for name in settings.WATCH_OTHER_HEADERS}
    ours = {name: value for name, value in rendered.headers.items() if name not in ignored}
    theirs = {name: value for name, value in received.headers.items() if name not in ignored}
    names = [name for name in sorted(ours | theirs) if _plain(ours.get(name)) != _plain(theirs.get(name))]
    if names:
        yield Difference("kepala jawaban", _list_headers(ours, names), _list_headers(theirs, names))


def _plain(value: str | None) -> str | None:
    # nginx names the character set of what has none; all of ours is UTF-8.
    return value and value.replace(" ", "").lower().removesuffix(";charset=utf-8")


def _list_headers(headers, names) -> str:
    return "\n".join(f"{name}: {headers[name]}" for name in names if name in headers)


def _compare_bodies(expected: bytes, received: bytes, content_type: str) -> Iterator[Difference]:
    ours, theirs = expected.decode("utf-8", "replace"), received.decode("utf-8", "replace")
    if content_type.startswith("text/html"):
        one, other = _read(ours), _read(theirs)
        pairs = [
            ("skrip dan bagian aktif", one.active, other.active),
            ("tautan", one.links, other.links),
            ("teks", one.words, other.words),
        ]
    else:
        pairs = [("alamat di dalamnya", _ADDRESS.findall(ours), _ADDRESS.findall(theirs))]
    found = [Difference(aspect, *_tell(one, other)) for aspect, one, other in pairs if one != other]
    yield from found or [Difference("isi berkas", *_tell_place(ours, theirs))]


def _tell(ours: list[str], theirs: list[str]) -> tuple[str, str]:
    """Return what only one of two lists has; where both have the same in another order, both from there on."""
    one, other = Counter(ours), Counter(theirs)
    missing, added = list((one - other).elements()), list((other - one).elements())
    if missing or added:
        return "\n".join(missing[:NAMED]), "\n".join(added[:NAMED])
    start = next(number for number, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1])
    return "\n".join(ours[start : start + NAMED]), "\n".join(theirs[start : start + NAMED])


def _tell_place(ours: str, theirs: str) -> tuple[str, str]:
    """Return both texts around their first difference."""
    shorter = min(len(ours), len(theirs))
    start = next((number for number in range(shorter) if ours[number] != theirs[number]), shorter)
    start = max(0, start - AROUND // 4)
    return ours[start : start + AROUND], theirs[start : start + AROUND]


@dataclass
class _Parts:
    active: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects what of a page runs or loads something, what leads somewhere, and what is read."""

    def __init__(self):
        super().__init__()
        self.parts = _Parts()
        self._code: list[str] | None = None

    def handle_starttag(self, tag, attrs):
        own = {name: value or "" for name, value in attrs}
        written = " ".join([tag, *(f'{name}="{value}"' for name, value in sorted(own.items()))])
        if tag in _ACTIVE or any(name.startswith("on") or name == "style" for name in own):
            self.parts.active.append(f"<{written}>")
        self.parts.links += [f"{tag} {own[name]}" for name in _LINKS if own.get(name)]
        if tag in ("script", "style"):
            self._code = []

    def handle_endtag(self, tag):
        if tag in ("script", "style") and self._code is not None:
            code = " ".join("".join(self._code).split())
            self._code = None
            if code:
                self.parts.active.append(code)

    def handle_comment(self, data):
        # Some browsers' conditional comments, and whatever a program reads there.
        self.parts.active.append(f"<!--{' '.join(data.split())}-->")

    def handle_data(self, data):
        if self._code is not None:
            self._code.append(data)
        elif text := " ".join(data.split()):
            self.parts.words.append(text)


def _read(html: str) -> _Parts:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.parts
