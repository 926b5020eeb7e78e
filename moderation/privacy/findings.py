"""Findings for the desk: the scanner's findings with places and context, without the value."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from django.utils.crypto import salted_hmac

from moderation.scanner.redaction import replace as replace_by_masked

from ..scanner import Finding, Severity, scan
from .texts import SourceText

#: Characters of context shown on each side of a finding.
_AROUND = 60
#: Characters examined; a longer text is cut and reported as not fully examined.
MAX_LENGTH = 1_500_000
_SEVERITIES = (Severity.BLOCK, Severity.WARN, Severity.INFO)
#: Kinds told apart only by context: they share a fingerprint, so a verdict counts for both.
_KINDS = {"nik": "identitas", "kk": "identitas", "nik_atau_kk": "identitas"}
_UNSURE = "nik_atau_kk"
#: Replaces the digits of a fingerprint, so that it never looks like a personal number.
_WITHOUT_DIGITS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True)
class Spot:
    """One occurrence of a value: its readable place and the masked context."""

    label: str
    context: str = ""


@dataclass(frozen=True)
class PageFinding:
    """One value with all its occurrences. Holds no value, only its mask and a fingerprint that
    identifies it."""

    code: str
    label: str
    severity: Severity
    masked: str
    hint: str
    fingerprint: str
    spots: tuple[Spot, ...]
    basis: str = ""


def fingerprint(finding: Finding) -> str:
    """Return the HMAC that is stored in place of the value; keyed, so that it cannot be brute-forced."""
    key = salted_hmac("moderation.privacy.fingerprint", "", algorithm="sha256").digest()
    kind = _KINDS.get(finding.code, finding.code)
    return replace(finding, code=kind).digest(key).translate(_WITHOUT_DIGITS)


def examine_text(source: SourceText, allowed=()) -> list[PageFinding]:
    """Return the scanner's findings in one text."""
    text = source.text[:MAX_LENGTH]
    found = scan(text, allowed=allowed)
    starts = [finding.start for finding in found]
    result = [
        PageFinding(
            finding.code,
            finding.label,
            finding.severity,
            finding.masked,
            finding.hint,
            fingerprint(finding),
            (Spot(source.locate(finding.start), _get_context(text, found, starts, place)),),
            finding.basis,
        )
        for place, finding in enumerate(found)
    ]
    if len(source.text) > MAX_LENGTH:
        hint = "Bagi teks itu menjadi beberapa materi; bagian akhirnya tidak terperiksa."
        result.append(
            make_note("terlalu_panjang", "Teks terlalu panjang", Severity.BLOCK, hint, source.label, source.place)
        )
    return merge(result)


def make_note(code, label, severity, hint, place, identity: str = "") -> PageFinding:
    """Return a finding without a value, about a text that could not be examined."""
    mark = salted_hmac("moderation.privacy.note", f"{code}\n{identity or place}", algorithm="sha256").hexdigest()
    return PageFinding(code, label, severity, "", hint, mark.translate(_WITHOUT_DIGITS), (Spot(place),))


def merge(findings: list[PageFinding]) -> list[PageFinding]:
    """Return each value once with all its places, blocking ones first."""
    merged: dict[str, PageFinding] = {}
    for finding in findings:
        known = merged.get(finding.fingerprint)
        if known is not None:
            surer = finding if known.code == _UNSURE else known
            finding = replace(surer, spots=known.spots + finding.spots)
        merged[finding.fingerprint] = finding
    return sorted(merged.values(), key=lambda finding: _SEVERITIES.index(finding.severity))


def join_notes(notes: list[PageFinding]) -> list[PageFinding]:
    """Return notes that say the same of several places as one."""
    joined: dict[tuple[str, str, str, str], PageFinding] = {}
    for note in notes:
        known = joined.get(said := (note.code, note.label, note.masked, note.hint))
        joined[said] = note if known is None else replace(known, spots=known.spots + note.spots)
    return list(joined.values())


def _get_context(text, found, starts, place) -> str:
    """Return the context of a finding with every finding in it masked."""
    start = _find_word(text, found[place].start, -1)
    end = _find_word(text, found[place].end, 1)
    first, last = place, place
    while first > 0 and found[first - 1].end > start:
        first -= 1
        start = min(start, found[first].start)
    last = max(place, bisect_left(starts, end) - 1)
    end = max(end, found[last].end)
    inside = [
        replace(finding, start=finding.start - start, end=finding.end - start) for finding in found[first : last + 1]
    ]
    words = " ".join(replace_by_masked(text[start:end], inside).split())
    return f"{'… ' if start else ''}{words}{' …' if end < len(text) else ''}"


def _find_word(text, place, direction) -> int:
    """Return the offset at which the context begins or ends, at a word boundary if one is near."""
    far = max(0, min(len(text), place + direction * _AROUND))
    if far in (0, len(text)):
        return far
    near = sorted((place, far))
    border = text.find(" ", *near) if direction < 0 else text.rfind(" ", *near)
    return border if border >= 0 else far
