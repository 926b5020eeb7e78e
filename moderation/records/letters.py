"""Add and correct letters of the agenda: gapless numbers, one log line for each change."""

from pathlib import PurePath

from django.db import transaction

from moderation import sop
from moderation.evidence import audit
from moderation.models import IncomingLetter, RegisterYear
from moderation.models.roles import has_role
from moderation.ports.exceptions import StepRefused, StepStale

KEEPER = sop.Role.SEKRETARIAT
FIELDS = (
    "received_date",
    "sender",
    "sender_address",
    "letter_date",
    "letter_number",
    "classification_code",
    "summary",
    "attachments",
    "forwarded_to",
    "remark",
)


def may_keep(user) -> bool:
    """Say whether the user may edit the agenda."""
    return has_role(user, KEEPER)


def add(user, data: dict, scan=None) -> IncomingLetter:
    """Add a letter to the agenda of the year in which it was received."""
    _require_keeper(user)
    letter = IncomingLetter(**data, added_by=user)
    with _FileOrNothing(letter, scan), transaction.atomic():
        year, _created = RegisterYear.objects.select_for_update().get_or_create(year=letter.received_date.year)
        year.last_letter_sequence += 1
        year.save(update_fields=["last_letter_sequence"])
        letter.agenda_year, letter.agenda_sequence = year.year, year.last_letter_sequence
        letter.save()
        _log("letter_added", user, letter, {})
    return letter


def change(user, letter: IncomingLetter, data: dict, scan=None, *, expected_version: int) -> IncomingLetter:
    """Correct a letter's entry, keeping its number. Raises StepStale for a stale form."""
    _require_keeper(user)
    with transaction.atomic():
        letter = IncomingLetter.objects.select_for_update().get(pk=letter.pk)
        if letter.version != expected_version:
            raise StepStale("Catatan surat ini telah diubah orang lain. Periksa isinya, lalu ulangi perubahan Anda.")
        before = {name: str(getattr(letter, name)) for name in FIELDS if getattr(letter, name) != data[name]}
        for name in FIELDS:
            setattr(letter, name, data[name])
        letter.version += 1
        with _FileOrNothing(letter, scan):
            letter.save()
            changes = {name: [old, str(data[name])] for name, old in before.items()}
            _log("letter_changed", user, letter, changes | ({"scan": letter.scan_name} if scan else {}))
    return letter


class _FileOrNothing:
    """Store the scan, and delete it if the block fails: storage has no rollback."""

    def __init__(self, letter, scan):
        self.letter, self.scan, self.stored = letter, scan, ""

    def __enter__(self):
        if self.scan:
            self.letter.scan_name = PurePath(self.scan.name).name
            self.letter.scan.save(self.scan.name, self.scan, save=False)
            self.stored = self.letter.scan.name

    def __exit__(self, kind, error, trace):
        if kind is not None and self.stored:
            self.letter.scan.storage.delete(self.stored)


def _require_keeper(user):
    if not may_keep(user):
        raise StepRefused(f"Agenda surat masuk dicatat oleh {KEEPER}.")


def _log(action, user, letter, changes):
    audit.append(
        action=action,
        user=user,
        role=KEEPER.value,
        output=f"Agenda surat masuk {letter.agenda_number}/{letter.agenda_year}",
        data={"letter": letter.pk, "changes": changes},
    )
