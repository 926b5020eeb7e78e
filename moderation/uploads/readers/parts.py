"""What a reader hands over, part by part, and the numbers written as a person reads them."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

#: What a person sees on opening the file.
TEXT = "text"
#: What lies around it: properties, link targets, alt texts.
AROUND = "around"
#: What was not read, as the other kinds; the value says where.
SCAN, SILENT, LETTERS, PICTURE, MEDIA, INNER, LOCKED, BROKEN, CUT = (
    "scan", "silent", "letters", "picture", "media", "inner", "locked", "broken", "cut",
)  # fmt: skip

#: A number as a spreadsheet stores it, with more digits than it shows: 3.3131501018000E+15, 81234567890.0
_STORED = re.compile(r"(?<![\w.,])-?\d[.,]\d{4,20}E\+?\d{1,2}(?![\w])|(?<![\w.,])\d{8,20}\.0+(?![\w.,])", re.IGNORECASE)
_MOST_DIGITS = 25
_IDENTIFIER = re.compile(r"[{(]?[0-9A-Fa-f]+(?:-[0-9A-Fa-f]+)*[)}]?|rId\d+|-?\d{1,10}|#?[0-9A-Fa-f]{6,8}")
_DIGITS = re.compile(r"\d")
_PHRASE = re.compile(r"[^\W\d_]{2}.*[\s.,\-/]|[\s.,\-/].*[^\W\d_]{2}", re.DOTALL)
#: Attributes that hold addresses of schemas, keys and shapes, never anything that a person sees.
_STRUCTURAL = re.compile(
    r"(?i)(?:xmlns.*|(?:\w+:)?(?:\w*type|uri|schemalocation|rsid\w*|paraid|textid|\w*guid|panose|gfxdata|d|path|points|"
    r"enhanced-path|view-?box|modifiers|glue-points|transform|coord(?:size|origin)|adj|spid))$"
)
#: Between the cells of a row: a sign that no number goes over, and that the scanner knows as the border of a cell.
BORDER = " | "


class Part(NamedTuple):
    """A text, or the name of what was not read."""

    kind: str
    value: str = ""


def bound(parts: Iterator[Part], max_characters: int) -> Iterator[Part]:
    """Pass the parts on until the texts are longer than ``max_characters``, then name the cut."""
    room = max_characters
    for part in parts:
        if part.kind not in {TEXT, AROUND}:
            yield part
            continue
        yield Part(part.kind, expand_numbers(part.value[:room]))
        room -= len(part.value)
        if room <= 0:
            yield Part(CUT)
            return


def expand_numbers(text: str) -> str:
    """Write each number that is stored with an exponent or an empty fraction with all its digits."""
    return _STORED.sub(lambda found: write_number(found.group()), text)


def write_number(stored: str) -> str:
    """Return a stored number with all its digits; anything else as it is."""
    try:
        number = Decimal(stored.replace(",", "."))
    except InvalidOperation:
        return stored
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return stored
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


@lru_cache(maxsize=4096)
def is_words(name: str, value: str) -> bool:
    """Say whether an attribute or a key may hold something that a person reads: a phrase, a number, an address."""
    if _STRUCTURAL.match(name):
        return False
    digits = len(_DIGITS.findall(value))
    if digits >= 9 and (digits >= 12 or not name.lower().endswith("id")):
        return not ("-" in value and _IDENTIFIER.fullmatch(value) and re.search("[A-Fa-f]", value))
    if _IDENTIFIER.fullmatch(value):
        return False
    return "@" in value or "://" in value or bool(_PHRASE.search(value)) or name.rpartition(":")[2] in _NAMES


#: Attributes whose single words are read too.
_NAMES = frozenset({"name", "title", "descr", "displayName", "caption", "v", "alt", "author", "tooltip"})


def clean_address(value: str) -> str:
    """Return an address with its escaped signs as they are read."""
    return unquote(value) if "%" in value else value
