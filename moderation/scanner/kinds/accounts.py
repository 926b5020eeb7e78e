"""Numbers of bank accounts."""

import re
from collections.abc import Iterator

from ..headings import get_headings
from ..labels import get_labels
from ..place import Place
from ..source import Run, Source

_NAMES_BUDGET = re.compile(r"\bkode (?:akun|rekening)\b")
_NAMES_OWNER = re.compile(r"[\s,(]{0,4}(?:bri\b|bni\b|bca\b|bsi\b|btn\b|bank\b)?[\s,)]{0,4}(?:a\.? ?n\b|atas nama\b)")
_HEADING = re.compile(r"\b(?:no(?:mor)?\.? ?)?(?:rek|rekening|norek)\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ACCOUNT_REACH = 30


def find_account(source: Source) -> Iterator[Place]:
    """8 to 18 digits after the word for an account or a bank, under such a heading, or beside "a.n."."""
    for run in source.runs:
        if not _is_of_account(source, run) or _NAMES_BUDGET.search(source.get_before(run.start, _ACCOUNT_REACH)):
            continue
        end = _end_of_account(run, source)
        if end:
            yield Place(*run.locate(0, end), run.digits[:end])


def _is_of_account(source: Source, run: Run) -> bool:
    """The nearest label before a number decides; "a.n." names an owner of whatever the label says."""
    labels = [label for label in get_labels(source, run.start) if label.kind != "phone"]
    named = [label for label in labels if label.kind != "owner"]
    if named and named[-1].kind != "account":
        return False
    if (labels and labels[-1].distance < _ACCOUNT_REACH) or _NAMES_OWNER.match(source.low, run.end):
        return True
    return get_headings(source, _HEADING).hold(run.start)


def _end_of_account(run: Run, source: Source) -> int:
    """Return how many digits of the run are the account's number; 0 when they are years or too few."""
    groups, end = run.get_groups(0, min(18, len(run.digits))), 0
    for group in groups:
        end += group
        after = run.locate(0, end)[1]
        if end >= 8 and (group >= 8 or source.low[after : after + 1] not in ("-", ".", " ")):
            break
    are_years = 4 in groups and all(_YEAR.match(run.digits, place) for place in range(0, end, 4))
    return 0 if end < 8 or are_years or not run.closes_group(end - 1) else end
