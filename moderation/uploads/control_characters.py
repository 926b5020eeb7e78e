"""Detect and replace control characters, which break XML and spreadsheets, and escape formulas."""

import re

#: Most often Word's soft line break (vertical tab), pasted.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: First characters that make a spreadsheet program treat a cell as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def has_control_characters(value) -> bool:
    """Say whether a text, or any text inside lists and dictionaries, holds such a character."""
    if isinstance(value, dict):
        return any(map(has_control_characters, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(has_control_characters, value))
    return isinstance(value, str) and bool(_CONTROL.search(value))


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
