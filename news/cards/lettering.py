"""Set the card's text in the bundled font: clean, measure and break it into lines."""

import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

MEDIUM, BOLD, BLACK = 500, 700, 800
LEADING = 1.16
ELLIPSIS = "…"
#: Characters of a text on a card.
MAX_CHARACTERS = 600
_FOLDER = Path(__file__).with_name("fonts")
#: A character without a glyph, to recognise the font's placeholder box.
_NOWHERE = "\uffff"


@cache
def get_font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return the bundled font with Pillow's basic layout, for the same result on every server."""
    path = _FOLDER / f"plus-jakarta-sans-latin-{weight}-normal.woff"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def clean(text: str, limit: int = MAX_CHARACTERS) -> str:
    """Return the text on one line with the characters of the font; drop accents it lacks, emoji,
    other scripts, direction marks and zero-width characters."""
    # Skip text far beyond the limit.
    text = unicodedata.normalize("NFC", " ".join(text[: 20 * limit].split()))
    drawn = "".join(_replace(character) for character in text)
    return " ".join(drawn.split())[:limit].strip()


@lru_cache(maxsize=4096)
def _replace(character: str) -> str:
    if character == " " or _is_drawn(character):
        return character
    if unicodedata.category(character)[0] in "CZ":
        # Drop joiners; turn every other space into a plain one.
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
    """Return the text's width in pixels."""
    font = get_font(size, weight)
    return max(font.getlength(text), font.getbbox(text)[2])


def fit(text: str, width: int, height: int, sizes: range, weight: int) -> tuple[list[str], int]:
    """Return the lines of the text and the largest font size that fits the box.

    ``sizes`` is descending. Words are broken at the smallest size only; a text that still does not
    fit is cut, at a word boundary if possible.
    """
    place = bisect_left(sizes, True, key=lambda size: _stands(text, width, height, size, weight))
    if place < len(sizes):
        lines, size = _avoid_widow(text, _wrap(text, width, sizes[place], weight), width, sizes[place:], weight)
        return _balance(text, lines, width, size, weight), size
    size = sizes[-1]
    lines, most = _wrap(text, width, size, weight, may_break=True), int(height // get_line_height(size))
    return (_cut(lines, most, width, size, weight) if len(lines) > most else lines), size


def _stands(text, width, height, size, weight) -> bool:
    """Say whether the text fits the box in this size with whole words."""
    lines = _wrap(text, width, size, weight)
    return lines is not None and len(lines) * get_line_height(size) <= height


def fit_line(text: str, width: int, sizes: range, weight: int) -> tuple[str, int]:
    """Return a text that fits on one line, and its font size."""
    lines, size = fit(text, width, get_line_height(sizes[0]), sizes, weight)
    if len(lines) > 1:
        lines = _cut(lines, 1, width, size, weight)
    return "".join(lines), size


def get_line_height(size: int) -> int:
    return round(size * LEADING)


def _wrap(text, width, size, weight, *, may_break=False) -> list[str] | None:
    """Return the lines; None when a word is wider than a line and must not be broken."""
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
    """Prefer a slightly smaller size to one short word alone on the last line."""
    if len(lines) > 1 and measure(lines[-1], sizes[0], weight) < width / 3:
        for size in sizes:
            if size < sizes[0] * 0.84:
                break
            fewer = _wrap(text, width, size, weight)
            if len(fewer) < len(lines):
                return fewer, size
    return lines, sizes[0]


def _balance(text, lines, width, size, weight) -> list[str]:
    """Return the same number of lines with more even lengths."""
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
