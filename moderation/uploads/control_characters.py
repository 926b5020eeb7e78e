"""What people type or paste may hold characters that no screen shows and no XML or spreadsheet carries."""

import re

#: Word's soft line break (vertical tab) is the one that really arrives.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: A cell that begins with one of these would be calculated by a spreadsheet program.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def has_control_characters(value) -> bool:
    """Say whether a text, or any text inside lists and dictionaries, holds such a character."""
    if isinstance(value, dict):
        return any(map(has_control_characters, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(has_control_characters, value))
    return isinstance(value, str) and bool(_CONTROL.search(value))


def replace_control_characters(value):
    """Return a text with a space for each such character; anything that is no text as it is."""
    return _CONTROL.sub(" ", value) if isinstance(value, str) else value


def keep_text(value):
    """Return a cell of an export in which a typed "=…" stays a text in every spreadsheet program,
    and the file one that opens."""
    value = replace_control_characters(value)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
