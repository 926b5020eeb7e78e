"""One way of writing: what looks the same to a reader becomes the same text, with the way back to the original."""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

_UNTOUCHED = re.compile(r"[\t\n\r\x20-\x7e]*")
#: Marks that show nothing and are no Cf: fillers of Hangul, the joiner of graphemes, blanks of Braille.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_WRITTEN_AS = {
    "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n",
    "\u2212": "-", "\u2043": "-", "\u02d7": "-", "\u30fc": "-",
    "\u00b7": ".", "\u2022": ".", "\u2027": ".", "\u2219": ".", "\u22c5": ".", "\u30fb": ".", "\u3002": ".",
    "\u2044": "/", "\u2215": "/", "\u29f8": "/",
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"',
}  # fmt: skip
#: Letters of scripts without capitals, unassigned and private characters.
_PLAIN = frozenset({"Lo", "Cn", "Co"})
#: From here on there are only rare ideographs, tags that show nothing, and private characters.
_RARE, _FIRST_TAG, _LAST_TAG = "\U00020000", "\U000e0000", "\U000e0fff"
#: The longest spelling that a single character may become; the rest (ligatures of whole phrases) stays.
_LONGEST = 4
_KEPT_SPELLINGS = 20_000
#: A text with more characters of different kinds is no prose.
_MOST_WRITTEN = 1_000


def _spell(char: str) -> str:
    """Return how a character counts: digits of any script as ASCII, any dash as "-", unseen marks as nothing."""
    category = unicodedata.category(char)
    if category in _PLAIN and unicodedata.is_normalized("NFKC", char) and char not in _INVISIBLE:
        return char
    if char in _WRITTEN_AS:
        return _WRITTEN_AS[char]
    if char in _INVISIBLE:
        return ""
    if category in ("Cf", "Mn", "Me", "Cc", "Cs"):
        return char if char in "\t\n\r" else ""
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    spelling = unicodedata.normalize("NFKC", char)
    if spelling == char or len(spelling) > _LONGEST:
        return char
    return "".join(map(_spell, spelling))


class _Spellings(dict[str, str]):
    def __missing__(self, char: str) -> str:
        if char >= _RARE:
            return "" if _FIRST_TAG <= char <= _LAST_TAG else char
        spelling = _spell(char)
        if len(self) < _KEPT_SPELLINGS:
            self[char] = spelling
        return spelling


_SPELLINGS = _Spellings()


@dataclass(frozen=True, slots=True)
class Normal:
    """The text in one way of writing; ``low`` is the same in small letters, character for character."""

    text: str
    low: str
    _index: Sequence[int] | None

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return where this part stands in the original text."""
        if self._index is None:
            return start, end
        return self._index[start], self._index[end - 1] + 1


def _translate(original: str) -> str | None:
    """Return the text where each of its characters, if they are few, becomes one other; else None."""
    written = set(original)
    if len(written) > _MOST_WRITTEN:
        return None
    table = {ord(char): _SPELLINGS[char] for char in written}
    return original.translate(table) if all(len(spelling) == 1 for spelling in table.values()) else None


def normalise(original: str) -> Normal:
    """Return the text in one way of writing, in a single pass."""
    if _UNTOUCHED.fullmatch(original):
        return Normal(original, original.lower(), None)
    text = _translate(original)
    spellings = [] if text is not None else [_SPELLINGS[char] for char in original]
    if text is None:
        text = "".join(spellings)
    low = text.lower()
    if len(low) != len(text):  # some capitals have small letters of two characters
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    if not spellings:
        return Normal(text, low, None)
    return Normal(text, low, array("L", [place for place, spelling in enumerate(spellings) for _ in spelling]))
