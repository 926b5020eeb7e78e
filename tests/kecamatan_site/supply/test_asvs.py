"""docs/asvs.md has each requirement of ASVS 5.0.0 of levels 1 and 2 once, and what is met names where.

That the files, tests and settings exist which it names is looked at in ``tests/test_documents.py``.
"""

import re
from collections import Counter

import pytest

from .environments import BASE_DIR

pytestmark = pytest.mark.db_agnostic

#: How many requirements of levels 1 and 2 each section of the standard has; they are numbered from 1.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
NUMBERS = [f"{section}.{number + 1}" for section, count in SECTIONS.items() for number in range(count)]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (BASE_DIR / "docs" / "asvs.md").read_text().splitlines()
    if re.match(r"\| \d", line)
]


def list_numbers(cell: str) -> list[str]:
    """Return the numbers of "1.2.6–1.2.8, 1.3.5"."""
    found = []
    for part in cell.split(", "):
        first, _, last = part.partition("–")
        section, start = first.rsplit(".", 1)
        end = last.rsplit(".", 1)[1] if last else start
        found += [f"{section}.{number}" for number in range(int(start), int(end) + 1)]
    return found


def test_the_standard_has_as_many():
    assert len(NUMBERS) == 253


def test_each_number_stands_once():
    told = Counter(number for row in ROWS for number in list_numbers(row[0]))
    assert [number for number, times in told.items() if times > 1] == []
    assert set(NUMBERS) - set(told) == set()
    assert set(told) - set(NUMBERS) == set()


def test_each_row_says_its_state_and_where_or_why():
    for row in ROWS:
        assert all(row), row
        assert len(row) == 2 or row[2] in {"met", "partly", "not met"}, row
        assert len(row) in {2, 4}, row
