"""The card's letters: which the bundled font has, how wide they are, and how a text is broken into lines."""

import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

MEDIUM, BOLD, BLACK = 500, 700, 800
LEADING = 1.16
ELLIPSIS = "…"
#: No card shows more than this, however small the letters are.
MAX_CHARACTERS = 600
_FOLDER = Path(__file__).with_name("fonts")
#: A character that no font has is drawn as the font's box.
_NOWHERE = "\uffff"


@cache
def get_font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return the bundled font; laid out without a library of the system, so that every server draws the same."""
    path = _FOLDER / f"plus-jakarta-sans-latin-{weight}-normal.woff"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def clean(text: str, limit: int = MAX_CHARACTERS) -> str:
    """Return the text on one line with the characters that the font has; an accent it lacks is left out,
    what is no letter of ours (emoji, other scripts, marks of direction, zero width) as well."""
    # What is far beyond the limit need not be read to the end.
    text = unicodedata.normalize("NFC", " ".join(text[: 20 * limit].split()))
    drawn = "".join(_replace(character) for character in text)
    return " ".join(drawn.split())[:limit].strip()


@lru_cache(maxsize=4096)
def _replace(character: str) -> str:
    if character == " " or _is_drawn(character):
        return character
    if unicodedata.category(character)[0] in "CZ":
        # A joiner between letters is nothing, a space of another width is a space.
        return "" if unicodedata.category(character) in ("Cf", "Cs") else " "
    return "".join(part for part in unicodedata.normalize("NFKD", character) if _is_drawn(part))


@lru_cache(maxsize=4096)
def _is_drawn(character: str) -> bool:
    if unicodedata.category(character)[0] in "CZM":
        return False
    font = get_font(40, MEDIUM)
    return bytes(font.getmask(character)) != bytes(font.getmask(_NOWHERE))


@lru_cache(maxsize=8192)
def measure(text: str, size: int, weight: int) -> float:
    """Return how far the text reaches to the right."""
    font = get_font(size, weight)
    return max(font.getlength(text), font.getbbox(text)[2])


def fit(text: str, width: int, height: int, sizes: range, weight: int) -> tuple[list[str], int]:
    """Return the lines of the text and the largest size in which they stay inside the room.

    ``sizes`` goes from large to small. Words stay whole until the smallest size; only a text
    that does not fit even then is cut, at a word where there is one.
    """
    place = bisect_left(sizes, True, key=lambda size: _stands(text, width, height, size, weight))
    if place < len(sizes):
        lines, size = _avoid_widow(text, _wrap(text, width, sizes[place], weight), width, sizes[place:], weight)
        return _balance(text, lines, width, size, weight), size
    size = sizes[-1]
    lines, most = _wrap(text, width, size, weight, may_break=True), int(height // get_line_height(size))
    return (_cut(lines, most, width, size, weight) if len(lines) > most else lines), size


def _stands(text, width, height, size, weight) -> bool:
    """Say whether the text stays inside the room in this size with every word whole."""
    lines = _wrap(text, width, size, weight)
    return lines is not None and len(lines) * get_line_height(size) <= height


def fit_line(text: str, width: int, sizes: range, weight: int) -> tuple[str, int]:
    """Return a text that stays on one line, and its size."""
    lines, size = fit(text, width, get_line_height(sizes[0]), sizes, weight)
    if len(lines) > 1:
        lines = _cut(lines, 1, width, size, weight)
    return "".join(lines), size


def get_line_height(size: int) -> int:
    return round(size * LEADING)


def _wrap(text, width, size, weight, *, may_break=False) -> list[str] | None:
    """Return the lines; None where a word is wider than a line and may not be broken."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if measure(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        if measure(word, size, weight) > width:
            if not may_break:
                return None
            *pieces, line = _break(word, width, size, weight)
            lines += pieces
    return [*lines, line] if line else lines


def _break(word, width, size, weight) -> list[str]:
    pieces = []
    while measure(word, size, weight) > width:
        end = bisect_right(range(1, len(word)), width, key=lambda count: measure(word[:count], size, weight)) or 1
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]


def _avoid_widow(text, lines, width, sizes, weight) -> tuple[list[str], int]:
    """A little smaller is better than one short word alone on the last line."""
    if len(lines) > 1 and measure(lines[-1], sizes[0], weight) < width / 3:
        for size in sizes:
            if size < sizes[0] * 0.84:
                break
            fewer = _wrap(text, width, size, weight)
            if len(fewer) < len(lines):
                return fewer, size
    return lines, sizes[0]


def _balance(text, lines, width, size, weight) -> list[str]:
    """Return as many lines of more even length."""
    low, high = width // 2, width
    while high - low > 8:
        middle = (low + high) // 2
        narrower = _wrap(text, middle, size, weight)
        if narrower is not None and len(narrower) <= len(lines):
            high, lines = middle, narrower
        else:
            low = middle
    return lines


def _cut(lines, count, width, size, weight) -> list[str]:
    *kept, last = lines[: max(count, 1)]
    while measure(last + ELLIPSIS, size, weight) > width:
        shorter = last.rsplit(" ", 1)[0] if " " in last else last[:-1]
        last = shorter.rstrip(" ,;:–-")
    return [*kept, last + ELLIPSIS]
