"""What the scanner reports."""

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for the item; the values are stored, the labels are shown."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"

    @property
    def label(self) -> str:
        return {"block": "Blokir", "warn": "Peringatan", "info": "Info"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text that looks like personal data; only ``masked`` may leave the memory.

    ``hint`` says what the writer should do, ``basis`` which law asks for it.

    ``start`` and ``end`` count in the text as it was given. ``value`` is the bare value, written one way
    (digits without separators, 62 as 0, small letters), so that the same number is known again.
    """

    code: str
    label: str
    severity: Severity
    start: int
    end: int
    masked: str
    hint: str
    basis: str
    value: str = field(repr=False)

    def digest(self, key: bytes) -> str:
        """Return what may be stored in place of the value: without the key, numbers cannot be tried out."""
        return hmac.new(key, f"{self.code}\n{self.value}".encode(), hashlib.sha256).hexdigest()
