"""How a value is shown once it has been found: enough to find it in the text, too little to use it."""

import re

_LONGEST = 60
_HIDDEN_LETTER = re.compile(r"(?<=\w)\w|\d")


def mask_number(value: str) -> str:
    """Show the ends of a number: four and four of sixteen, fewer of shorter ones."""
    shown = 4 if len(value) >= 15 else 2 if len(value) >= 8 else 1
    return f"{value[:shown]}{'*' * (len(value) - 2 * shown)}{value[-shown:]}"


def mask_words(value: str) -> str:
    """Show the first letter of each word and no digit."""
    masked = _HIDDEN_LETTER.sub("*", " ".join(value[: 4 * _LONGEST].split()))
    return masked if len(masked) <= _LONGEST else f"{masked[: _LONGEST - 1]}…"


def mask_email(value: str) -> str:
    """Show the first letter of the name and the last part of the domain."""
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain[:1]}***.{domain.rpartition('.')[2]}"
