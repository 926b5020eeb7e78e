"""Hides numbers that would be somebody's from whatever is kept or passed on: log, mail, errors, sessions.

Knows neither Django nor Wagtail, because the logging is set up before them.
"""

import logging
import re
from collections.abc import Collection, Iterable
from typing import Any

from . import Finding, Severity, scan

#: Nothing shorter than a telephone number is hidden, so most texts need no scan.
_MANY_DIGITS = re.compile(r"(?:\d\D{0,4}){8}")
_FEWEST_DIGITS = 6
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[a-z]{2,24}", re.IGNORECASE)
_CONTACT = re.compile(r"\+?(?:[ .()-]{0,2}\d){5,18}")
_NEVER_A_CONTACT = frozenset({"nik", "kk", "nik_atau_kk", "angka_16_digit", "nip"})
#: A number this long is hidden whatever it is: a NIK with one slip is still a NIK to its owner.
_LONG_NUMBER = 15


#: What follows a name that stands for a secret, in an address, a header or a printed dictionary.
_SECRETS = re.compile(
    r"""(?P<name>(?:[\w-]*(?:token|secret|password|proof|verifier|signature)|\bcode|\bstate)["']?\s*[=:]\s*["']?"""
    r"""|\b(?:Bearer|Basic)\s+|/bot)(?P<secret>[\w.~+/=:%|-]{12,})""",
    re.IGNORECASE,
)


def mask_secrets(text: str) -> str:
    """Return the text with what a token, key or password is set to left out."""
    return _SECRETS.sub(r"\g<name>[…]", text)


def mask(text: str, allowed: Collection[str] = ()) -> str:
    """Return the text with every number that the check would stop written as ``3313********0001``."""
    if not _MANY_DIGITS.search(text):
        return text
    return replace(text, (finding for finding in scan(text, allowed=allowed) if _is_hidden(finding)))


def mask_all(value: Any, allowed: Collection[str] = ()) -> Any:
    """Return the value with every text inside it masked; lists and dictionaries stay what they are."""
    if isinstance(value, str):
        return mask(value, allowed)
    if isinstance(value, dict):
        return {key: mask_all(inner, allowed) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(mask_all(inner, allowed) for inner in value)
    return value


def replace(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with each finding in its masked form."""
    kept: list[str] = []
    place = 0
    for finding in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        if finding.start < place:
            continue
        kept += [text[place : finding.start], finding.masked]
        place = finding.end
    return "".join([*kept, text[place:]])


def is_contact(entry: str) -> bool:
    """Say whether an entry of the allow-list is a number or a mail address that an office can have."""
    if _MAIL.fullmatch(entry):
        return True
    if not _CONTACT.fullmatch(entry):
        return False
    return not any(finding.code in _NEVER_A_CONTACT for finding in scan(entry))


def _is_hidden(finding: Finding) -> bool:
    digits = sum(char.isdigit() for char in finding.value)
    return digits >= _LONG_NUMBER or (finding.severity is Severity.BLOCK and digits >= _FEWEST_DIGITS)


class MaskingFormatter(logging.Formatter):
    """Writes a line of the program's log, traceback and all, without anybody's number and without a secret."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_secrets(mask(super().format(record)))
