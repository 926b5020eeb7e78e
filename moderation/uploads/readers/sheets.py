"""Read the cells of a workbook (SpreadsheetML): as they are shown, and as they are stored."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.parsers import expat

from .markup import read_markup
from .parts import AROUND, BORDER, TEXT, Part, clean_address, write_number

#: What the beginning of a part says about it, under any prefix.
_ROOT = re.compile(rb"(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)*<(?:\w+:)?(\w+)[\s>]", re.DOTALL)
_SPREADSHEET = re.compile(rb"spreadsheetml/(?:2006/)?main")
_MOST_COLUMNS = 200
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 (a day of a calendar, not a moment)
_DATES = {14, 15, 16, 17, 22, 27, 30, 36, 50, 57}
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_ZEROS = re.compile(r"[0#?]")
_SIGN = re.compile(r'"([^"]*)"|\\(.)|(\[[^\]]*\]|[_*].|.)')
#: A place for a digit that is always shown, and for one that is shown where there is one.
_PLACES = ("\x00", "\x01")


def is_sheet(content: bytes) -> bool:
    """Say whether a part is a sheet with cells, by its root and not by its name."""
    return _get_root(content) == b"worksheet"


def _get_root(content: bytes) -> bytes:
    start = content[:2000].lstrip(b"\xef\xbb\xbf")
    found = _ROOT.match(start)
    return found[1] if found and _SPREADSHEET.search(start) else b""


class Workbook:
    """The texts that all sheets share, and how their cells show numbers."""

    def __init__(self):
        self._texts: list[str] = []
        self._used: set[int] = set()
        self._formats: list[str] = []

    def take(self, content: bytes) -> bool:
        """Keep a part that the cells refer to; say whether it was one."""
        root = _get_root(content)
        if root == b"sst":
            return self._parse(content, _Texts(self._texts))
        if root == b"styleSheet":
            self._parse(content, _Formats(self._formats))
        return False

    def read_sheet(self, content: bytes, name: str) -> Iterator[Part]:
        """Yield the rows as shown; as stored too where a cell differs; then whatever else the part holds."""
        cells = _Cells(self._texts, self._used, self._formats)
        # A part that is damaged is read, and named, by the reader of markup.
        if self._parse(content, cells):
            yield Part(TEXT, "\n".join(cells.shown) + "\n\n")
            if cells.stored != cells.shown:
                yield Part(TEXT, "\n".join(cells.stored) + "\n\n")
            yield Part(AROUND, "\n\n\n".join(dict.fromkeys(cells.formulas)))
            yield from read_markup(content, name, skipped=frozenset({"sheetData"}))
        else:
            yield from read_markup(content, name)

    def read_unused(self) -> Iterator[Part]:
        """Yield the shared texts to which no cell refers."""
        left = [text for number, text in enumerate(self._texts) if number not in self._used]
        if left:
            yield Part(AROUND, "\n\n".join(left))

    @staticmethod
    def _parse(content: bytes, handler) -> bool:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: handler.start(name.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = handler.characters
        try:
            parser.Parse(content, True)
        except expat.ExpatError:
            return False
        return True


class _Texts:
    def __init__(self, texts: list[str]):
        self._texts, self._reading = texts, 0
        self._words: list[str] = []

    def start(self, name, _attributes):
        if name == "t":
            self._reading += 1
        elif name == "rPh":  # how a Chinese sign is spoken
            self._reading -= 1

    def end(self, name):
        if name == "t":
            self._reading -= 1
        elif name == "rPh":
            self._reading += 1
        elif name == "si":
            self._texts.append("".join(self._words))
            self._words = []

    def characters(self, words):
        if self._reading > 0:
            self._words.append(words)


class _Formats:
    def __init__(self, formats: list[str]):
        self._formats, self._is_inside = formats, False
        self._own: dict[str, str] = {}

    def start(self, name, attributes):
        if name == "numFmt":
            self._own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._is_inside = True
        elif name == "xf" and self._is_inside:
            key = attributes.get("numFmtId", "0")
            self._formats.append("dd/mm/yyyy" if key.isdigit() and int(key) in _DATES else self._own.get(key, ""))

    def end(self, name):
        if name == "cellXfs":
            self._is_inside = False

    def characters(self, _words):
        pass


class _Cells:
    def __init__(self, texts, used, formats):
        self._texts, self._used, self._formats = texts, used, formats
        self.shown: list[str] = []
        self.stored: list[str] = []
        self.formulas: list[str] = []
        self._row: dict[int, tuple[str, str]] = {}
        self._column, self._kind, self._format = -1, "n", ""
        self._value: list[str] = []
        self._words: list[str] = []
        self._formula: list[str] = []
        self._into: list[str] | None = None

    def start(self, name, attributes):
        if name == "c":
            self._column = _get_column(attributes.get("r", ""), self._column + 1)
            self._kind = attributes.get("t", "n")
            style = attributes.get("s", "")
            self._format = self._formats[int(style)] if style.isdigit() and int(style) < len(self._formats) else ""
            self._value, self._words, self._formula = [], [], []
        elif name == "row":
            self._row, self._column = {}, -1
        elif name in {"v", "t", "f"}:
            self._into = {"v": self._value, "t": self._words, "f": self._formula}[name]

    def end(self, name):
        if name in {"v", "t", "f"}:
            self._into = None
        elif name == "c":
            self._row[self._column] = self._read_cell()
            formula = "".join(self._formula)
            if '"' in formula:
                self.formulas.append(clean_address(formula))
        elif name == "row" and self._row:
            columns = range(min(max(self._row), _MOST_COLUMNS) + 1)
            beyond = [column for column in self._row if column > _MOST_COLUMNS]
            for lines, which in ((self.shown, 0), (self.stored, 1)):
                cells = [self._row.get(column, ("", ""))[which] for column in (*columns, *beyond)]
                if line := BORDER.join(cells).rstrip(BORDER):
                    lines.append(line)

    def characters(self, words):
        if self._into is not None:
            self._into.append(words)

    def _read_cell(self) -> tuple[str, str]:
        value = "".join(self._value)
        if self._kind == "s":
            number = int(value) if value.strip().isdigit() else -1
            self._used.add(number)
            value = self._texts[number] if 0 <= number < len(self._texts) else ""
        elif self._kind == "inlineStr":
            value = "".join(self._words)
        elif self._kind in {"n", ""}:
            stored = write_number(value.strip())
            return show_number(stored, self._format), stored
        value = " ".join(value.split())
        return value, value


def _get_column(reference: str, following: int) -> int:
    """Return the number of a cell's column, from 0; a cell without a reference follows the one before."""
    number = 0
    for letter in reference:
        if not ("A" <= letter <= "Z"):
            break
        number = number * 26 + ord(letter) - 64
    return number - 1 if number else following


def show_number(stored: str, code: str) -> str:
    """Return a number as its format shows it: a date, or digits in a pattern with signs between them.

    Formats of amounts and of times, and the general one, leave it as it is stored.
    """
    section = code.split(";")[0]
    bare = _QUOTED.sub("", section)
    if re.search("[dy]", bare, re.IGNORECASE):
        return _show_date(stored)
    if not stored.isdigit() or "," in bare or "." in bare or "%" in bare or not _ZEROS.search(bare):
        return stored
    return _fill(stored, section)


def _show_date(stored: str) -> str:
    try:
        return f"{_FIRST_DAY + timedelta(days=float(stored)):%d/%m/%Y}"
    except (ValueError, OverflowError):
        return stored


def _fill(digits: str, section: str) -> str:
    """Put the digits into the places of a pattern, from the right, as a spreadsheet does."""
    signs = [_read_sign(*found) for found in _SIGN.findall(section)]
    rest, first = digits, 0
    for number in range(len(signs) - 1, -1, -1):
        if signs[number] in _PLACES:
            signs[number] = rest[-1:] or ("0" if signs[number] == _PLACES[0] else "")
            rest = rest[:-1]
            first = number
    # What is left over stands before the first place.
    signs[first] = rest + signs[first]
    return "".join(signs)


def _read_sign(quoted: str, escaped: str, sign: str) -> str:
    """Return a sign of a pattern: one of ``_PLACES``, or what is shown as it is."""
    if sign in {"0", "#", "?"}:
        return _PLACES[sign != "0"]
    return quoted or escaped or (sign if len(sign) == 1 else "")
