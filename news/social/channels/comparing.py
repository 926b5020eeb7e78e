"""Compare the posted text with the text that a network returns."""

import unicodedata
from html.parser import HTMLParser

from .base import Comparison
from .links import same_link, web_address


def compare(found: str, posted: str) -> Comparison:
    """Say whether two texts have the same words in order; ignore spaces and the forms of a link."""
    one, other = _words(found), _words(posted)
    is_same = len(one) == len(other) and all(map(_is_same_word, one, other))
    return Comparison.SAME if is_same else Comparison.DIFFERENT


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def _is_same_word(one: str, other: str) -> bool:
    """Compare two words; a posted bare domain equals the full URL that a network makes of it."""
    return one == other or (bool(web_address(one)) and same_link(one, web_address(other) or f"http://{other}"))


class _Text(HTMLParser):
    """Collect the words of a post; replace a link's shortened URL by its target."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._link: list[str] | None = None
        self._target = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p", "div"):
            self.parts.append("\n")
        elif tag == "a":
            self._link, self._target = [], dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.parts.append("\n")
        elif tag == "a" and self._link is not None:
            shown = "".join(self._link)
            self._link = None
            self.parts.append(shown if shown.startswith(("#", "@")) else self._target or shown)

    def handle_data(self, data: str) -> None:
        (self.parts if self._link is None else self._link).append(data)


def text_of(html: str) -> str:
    """Return the text of an HTML post with its links as URLs."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts).strip()
