"""Read rich text as Wagtail stores it into paragraphs of styled words.

The text comes out of Wagtail's own converter, so a small scanner suffices. It never looks twice at
a character: Python's HTML parser takes quadratic time on unclosed markup.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from .word_matching import WORD

STYLES = {
    "b": "tebal",
    "strong": "tebal",
    "i": "miring",
    "em": "miring",
    "u": "garis bawah",
    "s": "coret",
    "strike": "coret",
    "del": "coret",
    "sup": "pangkat",
    "sub": "indeks",
    "code": "kode",
}
BLOCKS = {
    "p": "Paragraf",
    "div": "Paragraf",
    "li": "Butir daftar",
    "h1": "Judul",
    "h2": "Subjudul",
    "h3": "Anak subjudul",
    "h4": "Anak subjudul tingkat 4",
    "h5": "Anak subjudul tingkat 5",
    "h6": "Anak subjudul tingkat 6",
    "blockquote": "Kutipan",
}
EMBEDS = {"hr": "Garis pemisah", "embed": "Sisipan"}
NUMBERED = "Butir daftar bernomor"
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*+)([^<>]*+)>|(?:[^<]|<(?![/a-zA-Z]))+|<")
_ATTRIBUTE = re.compile(r"""([\w-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
#: Invisible characters that reorder or hide text; emoji joiners are left alone.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Link(NamedTuple):
    """A link's target: a URL ("url"), or the key of a page or document."""

    kind: str
    target: str


class Token(NamedTuple):
    """One word with its styles; ``key`` is the word with the space before it."""

    key: str
    styles: frozenset[str] = frozenset()
    link: Link | None = None


@dataclass
class Paragraph:
    """One paragraph, list item or heading of a rich text."""

    label: str
    key: str = ""
    tokens: list[Token] = field(default_factory=list)
    #: The attributes of an embed, which has no words.
    embed: dict[str, str] = field(default_factory=dict)


def tokenise(text: str, styles=frozenset(), link=None, *, space: bool = False) -> list[Token]:
    """Return the words of a text; a line break is a word of its own, other spaces count once.

    ``space``: a space stands before the first word.
    """
    tokens, end = [], 0
    for found in WORD.finditer(text):
        between = text[end : found.start()]
        tokens += [Token("\n", styles, link)] * between.count("\n")
        spaced = bool(between.strip("\n")) or (space and end == 0)
        tokens.append(Token((" " if spaced else "") + found.group(), styles, link))
        end = found.end()
    tokens += [Token("\n", styles, link)] * text[end:].count("\n")
    return tokens


def show_invisible(text: str) -> str:
    """Replace invisible characters by their names, so that no change is hidden."""
    return _INVISIBLE.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)


def strip_tags(html: str, length: int) -> str:
    """Return the first words of a rich text that is too long to parse."""
    return " ".join(unescape(re.sub(r"<[^<>]*+>", " ", html[:length])).split())


def read(html: str) -> list[Paragraph]:
    """Return the paragraphs of a rich text."""
    return _Reader().read(html)


class _Reader:
    def __init__(self):
        self.paragraphs: list[Paragraph] = []
        self.current: Paragraph | None = None
        self.styles: Counter[str] = Counter()
        self.links: list[Link] = []
        self.lists: list[str] = []
        self.space = False
        self.pending: list[str] = []

    def read(self, html: str) -> list[Paragraph]:
        for found in _TAG.finditer(html):
            closing, name, rest = found.groups()
            if name is None:
                self.pending.append(found.group())
                continue
            self._add_text()
            if closing:
                self._close(name.lower())
            else:
                self._open(name.lower(), rest)
        self._add_text()
        return [paragraph for paragraph in self.paragraphs if paragraph.tokens or paragraph.embed]

    def _add_text(self) -> None:
        """Tokenise the text since the last tag."""
        text = unescape("".join(self.pending))
        self.pending.clear()
        words = " ".join(text.split())
        if not words:
            self.space = self.space or bool(text)
            return
        current = self.current or self._start("Paragraf")
        link = self.links[-1] if self.links else None
        space = bool(current.tokens) and (self.space or text[0].isspace())
        current.tokens += tokenise(words, frozenset(+self.styles), link, space=space)
        self.space = text[-1].isspace()

    def _start(self, label: str, key: str = "") -> Paragraph:
        self.current = paragraph = Paragraph(label, key)
        self.paragraphs.append(paragraph)
        self.space = False
        return paragraph

    def _open(self, name: str, rest: str) -> None:
        if name in STYLES:
            self.styles[STYLES[name]] += 1
        elif name == "a":
            self.links.append(_read_link(_read_attributes(rest)))
        elif name in {"ul", "ol"}:
            self.lists.append(name)
        elif name == "br" and self.current is not None:
            self.current.tokens.append(Token("\n"))
            self.space = False
        elif name in EMBEDS:
            self.paragraphs.append(Paragraph(EMBEDS[name], embed={"tag": name} | _read_attributes(rest)))
            self.current = None
        elif name in BLOCKS:
            numbered = name == "li" and self.lists[-1:] == ["ol"]
            key = _read_attributes(rest).get("data-block-key", "")
            self._start(NUMBERED if numbered else BLOCKS[name], key)

    def _close(self, name: str) -> None:
        if name in STYLES:
            self.styles[STYLES[name]] -= self.styles[STYLES[name]] > 0
        elif name == "a":
            del self.links[-1:]
        elif name in {"ul", "ol"}:
            del self.lists[-1:]
            self.current = None
        elif name in BLOCKS:
            self.current = None


def _read_attributes(rest: str) -> dict[str, str]:
    return {name.lower(): unescape(double or single) for name, double, single in _ATTRIBUTE.findall(rest)}


def _read_link(attributes) -> Link:
    if attributes.get("linktype"):
        return Link(attributes["linktype"], attributes.get("id", ""))
    return Link("url", attributes.get("href", ""))
