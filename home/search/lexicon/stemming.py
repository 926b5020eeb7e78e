"""Find the root of an Indonesian word: a lexicon decides between the readings of its affixes. Plain Python.

*Menikah* is read as me + nikah, not as men + tikah, because ``roots.txt`` has the one and not the other; *menit* is
read as itself, because no reading of it is a root. A word that no reading explains keeps its prefixes, except where
both ends show that they are affixes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOTS_FILE = Path(__file__).parent / "roots.txt"
#: What decides a root.
SOURCES = (ROOTS_FILE, Path(__file__))
#: Prefixes that stand before another: di+per+…, ke+ber+…, me+ber+…, pe+me+….
MOST_PREFIXES = 3
SHORTEST_ROOT = 2
#: Without a lexicon's word what is left must be a word's length.
SHORTEST_UNKNOWN = 4

_VOWELS = "aeiou"
_ENDINGS = ("lah", "kah", "pun", "nya", "ku", "mu")
_SUFFIXES = ("kan", "an", "i")


@dataclass(frozen=True)
class Rule:
    """A prefix before certain letters, what it may have taken from the root, and whether it makes a verb."""

    pattern: re.Pattern
    restored: tuple[str, ...] = ("",)
    is_verb: bool = False


def _make_nasal(prefix: str, *, is_verb: bool) -> list[Rule]:
    """Return the rules of *me-* or *pe-*, which take k, t, s or p from the root that follows."""
    table = (
        (r"nge(?=\w{3}$)", ("",)),
        (r"ng(?=[aeiou])", ("", "k")),
        (r"ng(?=[ghk])", ("",)),
        (r"ny(?=[aeiou])", ("s",)),
        (r"m(?=[aeiou])", ("p",)),
        (r"m(?=[bfpv])", ("",)),
        (r"n(?=[aeiou])", ("t",)),
        (r"n(?=[cdjstz])", ("",)),
        (r"(?=[lmnrwy])", ("",)),
    )
    return [Rule(re.compile(prefix + pattern), restored, is_verb) for pattern, restored in table]


_WRITTEN = [
    *_make_nasal("me", is_verb=True),
    *_make_nasal("pe", is_verb=False),
    Rule(re.compile("di"), is_verb=True),
    *(
        Rule(re.compile(prefix))
        for prefix in ("ke", "se", "[tbp]er", "[tbp]e(?=r)", "be(?=[^aeiou]er)", "[bp]el(?=ajar)", "pe")
    ),
]
#: As spoken: ngurus, nyari, nulis, milih.
_SPOKEN = [
    Rule(re.compile(pattern), restored, is_verb=True)
    for pattern, restored in (
        (r"ng(?=[aeiou])", ("", "k")),
        (r"ng(?=[ghl])", ("",)),
        (r"ny(?=[aeiou])", ("s", "c")),
        (r"n(?=[aeiou])", ("t",)),
        (r"n(?=[cdj])", ("",)),
        (r"m(?=[aeiou])", ("p",)),
        (r"m(?=b)", ("",)),
    )
]


@cache
def read_lexicon() -> tuple[frozenset[str], dict[str, str]]:
    """Return the roots, and the words whose root is told: ``word root`` in a line of the file."""
    lines = ROOTS_FILE.read_text(encoding="utf-8").splitlines()
    entries = [part for line in lines if not line.startswith("#") for part in line.split()]
    told = dict(entry.split("=") for entry in entries if "=" in entry)
    return frozenset(entry for entry in entries if "=" not in entry) | frozenset(told.values()), told


def is_known(word: str) -> bool:
    """Return whether the word is a root, or derived from one."""
    return find_root(word) in read_lexicon()[0]


def find_root(word: str) -> str:
    """Return the root of a lower-case word; the word itself where none is found."""
    roots, told = read_lexicon()
    if word in told:
        return told[word]
    if word in roots:
        return word
    found = [reading for reading in _list_readings(word) if reading.root in roots]
    # The first of the longest: what a prefix took from the root does not count.
    return max(found, key=lambda reading: reading.kept).root if found else _cut_unknown(word)


@dataclass(frozen=True)
class Reading:
    """What may be the root of a word, and how many of its letters stand in the word."""

    root: str
    kept: int


def _list_readings(word: str) -> Iterator[Reading]:
    """Yield what the word may be derived from, as written before as spoken."""
    for end, _suffix in _cut_spoken_end(word):
        yield Reading(end, len(end))
    for rules, depth, suffixes in ((_WRITTEN, MOST_PREFIXES, _cut_end), (_SPOKEN, 1, _cut_spoken_end)):
        for end, suffix in suffixes(word):
            yield from _cut_prefixes(end, rules, depth, suffix)


def _cut_end(word: str) -> Iterator[tuple[str, str]]:
    """Yield the word whole, without an ending, a suffix, or both; with the suffix."""
    for base in [word, *(word[: -len(end)] for end in _ENDINGS if word.endswith(end))]:
        yield base, ""
        for suffix in _SUFFIXES:
            if base.endswith(suffix):
                yield base[: -len(suffix)], suffix


def _cut_spoken_end(word: str) -> Iterator[tuple[str, str]]:
    yield from _cut_end(word)
    if word.endswith("in"):
        yield word[:-2], "in"


def _cut_prefixes(word: str, rules, depth: int, suffix: str) -> Iterator[Reading]:
    for rule in rules:
        found = rule.pattern.match(word)
        if found is None or len(word) - found.end() < SHORTEST_ROOT or (suffix == "an" and rule.is_verb):
            continue
        for letter in rule.restored:
            rest = letter + word[found.end() :]
            yield Reading(rest, len(word) - found.end())
            if depth > 1:
                yield from _cut_prefixes(rest, rules, depth - 1, "")


def _cut_unknown(word: str) -> str:
    """Return a word of no known root without what can only be affixes: *-nya*, *di…kan*, *meN…kan*."""
    base = word.removesuffix("nya")
    base = base if len(base) >= SHORTEST_UNKNOWN else word
    found = re.match(r"(?:di|ter|(meng|meny|men|mem|me))(\w{4,})kan$", base)
    if not found:
        return base
    nasal, rest = found.groups()
    if rest[0] not in _VOWELS or nasal in (None, "meng"):
        return rest
    return {"meny": "s", "men": "t", "mem": "p"}.get(nasal, "") + rest
