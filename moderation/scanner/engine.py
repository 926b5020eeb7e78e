"""Runs the table of rules over a text."""

from collections.abc import Collection

from .finding import Finding
from .normal import normalise
from .numbers import Place, as_domestic, bare
from .rules import RULES, Rule
from .source import Source, read

#: A shorter entry on the allow-list would let too much pass.
_SHORTEST_ALLOWED = 5


def scan(text: str, *, allowed: Collection[str] = ()) -> list[Finding]:
    """Return what looks like personal data, in the order of the text; ``allowed`` are the office's own contacts.

    No two findings overlap. The time grows with the length of the text alone, whatever it holds.
    """
    source = read(text)
    contacts = {_as_contact(entry) for entry in allowed}
    taken = bytearray(len(source.text))
    findings = []
    for rule in RULES:
        for place in rule.find(source):
            if taken.find(1, place.start, place.end) != -1:
                continue
            taken[place.start : place.end] = b"\x01" * (place.end - place.start)
            if not (rule.is_contact and place.value in contacts):
                findings.append(_report(rule, place, source))
    return sorted(findings, key=lambda finding: finding.start)


def _report(rule: Rule, place: Place, source: Source) -> Finding:
    start, end = source.normal.locate(place.start, place.end)
    shown = source.text[place.start : place.end] if rule.mask.__name__ == "mask_words" else place.value
    return Finding(rule.code, rule.label, rule.severity, start, end, rule.mask(shown), rule.hint, place.value)


def _as_contact(entry: str) -> str:
    """Return an entry of the allow-list in the one way of writing; too short a number as nothing."""
    written = normalise(entry).low.strip()
    if "@" in written:
        return written
    digits = as_domestic(bare(written))
    return digits if len(digits) >= _SHORTEST_ALLOWED else ""
