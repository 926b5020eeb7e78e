"""What a search yields, and the ways in which a number is written."""

import re
from typing import NamedTuple

_NO_DIGIT = re.compile(r"\D")
#: Letters that stand for a digit in a number typed by hand or read by a machine.
_READ_AS_DIGITS = str.maketrans("oil", "011")


class Place(NamedTuple):
    """Where a value stands in the normalised text, and the value in its one way of writing."""

    start: int
    end: int
    value: str


def bare(written: str) -> str:
    """Return the digits alone."""
    return _NO_DIGIT.sub("", written)


def bare_lettered(written: str) -> str:
    """Return the digits alone, with a small o, i or l read as the digit that it resembles."""
    return bare(written.translate(_READ_AS_DIGITS))


def as_domestic(digits: str) -> str:
    """Return a telephone number with the leading 0 of the country's own writing: +62812 and 62812 as 0812."""
    if digits.startswith("0062"):
        digits = digits[2:]
    if digits.startswith("62"):
        return "0" + digits[2:].removeprefix("0")
    return digits


def as_words(written: str) -> str:
    """Return words in small letters with single blanks."""
    return " ".join(written.casefold().split())
