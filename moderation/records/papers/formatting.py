"""Format times, people, letterhead and signature for printed documents."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from moderation import sop
from moderation.models import ActingOfficer, OfficeProcedure
from moderation.models.roles import display_name
from moderation.ports.seal import shorten
from moderation.records.witness import read_end

from .document import Code, Signature


def write_date(value) -> str:
    """Write "Senin, 23 November 2026"; empty without a date."""
    return date_format(value, "l, j F Y") if value else ""


def write_time(value) -> str:
    """Write "23 November 2026 pukul 09.00 WIB"; empty without a time."""
    return f"{date_format(timezone.localtime(value), 'DATETIME_FORMAT')} WIB" if value else ""


def write_seal(seal: str) -> str:
    """Write the shortened seal; empty without one."""
    return shorten(seal) if seal else ""


def write_role(entry) -> str:
    """Write the role a line of the log was written in; an acting officer's note names it too."""
    return entry.acting_note or entry.role


def get_letterhead(procedure: OfficeProcedure) -> list[str]:
    """Return the lines of the letterhead."""
    lines = [procedure.letterhead_parent, procedure.letterhead_office]
    return [*(line.upper() for line in lines if line), *filter(None, [procedure.letterhead_address])]


def sign(procedure: OfficeProcedure) -> Signature:
    """Return the signature block of the officer in the settings, or of the one acting for them today."""
    today = date_format(timezone.localdate(), "DATE_FORMAT")
    place_and_date = ", ".join(filter(None, [procedure.signing_place, today]))
    in_office = ActingOfficer.objects.in_office().filter(role=sop.Role.PPID_PEMBANTU.value)
    acting = in_office.select_related("user").order_by("-starts_on", "-pk").first()
    if acting is not None:
        title = _split_title(f"{acting.kind} {procedure.signatory_title}")
        return Signature(place_and_date, title, display_name(acting.user), [f"SK {acting.decree_number}"])
    details = [procedure.signatory_rank, f"NIP {procedure.signatory_number}" if procedure.signatory_number else ""]
    title = _split_title(procedure.signatory_title)
    return Signature(place_and_date, title, procedure.signatory_name, [line for line in details if line])


def _split_title(title: str) -> list[str]:
    """Write "Sekretaris Kecamatan" and "selaku PPID Pembantu" below one another."""
    return title.replace(" selaku ", "\nselaku ").split("\n")


def write_footer(*parts: str) -> str:
    """Write the line at the foot of every page, with the moment of printing."""
    return " · ".join([*(part for part in parts if part), f"Dicetak {write_time(timezone.now())}"])


def make_witness_code() -> Code:
    """Return the QR code of the audit log's end, which paper keeps where no database can change it."""
    code = read_end().code
    return Code(address=code, caption=f"Ujung jejak audit: {code}", is_link=False)


def make_code(item) -> Code:
    """Return the QR code of the item's worksheet."""
    return Code(
        address=f"{settings.WAGTAILADMIN_BASE_URL}{item.get_absolute_url()}",
        caption="Lembar kerja materi ini (perlu masuk)",
    )
