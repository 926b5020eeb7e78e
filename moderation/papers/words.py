"""How the papers write times, people, letterhead and signature."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from ..models import OfficeProcedure
from ..seal import shorten
from .document import Code, Signature


def write_date(value) -> str:
    """Write "Senin, 23 November 2026"; empty without a date."""
    return date_format(value, "l, j F Y") if value else ""


def write_time(value) -> str:
    """Write "23 November 2026 pukul 09.00 WIB"; empty without a time."""
    return f"{date_format(timezone.localtime(value), 'DATETIME_FORMAT')} WIB" if value else ""


def write_seal(seal: str) -> str:
    """Write the seal as people read it; empty without one."""
    return shorten(seal) if seal else ""


def write_role(entry) -> str:
    """Write the role a line of the log was written in, with the note of an acting officer."""
    return f"{entry.role} ({entry.acting_note})" if entry.acting_note else entry.role


def get_letterhead(procedure: OfficeProcedure) -> list[str]:
    """Return the lines at the head of every paper."""
    lines = [procedure.letterhead_parent, procedure.letterhead_office]
    return [*(line.upper() for line in lines if line), *filter(None, [procedure.letterhead_address])]


def sign(procedure: OfficeProcedure) -> Signature:
    """Return the place where the officer of the settings signs by hand, dated today."""
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    details = [procedure.signatory_rank, f"NIP {procedure.signatory_number}" if procedure.signatory_number else ""]
    return Signature(
        place_and_date=", ".join(filter(None, [procedure.signing_place, today])),
        title=[procedure.signatory_title],
        name=procedure.signatory_name,
        details=[line for line in details if line],
    )


def write_footer(*parts: str) -> str:
    """Write the line at the foot of every page, with the moment of printing."""
    return " · ".join([*(part for part in parts if part), f"Dicetak {write_time(timezone.now())}"])


def make_code(item) -> Code:
    """Return the way from the paper to the item's worksheet, for people who may log in."""
    return Code(
        address=f"{settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}",
        caption="Lembar kerja materi ini (perlu masuk)",
    )
