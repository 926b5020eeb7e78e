"""Read rich text as plain paragraphs, with the URLs of its links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

_BORDERS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "figure", "figcaption"}
    | {"ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "tr", "td", "th"}
)
_LISTS = frozenset({"ul", "ol"})
#: Attributes whose values a reader sees or can open.
_SHOWN_ATTRIBUTES = ("href", "src", "url", "alt", "title")
_UNSEEN = frozenset({"script", "style"})


@dataclass(frozen=True)
class Line:
    """One paragraph or list item; ``opens``: a new paragraph as a reader counts them begins here."""

    text: str = field(repr=False)
    opens: bool
    point: int = 0
    is_address: bool = False


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.depth = 0
        self.points = 0
        self.is_new_list = False
        self.unseen = 0

    def handle_starttag(self, tag, attributes):
        if tag in _BORDERS:
            self.flush()
        if tag == "br":
            self.words.append("\n")
        if tag in _UNSEEN:
            self.unseen += 1
        if tag in _LISTS:
            if not self.depth:
                self.points, self.is_new_list = 0, True
            self.depth += 1
        if tag == "li":
            self.points += 1
        for name, value in attributes:
            if name in _SHOWN_ATTRIBUTES and value:
                self.addresses.append(value)
                if unquote(value) != value:
                    self.addresses.append(unquote(value))

    def handle_endtag(self, tag):
        if tag in _BORDERS:
            self.flush()
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag in _LISTS:
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data):
        if not self.unseen:
            self.words.append(data)

    def flush(self):
        text = "".join(self.words).strip()
        point = self.points if self.depth else 0
        if text or self.addresses:
            opens = self.is_new_list if self.depth else True
            self.is_new_list = False
            self.lines.append(Line(text, opens, point))
            self.lines.extend(Line(address, False, point, True) for address in self.addresses)
        self.words, self.addresses = [], []


def read_markup(source: str) -> list[Line]:
    """Return the lines of a piece of rich text, with no tag and no entity left."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.flush()
    return reader.lines
