"""Runs the table of rules over a text."""

import hashlib
from collections.abc import Collection
from functools import cache
from operator import attrgetter
from pathlib import Path

from .finding import Finding
from .normal import normalise
from .place import Place, as_domestic, bare
from .rules import RULES, Rule
from .source import Source, read

#: More of them are no news item: the rest is found once these are gone. It bounds what a flood can cost.
_MOST_VALUES = 1_000
_MOST_PLACES_OF_ONE = 20
#: A shorter entry on the allow-list would let too much pass.
_SHORTEST_ALLOWED = 5


def scan(text: str, *, allowed: Collection[str] = ()) -> list[Finding]:
    """Return what looks like personal data, in the order of the text; ``allowed`` are the office's own contacts.

    No two findings overlap; of one rule there are at most ``_MOST_VALUES`` values. The time grows with the
    length of the text alone, whatever it holds. ``allowed`` is read at the first contact found, not before.
    """
    source = read(text)
    read_contacts = cache(lambda: {_as_contact(entry) for entry in allowed})
    taken = bytearray(len(source.text))
    findings = []
    for rule in RULES:
        places_of: dict[str, int] = {}
        for place in rule.find(source):
            start, end, value = place
            if taken.find(1, start, end) != -1:
                continue
            taken[start:end] = b"\x01" * (end - start)
            places_of[value] = places_of.get(value, 0) + 1
            if len(places_of) > _MOST_VALUES:
                break
            if places_of[value] <= _MOST_PLACES_OF_ONE and not (rule.is_contact and value in read_contacts()):
                findings.append(_report(rule, place, source))
    return sorted(findings, key=attrgetter("start"))


@cache
def compute_version() -> str:
    """Return the hash of the rules as they are written: what other rules have found is not believed."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _report(rule: Rule, place: Place, source: Source) -> Finding:
    written = value = place.value
    if rule.is_in_words:
        written = source.text[place.start : place.end]
    start, end = source.normal.locate(place.start, place.end)
    return Finding(rule.code, rule.label, rule.severity, start, end, rule.mask(written), rule.hint, rule.basis, value)


def _as_contact(entry: str) -> str:
    """Return an entry of the allow-list in the one way of writing; too short a number as nothing."""
    written = normalise(entry).low.strip()
    if "@" in written:
        return written
    digits = as_domestic(bare(written))
    return digits if len(digits) >= _SHORTEST_ALLOWED else ""
