"""The text as the rules read it: normalised, with its runs of digits and its sentences, each found once."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import Any, TypeVar

from . import lexicon
from .normal import Normal, normalise

#: Between the parts of one number: nothing but these, and few of them.
GAP = r"[ \t\r\n.\-()]{0,3}+"
_RUN = re.compile(rf"\d(?:{GAP}\d){{7,}}")
_FIRST_OF_GROUP = re.compile(r"(?<!\d)\d")
_LAST_OF_GROUP = re.compile(r"\d(?!\d)")
_THREE_TOGETHER = re.compile(r"\d\d\d")
_FOUR_TOGETHER = re.compile(r"(?<!0)0(?=000)")
_ALL_ZERO = str.maketrans("123456789", "000000000")

#: Numbers that every news item of an office has and that never belong to a person. Each is bounded on both
#: sides, so that no part of a longer number is taken for one of them. The patterns begin with a letter or with
#: a digit, which lets the search step over everything else.
_RUPIAH = re.compile(r"rp\.?\s{0,2}[1-9]\d{0,2}(?:\.\d{3}){1,6}(?:,\d{1,2})?(?![.\-]?\d)")
_HARMLESS = re.compile(
    r"\d(?<!\d\d)(?<!\d[.\-/]\d)(?:"
    + "|".join(
        (
            # 3.500.000; from sixteen digits on it may hide something else, and + begins a telephone number
            r"(?<=[1-9])(?<!\+\d)\d{0,2}(?:\.\d{3}){1,4}(?:,\d{1,2})?(?![.\-]?\d)",
            # 11/2/2026, 03-08-2026, 2026-08-03
            r"\d?([-./])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?![.\-/]?\d)",
            r"(?<=[12])\d{3}-(?:0[1-9]|1[0-2])-[0-3]\d(?![.\-/]?\d)",
            # 08.00-11.30; pukul 09.00; 09.00 WIB
            r"\d?[.:][0-5]\d\s{0,2}-\s{0,2}[0-2]?\d[.:][0-5]\d(?![.\-]?\d)",
            r"(?<=pukul \d)\d?[.:][0-5]\d(?![.\-]?\d)",
            r"\d?[.:][0-5]\d(?= wib)",
            # 31.01.01.2001; 5.1.02.01.01.0024; 400.10.2.2/12
            r"\d\.\d\d\.\d\d(?:\.\d{4})?(?![.\-]?\d)",
            r"(?<=[1-9])(?:\.\d{1,2}){2,6}(?:\.\d{3,4})?(?![.\-]?\d)",
            r"\d\d(?:\.\d{1,2}){1,4}(?=/)",
            # -7.595812, 110.943012
            r"\d?\.\d{4,12}\s{0,2}[,;]?\s{0,2}1[0-4]\d\.\d{4,12}(?!\d)",
            # 2021-2026; 2024/2025
            r"(?<=[12])\d{3}\s{0,2}[-/]\s{0,2}(?:19|20)\d\d(?![.\-/]?\d)",
        )
    )
    + ")"
)

T = TypeVar("T")
_WORD = re.compile(r"[a-z]+")

#: How far a sentence is followed to either side of the place that is looked at.
_REACH = 300
_BREAK = re.compile(r"[.!?][\"')\]]?\s+|\n\s*\n")
_ABBREVIATION = re.compile(
    r"\b(?:[a-z]|an|bpk|sdr|sdri|tn|ny|nn|dr|drs|dra|ir|hj|kec|kab|jl|no|th|thn|tgl|alm|almh|yth|prof|st|rt|rw|a\.n)$"
)


class Run:
    """Digits with nothing but gaps between them; digits without a gap between them are a group."""

    def __init__(self, start: int, written: str):
        self.start = start
        self.end = start + len(written)
        self.is_one_group = written.isdigit()
        self.digits = written if self.is_one_group else _drop_gaps(written)
        self._written = written

    @cached_property
    def _places(self) -> Sequence[int]:
        return array("L", compress(range(self.start, self.end), map(str.isdigit, self._written)))

    # Beside the digits, a mark for each of them.

    @cached_property
    def _firsts(self) -> str:
        return _drop_gaps(_FIRST_OF_GROUP.sub("f", self._written))

    @cached_property
    def _lasts(self) -> str:
        return _drop_gaps(_LAST_OF_GROUP.sub("l", self._written))

    @cached_property
    def _fours(self) -> str:
        return _drop_gaps(_FOUR_TOGETHER.sub("4", self._written.translate(_ALL_ZERO)))

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return where these digits stand in the text."""
        if self.is_one_group:
            return self.start + start, self.start + end
        return self._places[start], self._places[end - 1] + 1

    def opens_group(self, place: int) -> bool:
        return place == 0 if self.is_one_group else self._firsts[place] == "f"

    def closes_group(self, place: int) -> bool:
        return place == len(self.digits) - 1 if self.is_one_group else self._lasts[place] == "l"

    def get_group_end(self, start: int) -> int:
        """Return where the group of this digit ends."""
        return len(self.digits) if self.is_one_group else self._lasts.index("l", start) + 1

    def is_whole(self, start: int, end: int) -> bool:
        """Say whether these digits begin and end where groups begin and end."""
        return self.opens_group(start) and self.closes_group(end - 1)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Say whether these digits stand without a gap."""
        return self.is_one_group or self._places[end - 1] - self._places[start] == end - start - 1

    @property
    def is_of_cells(self) -> bool:
        """Say whether these are so many ones and pairs that only a table has them."""
        return not self.is_one_group and len(self.digits) > 20 and not _THREE_TOGETHER.search(self._written)

    def has_four_together(self, start: int, end: int) -> bool:
        """Say whether one of these groups has four digits or more."""
        return self._fours.find("4", start, end) != -1

    def get_groups(self, start: int, end: int) -> list[int]:
        """Return how long each group among these digits is."""
        lengths = []
        while start < end:
            group_end = min(self.get_group_end(start), end)
            lengths.append(group_end - start)
            start = group_end
        return lengths


@dataclass(frozen=True)
class Source:
    """A text under examination."""

    normal: Normal
    #: What searches have found that others use again, under the search itself.
    remembered: dict[Any, Any] = field(default_factory=dict)

    def once(self, find: Callable[["Source"], list[T]]) -> list[T]:
        """Return what a search finds that several rules share; it runs once."""
        if find not in self.remembered:
            self.remembered[find] = find(self)
        found: list[T] = self.remembered[find]
        return found

    @cached_property
    def cues(self) -> dict[int, str]:
        """The words that rules begin from, under their places, found in one pass over the text."""
        known = lexicon.ALL_CUES
        return {match.start(): word for match in _WORD.finditer(self.low) if (word := match.group()) in known}

    def find_cues(self, words: frozenset[str]) -> list[int]:
        """Return where these words stand; each of them has to be in the lexicon."""
        return [place for place, word in self.cues.items() if word in words]

    # Read thousands of times: after the first time it is a plain attribute.

    @cached_property
    def text(self) -> str:
        return self.normal.text

    @cached_property
    def low(self) -> str:
        return self.normal.low

    @cached_property
    def plain(self) -> str:
        """The text in small letters, with every harmless number struck out."""
        return _HARMLESS.sub(_strike_out, _RUPIAH.sub(_strike_out, self.low))

    @cached_property
    def runs(self) -> list[Run]:
        """The runs of at least eight digits."""
        return [Run(found.start(), found.group()) for found in _RUN.finditer(self.plain)]

    def get_before(self, place: int, length: int) -> str:
        """Return the small letters that stand before a place."""
        return self.low[max(0, place - length) : place]

    @cached_property
    def _breaks(self) -> tuple[list[int], list[int]]:
        """Where sentences end, and where the next ones begin."""
        low = self.low
        found = [match for match in _BREAK.finditer(low) if not _is_abbreviation(low, match.start())]
        return [match.start() for match in found], [match.end() for match in found]

    def get_sentence(self, start: int, end: int, after: int = 0) -> tuple[int, int]:
        """Return the borders of the sentence around a place, at most ``_REACH`` characters to either side.

        ``after`` is where the sentence before ended, when that is known.
        """
        ends, openings = self._breaks
        opening, closing = max(after, start - _REACH), min(len(self.low), end + _REACH)
        number = bisect_right(openings, start)
        if number and openings[number - 1] > opening:
            opening = openings[number - 1]
        number = bisect_left(ends, end)
        if number < len(ends) and ends[number] + 1 <= closing:
            closing = ends[number] + 1
        return opening, closing


def _is_abbreviation(low: str, place: int) -> bool:
    """Say whether the dot at this place ends an abbreviation; none of them has more than four letters."""
    return low[place] == "." and _ABBREVIATION.search(low, max(0, place - 5), place) is not None


def _drop_gaps(written: str) -> str:
    return written.encode("ascii").translate(None, b" \t\r\n.-()").decode("ascii")


def _strike_out(found: re.Match[str]) -> str:
    return "#" * len(found.group())


def read(text: str) -> Source:
    """Return the text ready for the rules."""
    return Source(normalise(text))
