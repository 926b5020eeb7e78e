"""Find the numbers, times and dates whose values differ in a pasted text."""

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest

from moderation.review.changes.results import Status, TextChange

from .tokens import MINUS, RANGE, prepare, tokenise

#: Maximum differences; with more it is another text.
_MOST = 8
#: Marks that join a number to the one before it, or are its sign.
_TIES, _SIGNS = frozenset(f"{RANGE}/^"), frozenset(f"{MINUS}~±<>=+")


@dataclass(frozen=True)
class Difference:
    """The official value and the pasted one, "" where one side has none."""

    official: str
    pasted: str


def find_differences(change: TextChange | None) -> tuple[Difference, ...]:
    """Return the values that replace official ones, as written."""
    found: list[Difference] = []
    for stretch in change.stretches if change and not change.rewritten else ():
        before, after = (_list_values("".join(part.text for part in side)) for side in (stretch.before, stretch.after))
        if stretch.status is Status.EQUAL:
            continue
        missing = _leave_out(before, after)
        added = _leave_out(after, before)
        found += [Difference(*pair) for pair in zip_longest(missing, added, fillvalue="")]
    return tuple(dict.fromkeys(found))[:_MOST]


def _list_values(text: str) -> list[tuple[str, str]]:
    """Return (value, as written) of the numbers in a text; "1–2" is one."""
    text = prepare(text)
    tokens = tokenise(text)[0]
    values: list[tuple[str, str]] = []
    for place, token in enumerate(tokens):
        if not token.is_value:
            continue
        written, marks = text[token.start : token.end], token.gap.marks
        if values and place and tokens[place - 1].is_value and _TIES & set(marks):
            (value, before), end = values[-1], tokens[place - 1].end
            values[-1] = (
                f"{value}{marks}{token.plain}",
                f"{before}{text[end : token.start]}{written}",
            )
        else:
            sign = marks[-1:] if marks[-1:] in _SIGNS else ""
            values.append((f"{sign}{token.plain}", f"{sign}{written}"))
    return values


def _leave_out(values: list[tuple[str, str]], others: list[tuple[str, str]]) -> list[str]:
    """Return the values, as written, that the other side lacks."""
    room = Counter(value for value, _written in others)
    left = []
    for value, written in values:
        if room[value] > 0:
            room[value] -= 1
        else:
            left.append(written)
    return left
