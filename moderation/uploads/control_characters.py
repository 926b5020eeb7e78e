"""Detect control characters and what turns the direction of text; replace the former, and escape formulas."""

import re

#: Most often Word's soft line break (vertical tab), pasted.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: Embeddings, overrides and isolates (Unicode Standard Annex 9): a title reads another way than it is stored.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: First characters that make a spreadsheet program treat a cell as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def has_control_characters(value) -> bool:
    """Say whether a text, or any text inside lists and dictionaries, holds a control character."""
    return _holds(_CONTROL, value)


def has_direction_marks(value) -> bool:
    """Say the same of characters that turn the direction of what follows."""
    return _holds(_DIRECTION, value)


def _holds(pattern: re.Pattern, value) -> bool:
    if isinstance(value, dict):
        return any(_holds(pattern, each) for each in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds(pattern, each) for each in value)
    return isinstance(value, str) and bool(pattern.search(value))


def replace_control_characters(value):
    """Replace each such character by a space; return a value that is not a string unchanged."""
    return _CONTROL.sub(" ", value) if isinstance(value, str) else value


def keep_text(value):
    """Return a cell of an export as text: escape formulas ("=…") and replace control characters,
    so that the file opens in every spreadsheet program."""
    value = replace_control_characters(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
