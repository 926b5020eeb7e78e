"""Read the marked sentences and count what the scanner finds in them.

The form of a file: one case a paragraph, lines that begin with "# " are remarks. What is to be found stands as
``«kind|words»``; where several kinds are equally right, they stand with / between them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from moderation.scanner import scan

FOLDER = Path(__file__).parent
_MARK = re.compile(r"«(?P<kinds>[a-z_/]+)\|(?P<words>[^«»]+)»")


@dataclass(frozen=True)
class Span:
    """A place in a text, and the kinds of personal data that it may rightly be called."""

    start: int
    end: int
    kinds: frozenset[str]


@dataclass(frozen=True)
class Case:
    """A text and everything in it that is to be found."""

    text: str
    spans: tuple[Span, ...]


@dataclass
class Score:
    """What was found, what was missed, and what was found by mistake."""

    marked: int = 0
    found: int = 0
    reported: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.reported if self.reported else 1.0


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file; ValueError for a mark that is not closed."""
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# "))
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines))
    return [_read_case(paragraph.strip()) for paragraph in paragraphs if paragraph.strip()]


def _read_case(marked: str) -> Case:
    parts, spans, place, length = [], [], 0, 0
    for mark in _MARK.finditer(marked):
        before, words = marked[place : mark.start()], mark["words"]
        start = length + len(before)
        length = start + len(words)
        spans.append(Span(start, length, frozenset(mark["kinds"].split("/"))))
        parts += [before, words]
        place = mark.end()
    text = "".join([*parts, marked[place:]])
    if "«" in text or "»" in text:
        raise ValueError(f"A mark is not closed: {marked}")
    return Case(text, tuple(spans))


def judge(cases: Iterable[Case]) -> Score:
    """Count over all cases: a span is found by a finding of its kind that covers at least half of it."""
    score = Score()
    for case in cases:
        findings = scan(case.text)
        hits = {id(span): False for span in case.spans}
        for finding in findings:
            span = next((span for span in case.spans if _meets(finding, span)), None)
            score.reported += 1
            if span is None:
                words = case.text[finding.start : finding.end]
                score.mistaken.append(f"{finding.code} “{words}” in: {case.text}")
            else:
                score.right += 1
                hits[id(span)] = True
        for span in case.spans:
            score.marked += 1
            if hits[id(span)]:
                score.found += 1
            else:
                kinds = "/".join(sorted(span.kinds))
                score.missed.append(f"{kinds} “{case.text[span.start : span.end]}” in: {case.text}")
    return score


def _meets(finding, span: Span) -> bool:
    shared = min(finding.end, span.end) - max(finding.start, span.start)
    return finding.code in span.kinds and 2 * shared >= span.end - span.start
