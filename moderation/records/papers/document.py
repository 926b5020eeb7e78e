"""Building blocks of a printed document: plain data without Django, for two renderers.

Texts are never interpreted as markup.
"""

import re
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import regex

#: Direction marks can reorder text visually; they are printed visibly.
_HIDDEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: More combining marks on one letter than any script uses; they slow down layout.
_PILE = regex.compile(r"(\p{M}{8})\p{M}+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
#: Characters of one text; the rest is cut with a note and remains on the worksheet.
MAX_TEXT = 40_000
#: Characters of one document; a longer one is refused, because it would take minutes.
MAX_PAPER = 1_000_000


class PaperTooLarge(Exception):
    """The document would be too long; the message says what to do."""


@dataclass(frozen=True)
class Run:
    """A piece of text. ``mark``: "", "ins", "del", "strong", "code" or "quiet"."""

    text: str
    mark: str = ""
    href: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Runs one after the other; line ends in their texts stay line ends."""

    runs: list[Run]
    style: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading; its number is part of the text."""

    text: str
    level: int = 2
    kind: str = "heading"


@dataclass(frozen=True)
class Facts:
    """Names and values, a line each."""

    rows: list[tuple[str, list[Run]]]
    kind: str = "facts"


@dataclass(frozen=True)
class Option:
    """One box of a form, ticked or not."""

    text: str
    ticked: bool


@dataclass(frozen=True)
class Cell:
    """One field of a form: a label above its value, or boxes to tick; ``span`` of 12 columns."""

    label: str
    runs: list[Run] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    span: int = 12
    #: Room to write by hand, in millimetres.
    height: int = 0


@dataclass(frozen=True)
class Form:
    """A ruled form with rows of cells, as on the office's form."""

    rows: list[list[Cell]]
    kind: str = "form"


@dataclass(frozen=True)
class Column:
    """One column of a table; ``lines`` are its headings one below the other."""

    lines: list[str]
    width: int


@dataclass(frozen=True)
class Table:
    """A table whose head is repeated on every page; a cell is a list of paragraphs (lists of runs)."""

    caption: str
    columns: list[Column]
    rows: list[list[list[list[Run]]]]
    #: Small type and rows that stay on one page.
    is_dense: bool = False
    kind: str = "table"


@dataclass(frozen=True)
class Signature:
    """Space for a handwritten signature."""

    place_and_date: str
    title: list[str]
    name: str
    details: list[str]
    kind: str = "signature"


@dataclass(frozen=True)
class Code:
    """A QR code with a description of its target."""

    address: str
    caption: str
    #: Whether the code is an address; otherwise it is words to be compared.
    is_link: bool = True


@dataclass(frozen=True)
class Paper:
    """One document: letterhead, title, blocks, and the footer of every page."""

    title: str
    subtitle: str
    file_name: str
    letterhead: list[str]
    blocks: list
    footer: str
    is_landscape: bool = False
    code: Code | None = None


def say(text, mark: str = "", href: str = "") -> list[Run]:
    """Return a text as the runs of one paragraph, a dash for an empty one."""
    return [Run(str(text), mark, href)] if text not in (None, "") else [Run("–")]


def as_data(paper: Paper) -> dict:
    """Return the document as lists and dictionaries, every text cleaned by ``tidy``.

    Raises PaperTooLarge when all its texts together are too long.
    """
    data, length = _read(paper)
    if length > MAX_PAPER:
        raise PaperTooLarge(
            "Naskah cetak ini terlalu panjang untuk dibuat. Gunakan lembar kerja untuk membaca seluruh isinya."
        )
    return data


def _read(value) -> tuple[Any, int]:
    if isinstance(value, str):
        text = tidy(value)
        return text, len(text)
    if is_dataclass(value):
        value = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        read_by_name = {name: _read(found) for name, found in value.items()}
        length = sum(length for _found, length in read_by_name.values())
        return {name: found for name, (found, _length) in read_by_name.items()}, length
    if isinstance(value, (list, tuple)):
        read = [_read(found) for found in value]
        return [found for found, _length in read], sum(length for _found, length in read)
    return value, 0


def tidy(text: str, limit: int = MAX_TEXT) -> str:
    """Return the text bounded, without control characters, and with visible direction marks, so
    that both renderers accept it."""
    if len(text) > limit:
        whole = f"{len(text):,}".replace(",", ".")
        text = f"{text[:limit]} … [dipotong; seluruhnya {whole} karakter, lihat lembar kerja]"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(" ", text)
    return _PILE.sub(r"\1", _HIDDEN.sub(_show, text))


def _show(match) -> str:
    return f"[U+{ord(match[0]):04X}]"


def make_file_name(*parts: str) -> str:
    """Return a portable file name: "lembar-disposisi-001-400.1-XI-2026.pdf"."""
    words = re.sub(r"[^A-Za-z0-9.]+", "-", "-".join(part for part in parts if part)).strip("-.")
    return f"{words[:120]}.pdf"
