"""Read the words of an XML part: paragraphs, tables, tracked changes, and the attributes that hold words."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .parts import AROUND, BORDER, BROKEN, TEXT, Part, clean_address, is_words, write_number

_PARAGRAPHS = frozenset({"p", "h", "si", "is", "text"})
_ROWS, _CELLS = frozenset({"tr", "table-row"}), frozenset({"tc", "td", "th", "table-cell", "covered-table-cell"})
_TABLES = frozenset({"tbl", "table"})
_SIGNS = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-",
}  # fmt: skip
#: Of a text under revision: what only the old version has, and what only the new one has.
_OLD, _NEW = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})
_TAG = re.compile(r"<[^>]*>")
_MOST_REPEATED = 50
#: Elements whose text is a place in a layout, and those whose attributes are keys.
_PLACES = frozenset({"posOffset", "pctWidth", "pctHeight"})
_KEYS = frozenset({"id", "nsid", "tmpl", "panose1", "sig", "creationId", "rsid", "rsidRoot"})


class ForbiddenMarkup(Exception):
    """The part declares entities, which no office program writes."""


#: What ``Words.feed`` raises for a part that it cannot read to its end.
UNREADABLE = (expat.ExpatError, ForbiddenMarkup, LookupError)


@dataclass
class _Lines:
    """Text under construction in two versions: ``new`` with every tracked change, ``old`` without."""

    new: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)

    def add(self, words: str, is_new: bool = True, is_old: bool = True) -> None:
        if is_new:
            self.new.append(words)
        if is_old:
            self.old.append(words)


@dataclass
class _Paragraph(_Lines):
    #: The mark at its end, where that is deleted or inserted: the version that has it.
    mark: str = ""


@dataclass
class _Cell:
    lines: list[str] = field(default_factory=list)
    stored: str = ""
    repeated: int = 1


class Words:
    """The words of one XML part. Feed it once; the names of elements are read without their prefixes."""

    def __init__(self, skipped: frozenset[str] = frozenset()):
        self.out = _Lines()
        self.attributes: list[str] = []
        self._skipped, self._skipping = skipped, 0
        self._stack: list[str] = []
        self._paragraphs: list[_Paragraph] = []
        self._loose: list[str] = []
        self._rows: list[list[_Cell]] = []
        self._cells: list[_Cell] = []
        self._stored_rows: list[str] = []
        self._has_stored = False
        self._old = self._new = 0
        self._has_changes = False
        #: OpenDocument keeps deleted passages apart, under keys that the text refers to.
        self._deleted: dict[str, str] = {}
        self._region = ""
        self._inserted: set[str] = set()

    def feed(self, content: bytes) -> None:
        """Parse the part; raises ExpatError or ForbiddenMarkup, with what was read until then kept."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = _refuse
        try:
            parser.Parse(content, True)
        finally:
            self._flush_loose()
            while self._paragraphs:
                self._close_paragraph()
            self._close_table()

    def get_parts(self, kind: str = TEXT) -> Iterator[Part]:
        """Return the text, then as it was before its tracked changes, then the attributes."""
        yield Part(kind, "".join(self.out.new))
        if self._has_changes:
            yield Part(kind, "\n\n" + "".join(self.out.old))
        if self.attributes:
            # Set apart, so that no two are read as one.
            yield Part(AROUND, "\n\n\n".join(dict.fromkeys(self.attributes)))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._stack.append(local)
        if self._skipping or local in self._skipped or local in _PLACES:
            self._skipping += 1
            return
        if not self._paragraphs:
            self._flush_loose()
        if local not in _KEYS:
            self._read_attributes(local, attributes)
        if local in _PARAGRAPHS:
            self._paragraphs.append(_Paragraph())
        elif local in _SIGNS and self._paragraphs:
            self._write(_SIGNS[local])
        elif local in _ROWS:
            self._rows.append([])
        elif local in _CELLS:
            self._cells.append(_read_cell(attributes))
        elif local in _TABLES:
            self.out.add("\n")
        else:
            self._start_change(name, local, attributes)

    def _start_change(self, name, local, attributes) -> None:
        if local in _OLD or local in _NEW:
            self._has_changes = True
            if local in _OLD:
                self._old += 1
            else:
                self._new += 1
            if self._stack[-3:-1] == ["pPr", "rPr"] and self._paragraphs:
                self._paragraphs[-1].mark = "old" if local in _OLD else "new"
        elif name == "text:s":
            self._write(" ")
        elif name == "w:sym":
            self._write(_read_symbol(attributes.get("w:char", "")))
        elif name.startswith("text:change"):
            self._start_open_change(local, attributes)

    def _start_open_change(self, local, attributes) -> None:
        key = attributes.get("text:change-id") or attributes.get("text:id") or attributes.get("xml:id") or ""
        if local == "changed-region":
            self._region, self._has_changes = key, True
        elif local == "change" and key in self._deleted:
            self._lines.add(self._deleted[key], is_new=False)
        elif local == "change-start":
            self._inserted.add(key)
        elif local == "change-end":
            self._inserted.discard(key)

    def _end(self, name: str) -> None:
        local = self._stack.pop()
        if self._skipping:
            self._skipping -= 1
            return
        if local in _PARAGRAPHS:
            self._close_paragraph()
        elif not self._paragraphs:
            self._flush_loose()
        if local in _OLD or local in _NEW:
            self._old -= local in _OLD
            self._new -= local in _NEW
        else:
            self._end_table(local)

    def _end_table(self, local: str) -> None:
        if local in _CELLS and self._cells:
            cell = self._cells.pop()
            if self._rows:
                self._rows[-1] += [cell] * cell.repeated
        elif local in _ROWS and self._rows:
            self._close_row(self._rows.pop())
        elif local in _TABLES:
            self._close_table()
        elif local == "changed-region":
            self._region = ""
        elif local == "r" and not self._paragraphs:
            self.out.add("\n")

    def _characters(self, words: str) -> None:
        if self._skipping:
            return
        if self._paragraphs:
            self._write(words)
        else:
            self._loose.append(words)

    @property
    def _lines(self) -> _Lines:
        return self._paragraphs[-1] if self._paragraphs else self.out

    def _write(self, words: str) -> None:
        is_old_only = self._old > 0 or self._stack[-1:] == ["delText"]
        self._lines.add(words, is_new=not is_old_only, is_old=not (self._new or self._inserted))

    def _close_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        new, old = "".join(paragraph.new), "".join(paragraph.old)
        if self._region:
            kept = self._deleted.get(self._region)
            self._deleted[self._region] = new if kept is None else f"{kept}\n{new}"
        elif self._cells:
            self._cells[-1].lines.append(new.strip())
            if old != new:
                self.out.add(old + "\n", is_new=False)
        else:
            self.out.add(new + ("" if paragraph.mark == "old" else "\n"), is_old=False)
            self.out.add(old + ("" if paragraph.mark == "new" else "\n"), is_new=False)

    def _flush_loose(self) -> None:
        words = "".join(self._loose).strip()
        self._loose.clear()
        if not words:
            return
        if self._cells:
            self._cells[-1].lines.append(words)
        elif not self._region:
            # No number goes on into the next one.
            self.out.add(words + (BORDER if words.isdigit() else "") + "\n")

    def _close_row(self, cells: list[_Cell]) -> None:
        shown = [" ".join(" ".join(cell.lines).split()) for cell in cells]
        if any(shown):
            self.out.add(BORDER.join(shown).rstrip(BORDER) + "\n")
        stored = [cell.stored or words for cell, words in zip(cells, shown, strict=True)]
        if any(stored):
            self._stored_rows.append(BORDER.join(stored).rstrip(BORDER))
        self._has_stored = self._has_stored or any(
            _only_digits(cell.stored) not in _only_digits(words) for cell, words in zip(cells, shown, strict=True)
        )

    def _close_table(self) -> None:
        self.out.add("\n")
        if self._rows:
            return
        if self._has_stored:
            self.out.add("\n" + "\n".join(self._stored_rows) + "\n\n")
        self._stored_rows, self._has_stored = [], False

    def _read_attributes(self, local: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if local in {"s", "n", "cacheField"} and name in {"v", "name"}:
                self._read_cached(local, value)
            elif is_words(name, value):
                self.attributes.append(clean_address(value))

    def _read_cached(self, local: str, value: str) -> None:
        """Read a value of a pivot cache: under its field, or in a row of its records."""
        if local == "cacheField":
            self.out.add(f"\n{value}\n")
        else:
            self.out.add(value + (BORDER if self._stack[-2:-1] == ["r"] else "\n"))


def read_markup(content: bytes, name: str, kind: str = TEXT, skipped: frozenset[str] = frozenset()) -> Iterator[Part]:
    """Return the words of an XML part; one that is damaged is read without its structure, and named."""
    words = Words(skipped)
    try:
        words.feed(content)
    except UNREADABLE:
        yield Part(TEXT, strip_tags(content.decode("utf-8", "replace")))
        # Drawings of the old kind are HTML rather than XML.
        if not name.lower().endswith(".vml"):
            yield Part(BROKEN, name)
    yield from words.get_parts(kind)


def strip_tags(marked: str) -> str:
    """Return the words of markup that no parser takes."""
    return html.unescape(_TAG.sub("\n", marked))


def _refuse(*_declaration) -> None:
    raise ForbiddenMarkup


def _read_cell(attributes: dict[str, str]) -> _Cell:
    """Return a cell of a table; in OpenDocument with the value that is stored, and how often it stands."""
    stored = attributes.get("office:value") or attributes.get("office:string-value") or ""
    repeated = attributes.get("table:number-columns-repeated", "1")
    count = int(repeated) if repeated.isdigit() else 1
    return _Cell([], write_number(stored), min(max(count, 1), _MOST_REPEATED))


def _read_symbol(code: str) -> str:
    """Return the sign of a symbol font by its code, which lies in the private area."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if 0xF020 <= number <= 0xF0FF:
        number -= 0xF000
    return chr(number) if 0x20 <= number < 0xD800 else ""


def _only_digits(words: str) -> str:
    return "".join(char for char in words if char.isdigit())
