"""Check the audit log as the nightly run does: in parts, to its end or the first break."""

from django.utils import timezone

from moderation.evidence import audit, audit_keys
from moderation.models import AuditEntry, AuditHead
from moderation.models.audit import GENESIS_HASH


def find_first_break() -> str | None:
    """Return what is wrong with the first broken line of the log, None when it is intact."""
    sequence, previous_hash, problem, at_end = 0, GENESIS_HASH, None, False
    while not at_end:
        sequence, previous_hash, problem, at_end = audit.verify_lines(sequence, previous_hash, audit.VERIFIED_AT_ONCE)
    return problem


def code_anew(line) -> str:
    """Return the code of a line by the key that it names, as whoever has that key computes it."""
    [key] = [key for key in audit_keys.list_keys() if key.name == line.key_name]
    return key.compute_code(line.hash)


def forge_line(**facts) -> AuditEntry:
    """Append a line in SQL that is chained well, as whoever reads the database can, with the code of another line."""
    head, last = AuditHead.objects.get(), AuditEntry.objects.latest("sequence")
    facts = {"actor_name": "Budi", "key_name": last.key_name, "code": last.code} | facts
    line = AuditEntry(sequence=head.sequence + 1, previous_hash=head.hash, at=timezone.now(), **facts)
    line.hash = line.compute_hash()
    AuditEntry.objects.bulk_create([line])
    AuditHead.objects.update(sequence=line.sequence, hash=line.hash)
    return line
