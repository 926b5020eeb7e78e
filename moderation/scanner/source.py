"""The text as the rules read it: normalised, with its runs of digits and its sentences, each found once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from .normal import Normal, normalise

#: Between the parts of one number: nothing but these, and few of them.
GAP = r"[ \t\r\n.\-()]{0,3}+"
_RUN = re.compile(rf"\d(?:{GAP}\d){{7,}}+")
_GROUP = re.compile(r"\d+")

_MONTHS = r"(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)"
#: Numbers that every news item of an office has and that never belong to a person. Each pattern is bounded
#: on both sides, so that no part of a longer number is taken for one of them.
_HARMLESS = re.compile(
    "|".join(
        (
            # Rp1.250.000,00; 3.500.000; from ten to the fifteenth on it may hide something else.
            r"rp\.?\s{0,2}[1-9]\d{0,2}(?:\.\d{3}){1,6}(?:,\d{1,2})?(?![.\-]?\d)",
            r"(?<![\d+])(?<!\d[.\-])[1-9]\d{0,2}(?:\.\d{3}){1,4}(?:,\d{1,2})?(?![.\-]?\d)",
            # 11/2/2026, 03-08-2026, 2026-08-03
            r"(?<!\d)(?<!\d[.\-/])(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?![.\-/]?\d)",
            r"(?<!\d)(?<!\d[.\-/])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![.\-/]?\d)",
            # 08.00-11.30; pukul 09.00; 09.00 WIB
            r"(?<!\d)(?<!\d[.\-])(?:[01]?\d|2[0-4])[.:][0-5]\d\s{0,2}-\s{0,2}(?:[01]?\d|2[0-4])[.:][0-5]\d(?![.\-]?\d)",
            r"(?<=pukul )(?:[01]?\d|2[0-4])[.:][0-5]\d(?![.\-]?\d)",
            r"(?<!\d)(?<!\d[.\-])(?:[01]?\d|2[0-4])[.:][0-5]\d(?= wib)",
            # Codes of regions (33.13.15.2001), of accounts and archives (5.1.02.01.01.0024; 400.10.2.2)
            r"(?<!\d)(?<!\d[.\-])\d\d\.\d\d\.\d\d(?:\.\d{4})?(?![.\-]?\d)",
            r"(?<!\d)(?<!\d[.\-])[1-9](?:\.\d{1,2}){2,6}(?:\.\d{3,4})?(?![.\-]?\d)",
            r"(?<!\d)(?<!\d[.\-])\d{3}(?:\.\d{1,2}){1,4}(?=/)",
            # -7.595812, 110.943012
            r"-?\d{1,2}\.\d{4,12}\s{0,2}[,;]?\s{0,2}1[0-4]\d\.\d{4,12}(?!\d)",
            # 2021-2026; 2024/2025
            r"(?<!\d)(?<!\d[.\-])(?:19|20)\d\d\s{0,2}[-/]\s{0,2}(?:19|20)\d\d(?![.\-/]?\d)",
        )
    )
)

#: How far a sentence is followed to either side of the place that is looked at.
_REACH = 300
_BREAK = re.compile(r"[.!?][\"')\]]?\s+|\n\s*\n")
_ABBREVIATION = re.compile(
    r"\b(?:[a-z]|an|bpk|sdr|sdri|tn|ny|nn|dr|drs|dra|ir|hj|kec|kab|jl|no|th|thn|tgl|alm|almh|yth|prof|st|rt|rw|a\.n)$"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Digits with nothing but gaps between them. ``places`` are theirs in the text; ``firsts`` and ``lasts``
    say for each digit whether it opens or closes a group of digits without a gap."""

    start: int
    end: int
    digits: str
    places: list[int]
    firsts: bytearray
    lasts: bytearray

    def is_whole(self, start: int, end: int) -> bool:
        """Say whether these digits begin and end where groups begin and end."""
        return bool(self.firsts[start] and self.lasts[end - 1])

    def is_unbroken(self, start: int, end: int) -> bool:
        return self.places[end - 1] - self.places[start] == end - start - 1

    def get_groups(self, start: int, end: int) -> list[int]:
        """Return how long each group among these digits is."""
        lengths, length = [], 0
        for place in range(start, end):
            length += 1
            if self.lasts[place] or place == end - 1:
                lengths.append(length)
                length = 0
        return lengths


@dataclass(frozen=True)
class Source:
    """A text under examination."""

    normal: Normal
    _found: dict = field(default_factory=dict)

    def once(self, find: Callable[["Source"], list]) -> list:
        """Return what a search finds that several rules share; it runs once."""
        if find not in self._found:
            self._found[find] = find(self)
        return self._found[find]

    @property
    def text(self) -> str:
        return self.normal.text

    @property
    def low(self) -> str:
        return self.normal.low

    @cached_property
    def plain(self) -> str:
        """The text in small letters, with every harmless number struck out."""
        return _HARMLESS.sub(lambda found: "#" * len(found.group()), self.low)

    @cached_property
    def runs(self) -> list[Run]:
        """The runs of at least eight digits."""
        return list(self._find_runs())

    def _find_runs(self) -> Iterator[Run]:
        for found in _RUN.finditer(self.plain):
            places: list[int] = []
            firsts, lasts = bytearray(len(found.group())), bytearray(len(found.group()))
            for group in _GROUP.finditer(self.plain, found.start(), found.end()):
                firsts[len(places)] = 1
                places.extend(range(group.start(), group.end()))
                lasts[len(places) - 1] = 1
            digits = "".join(_GROUP.findall(found.group()))
            yield Run(found.start(), found.end(), digits, places, firsts, lasts)

    def get_before(self, place: int, length: int) -> str:
        """Return the small letters that stand before a place."""
        return self.low[max(0, place - length) : place]

    def get_sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the borders of the sentence around a place, at most ``_REACH`` characters to either side."""
        opening = max(0, start - _REACH)
        for found in _BREAK.finditer(self.low, opening, start):
            if not self._is_abbreviation(found):
                opening = found.end()
        closing = min(len(self.low), end + _REACH)
        for found in _BREAK.finditer(self.low, end, closing):
            if not self._is_abbreviation(found):
                return opening, found.start() + 1
        return opening, closing

    def _is_abbreviation(self, found: re.Match) -> bool:
        return found.group()[0] == "." and bool(
            _ABBREVIATION.search(self.low[max(0, found.start() - 5) : found.start()])
        )


def read(text: str) -> Source:
    """Return the text ready for the rules."""
    return Source(normalise(text))
