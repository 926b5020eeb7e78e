"""Which cells of a table stand under a heading."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from .source import Source

_SEPARATORS = "\t|;"
#: A line with another behind it that has no long figure, is no field of a form, and ends no sentence.
_LINE = re.compile(r"^[^\n:]{0,199}[^\n.!?,:\s]\s?\n", re.MULTILINE)
_LONG_FIGURE = re.compile(r"\d{4}")
_BLOCK_END = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True)
class _Heading:
    """The rows under one line of headings: where they begin and end, and in which columns they are looked at."""

    start: int
    end: int
    separator: str
    columns: frozenset[int]


class Headings:
    """Every heading of one kind in a text; its rows go on to the next empty line.

    Where the line of headings has separators, the column counts.
    """

    def __init__(self, source: Source, words: re.Pattern[str]):
        self._low = source.low
        self._headings = [heading for line in source.once(_find_lines) if (heading := _read(source, line, words))]
        self._starts = [heading.start for heading in self._headings]

    def get_rows(self) -> Iterator[tuple[int, int]]:
        """Return where the rows under each heading begin and end; no two overlap."""
        for number, heading in enumerate(self._headings):
            following = self._starts[number + 1] if number + 1 < len(self._starts) else heading.end
            yield heading.start, min(heading.end, following)

    def hold(self, place: int) -> bool:
        """Say whether this place stands in a cell under such a heading."""
        known = bisect_right(self._starts, place) - 1
        if known < 0 or place >= self._headings[known].end:
            return False
        heading = self._headings[known]
        if not heading.separator:
            return True
        opening = self._low.rfind("\n", max(0, place - 400), place) + 1
        return self._low.count(heading.separator, opening, place) in heading.columns


def get_headings(source: Source, words: re.Pattern[str]) -> Headings:
    """Return the headings with these words; they are looked for once."""
    known: dict[re.Pattern[str], Headings] = source.remembered.setdefault(get_headings, {})
    if words not in known:
        known[words] = Headings(source, words)
    return known[words]


def _find_lines(source: Source) -> list[re.Match[str]]:
    lines = _LINE.finditer(source.low) if "\n" in source.low else ()
    return [line for line in lines if not _LONG_FIGURE.search(line.group())]


def _find_block_ends(source: Source) -> list[int]:
    return [*(match.start() for match in _BLOCK_END.finditer(source.low)), len(source.low)]


def _read(source: Source, line: re.Match[str], words: re.Pattern[str]) -> _Heading | None:
    found = [match.start() for match in words.finditer(source.low, line.start(), line.end())]
    ends = source.once(_find_block_ends)
    end = ends[bisect_left(ends, line.end() - 1)]
    if not found or end <= line.end():
        return None
    separator = next((sign for sign in _SEPARATORS if sign in line.group()), "")
    columns = {source.low.count(separator, line.start(), place) for place in found} if separator else ()
    return _Heading(line.end(), end, separator, frozenset(columns))
