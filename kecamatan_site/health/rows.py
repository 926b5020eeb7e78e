"""A row of the doctor, and how a check says what it found."""

import enum
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

logger = logging.getLogger(__name__)


class Verdict(enum.Enum):
    """What a row says; the value is the word on the screen."""

    GOOD = "Baik"
    #: It works; somebody should look.
    ADVICE = "Perlu diperhatikan"
    FAULT = "Rusak"


@dataclass(frozen=True)
class Row:
    """One line: what was looked at, the verdict, and a sentence that says what to do, or what was seen."""

    label: str
    verdict: Verdict
    sentence: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found; its label makes a row of it."""

    verdict: Verdict
    sentence: str = ""


@dataclass(frozen=True)
class Check:
    """One check: the label of its row, and the function that looks and changes nothing."""

    label: str
    look: Callable[[], "Finding | Sequence[Row]"]

    def examine(self) -> Sequence[Row]:
        """Return its rows; a check that breaks off is a fault of its own, and leaves the others to be looked at."""
        try:
            found = self.look()
        except DatabaseError:
            return [Row(self.label, Verdict.FAULT, "Tidak dapat diperiksa. Perbaiki dahulu basis data dan migrasi.")]
        except Exception as error:  # one check that breaks off may not hide the others
            logger.exception("The check %s broke off", self.look.__name__)
            sentence = f"Pemeriksaan terhenti ({type(error).__name__}). Sebabnya ada di log."
            return [Row(self.label, Verdict.FAULT, sentence)]
        return [Row(self.label, found.verdict, found.sentence)] if isinstance(found, Finding) else found


def good(sentence: str = "") -> Finding:
    """Return that all is well; the sentence says what was seen."""
    return Finding(Verdict.GOOD, sentence)


def advise(sentence: str) -> Finding:
    """Return that somebody should look."""
    return Finding(Verdict.ADVICE, sentence)


def fault(sentence: str) -> Finding:
    """Return that something does not work; the sentence says what to do."""
    return Finding(Verdict.FAULT, sentence)


def name_unit(name: str) -> str:
    """Return the name of a service or timer as this machine has it: of its template where offices share the machine."""
    stem, dot, kind = name.partition(".")
    return f"{stem}@{settings.OFFICE}{dot}{kind}" if settings.OFFICE else name


def name_installer(*variables: str) -> str:
    """Return the command that sets up this office's site, with the variables of make that it is given."""
    office = [f"OFFICE={settings.OFFICE}"] if settings.OFFICE else []
    return " ".join(["sudo make production", *office, *variables])
