"""Read web pages, and the archives of them (MHT) that a word processor embeds."""

import email
import email.policy
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from .parts import AROUND, BORDER, PICTURE, TEXT, Part, clean_address, is_words

Reader = Callable[[bytes, str, int], Iterator[Part]]
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "o:p",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    ]
)
_CELLS = frozenset({"td", "th"})
_UNSEEN = frozenset({"script", "style"})


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.words: list[str] = []
        self.attributes: list[str] = []
        self.has_pictures = False
        self._unseen = 0

    def handle_starttag(self, tag, attrs):
        self._unseen += tag in _UNSEEN
        self.has_pictures = self.has_pictures or tag in {"img", "object", "embed", "v:imagedata"}
        self._separate(tag)
        self.attributes += [clean_address(value) for name, value in attrs if value and is_words(name, value)]

    def handle_endtag(self, tag):
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self._separate(tag)

    def handle_data(self, data):
        if not self._unseen:
            self.words.append(data)

    def _separate(self, tag):
        if tag not in _INLINE:
            self.words.append(BORDER if tag in _CELLS else "\n")


def read_html(content: bytes | str) -> Iterator[Part]:
    """Return the words of a web page, and its link targets and alt texts; its pictures are named."""
    page = _Page()
    page.feed(content if isinstance(content, str) else content.decode("utf-8", "replace"))
    page.close()
    yield Part(TEXT, "".join(page.words))
    yield Part(AROUND, "\n\n\n".join(page.attributes))
    if page.has_pictures:
        yield Part(PICTURE)


def read_mail(content: bytes, name: str, depth: int, read_inner: Reader) -> Iterator[Part]:
    """Read each part of a message or an archived page."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    for header in ("subject", "from", "to"):
        if message[header]:
            yield Part(TEXT, str(message[header]))
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        if part.get_content_type() == "text/html":
            yield from read_html(payload.decode(_get_charset(part), "replace"))
        elif payload:
            yield from read_inner(payload, part.get_filename() or name, depth)


def _get_charset(part) -> str:
    charset = part.get_content_charset() or "utf-8"
    try:
        b"".decode(charset)
    except LookupError:
        return "utf-8"
    return charset
