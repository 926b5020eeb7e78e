"""Findings of the scanner as the desk knows them: without the value, with the places it stands in."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from django.utils.crypto import salted_hmac

from moderation.scanner.redaction import replace as replace_by_masked

from ..scanner import Finding, Severity, scan
from .texts import SourceText

#: How much of the text around a finding is shown with it.
_AROUND = 60
#: No page needs more; what is longer is not looked at in full, and says so.
MAX_LENGTH = 1_500_000
_SEVERITIES = (Severity.BLOCK, Severity.WARN, Severity.INFO)
#: The words around a number tell NIK and KK apart; the number, and the verdict on it, are the same.
_KINDS = {"nik": "identitas", "kk": "identitas", "nik_atau_kk": "identitas"}
_UNSURE = "nik_atau_kk"
#: A fingerprint is written without digits, so that none of it looks like a number of somebody's.
_WITHOUT_DIGITS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True)
class Spot:
    """A place where a value stands: in a person's words, and the masked words around it."""

    label: str
    context: str = ""


@dataclass(frozen=True)
class PageFinding:
    """One value, wherever in the page it stands. The value itself is not in here: only its mask,
    and the fingerprint by which the same value is known again."""

    code: str
    label: str
    severity: Severity
    masked: str
    hint: str
    fingerprint: str
    spots: tuple[Spot, ...]
    basis: str = ""


def fingerprint(finding: Finding) -> str:
    """Return what is stored in place of the value: an HMAC that nobody can try out without the site's key."""
    key = salted_hmac("moderation.privacy.fingerprint", "", algorithm="sha256").digest()
    kind = _KINDS.get(finding.code, finding.code)
    return replace(finding, code=kind).digest(key).translate(_WITHOUT_DIGITS)


def examine_text(source: SourceText, allowed=()) -> list[PageFinding]:
    """Return what the scanner finds in one text."""
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
    """Return a finding about a text that could not be looked at; it has no value."""
    mark = salted_hmac("moderation.privacy.note", f"{code}\n{identity or place}", algorithm="sha256").hexdigest()
    return PageFinding(code, label, severity, "", hint, mark.translate(_WITHOUT_DIGITS), (Spot(place),))


def merge(findings: list[PageFinding]) -> list[PageFinding]:
    """Return each value once with all its places, what blocks first."""
    merged: dict[str, PageFinding] = {}
    for finding in findings:
        known = merged.get(finding.fingerprint)
        if known is not None:
            surer = finding if known.code == _UNSURE else known
            finding = replace(surer, spots=known.spots + finding.spots)
        merged[finding.fingerprint] = finding
    return sorted(merged.values(), key=lambda finding: _SEVERITIES.index(finding.severity))


def _get_context(text, found, starts, place) -> str:
    """Return the words around a finding, with this one and every other that reaches into them masked."""
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
    """Return where the words shown before or after a place begin or end, at the border of a word if one is near."""
    far = max(0, min(len(text), place + direction * _AROUND))
    if far in (0, len(text)):
        return far
    near = sorted((place, far))
    border = text.find(" ", *near) if direction < 0 else text.rfind(" ", *near)
    return border if border >= 0 else far
