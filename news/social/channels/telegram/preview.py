"""Read the public preview of a channel, https://t.me/s/NAME: the only way to read what a bot has posted.

The page is no API: one without the expected blocks counts as unreadable, never as empty.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

_NUMBER = re.compile(r"[^/]+/(?P<number>\d+)")
#: Elements without an end tag.
_VOID = frozenset({"br", "img", "meta", "link", "input", "hr", "source", "wbr"})


@dataclass(frozen=True)
class Message:
    """A message of the preview; ``html``: its text with links, ``moment``: when it was sent, ISO 8601."""

    number: int
    html: str
    moment: str


def read_messages(page: str) -> list[Message] | None:
    """Return the messages of a preview page, oldest first; None where the page is no preview."""
    parser = _Preview()
    parser.feed(page)
    parser.close()
    return list(parser.list_messages()) if parser.is_preview else None


class _Preview(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.is_preview = False
        self._found: dict[int, dict[str, str]] = {}
        self._number = 0
        #: Depth of the text block that is being read, 0 outside of one.
        self._depth = 0

    def list_messages(self) -> Iterator[Message]:
        """Yield the messages in the order of the page."""
        for number, parts in self._found.items():
            yield Message(number, parts.get("html", ""), parts.get("moment", ""))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = values.get("class", "").split()
        if self._depth:
            self._depth += tag not in _VOID
            self._write(self.get_starttag_text() or "")
            return
        self.is_preview = self.is_preview or "tgme_channel_history" in classes
        post = _NUMBER.fullmatch(values.get("data-post", ""))
        if post:
            self._number = int(post["number"])
            self._found[self._number] = {}
        elif self._number and "tgme_widget_message_text" in classes:
            self._depth = 1
        elif self._number and tag == "time" and values.get("datetime"):
            self._found[self._number]["moment"] = values["datetime"]

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in _VOID:
            self._depth -= 1
            if self._depth:
                self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def _write(self, part: str) -> None:
        if self._depth:
            parts = self._found[self._number]
            parts["html"] = parts.get("html", "") + part
