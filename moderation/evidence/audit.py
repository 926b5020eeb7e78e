"""Append to the audit log; verify its hash chain and the codes of its lines (I11)."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from moderation.models.audit import AuditEntry, AuditHead
from moderation.models.roles import display_name, get_acting_note
from moderation.ports.exceptions import GuardViolation

from . import audit_keys
from .own_contacts import mask_typed

#: Lines verified with one query.
VERIFIED_AT_ONCE = 1000


def append(**facts) -> AuditEntry:
    """Append one line (arguments as in ``make_line``) and return it; see ``write`` for the lock."""
    line = make_line(**facts)
    write([line])
    return line


def make_line(
    *,
    action: str,
    disposition=None,
    user=None,
    role: str = "",
    row: int | None = None,
    page_id: int | None = None,
    revision_id: int | None = None,
    seal: str = "",
    reason: str = "",
    output: str = "",
    acting_note: str | None = None,
    data: dict | None = None,
) -> AuditEntry:
    """Return an unsaved line.

    The note on an acting officer is derived from the role, unless the caller says otherwise.
    """
    if acting_note is None:
        acting_note = get_acting_note(user, role) if user and role else ""
    return AuditEntry(
        action=action,
        row=row,
        actor_id=user.pk if user else None,
        actor_name=display_name(user) if user else "Sistem",
        role=role,
        acting_note=acting_note,
        disposition_id=disposition.pk if disposition else None,
        register_number=disposition.register_number if disposition else "",
        page_id=page_id or (disposition.page_id if disposition else None),
        title=mask_typed(disposition.subject) if disposition else "",
        revision_id=revision_id,
        round=disposition.round if disposition else 0,
        seal=seal,
        reason=mask_typed(reason),
        output=mask_typed(output),
        data=json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder)),
    )


@transaction.atomic(savepoint=False)
def write(lines: list[AuditEntry]) -> None:
    """Append lines to the chain, each with its code, and keep its head locked until the caller commits.

    Every other step waits for that lock: call this last, after all slow work. Raises GuardViolation in a process that
    does not know the key of the last line, so that no line has an older key than the one before it.
    """
    keys = audit_keys.list_keys()
    head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1)
    if head.key_name and head.key_name not in {key.name for key in keys}:
        raise GuardViolation(
            f"Jejak audit memakai kunci {head.key_name}, yang tidak dikenal di sini. Hubungi pengelola situs."
        )
    for line in lines:
        line.sequence, line.previous_hash, line.at = head.sequence + 1, head.hash, timezone.now()
        line.hash, line.key_name = line.compute_hash(), keys[0].name
        line.code = keys[0].compute_code(line.hash)
        line.save(force_insert=True)
        head.sequence, head.hash, head.key_name = line.sequence, line.hash, line.key_name
        # The trigger accepts a move of the head by one line at a time.
        head.save()


def is_genuine(line: AuditEntry) -> bool:
    """Say whether the application wrote this line: hash and code fit, or the line is older than the first key."""
    if line.hash != line.compute_hash():
        return False
    if not line.key_name:
        return not AuditEntry.objects.filter(sequence__lt=line.sequence).exclude(key_name="").exists()
    return any(key.name == line.key_name and key.fits(line.hash, line.code) for key in audit_keys.list_keys())


def verify_lines(sequence: int, previous_hash: str, limit: int) -> tuple[int, str, str | None, bool]:
    """Verify the next lines of the chain and return (sequence, hash, problem or None, whether the
    end was reached); stop at the first broken line."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    # Stop at the head as read: lines appended meanwhile are for the next call.
    lines = AuditEntry.objects.filter(sequence__gt=sequence, sequence__lte=head.sequence).order_by("sequence")
    names = AuditEntry.objects.filter(sequence=sequence).values_list("key_name", flat=True)
    codes = _Codes(names.first() or "")
    for line in lines[:limit].iterator():
        problem = _find_break(line, sequence, previous_hash) or codes.find_fault(line)
        if problem:
            return sequence, previous_hash, problem, True
        sequence, previous_hash = line.sequence, line.hash
    if sequence < head.sequence and lines.filter(sequence__gt=sequence).exists():
        return sequence, previous_hash, None, False
    if (head.sequence, head.hash) != (sequence, previous_hash) or _runs_past(head):
        return sequence, previous_hash, f"Baris {sequence + 1} hilang.", True
    if sequence and not codes.last:
        # The migration that brought the codes wrote a line with one.
        return sequence, previous_hash, f"Baris {sequence + 1}, yang pertama dengan kode, hilang.", True
    return sequence, previous_hash, None, True


def _runs_past(head) -> bool:
    """Say whether lines stand behind the head, other than those appended since it was read."""
    if not AuditEntry.objects.filter(sequence__gt=head.sequence).exists():
        return False
    return not AuditHead.objects.filter(sequence__gt=head.sequence).exists()


def _find_break(line, sequence, previous_hash) -> str | None:
    if line.sequence != sequence + 1:
        return f"Baris {sequence + 1} hilang."
    if line.previous_hash != previous_hash:
        return f"Baris {line.sequence} tidak bersambung dengan baris sebelumnya."
    if line.hash != line.compute_hash():
        return f"Isi baris {line.sequence} berubah setelah dicatat."
    return None


class _Codes:
    """Checks the codes of lines in their order; ``last`` is the name of the last line's key, "" before the first."""

    def __init__(self, last: str):
        self.last = last
        self.keys = {key.name: key for key in audit_keys.list_keys()}
        self.ages = {name: age for age, name in enumerate(self.keys)}

    def find_fault(self, line) -> str | None:
        """Return what is wrong with the code of the next line, None when nothing is."""
        number, name = line.sequence, line.key_name
        if not name and not self.last and not line.code:
            return None
        if not name:
            return f"Baris {number} tidak berkode, padahal baris sebelumnya berkode."
        if name not in self.keys:
            return f"Baris {number} memakai kunci {name}, yang tidak ada dalam AUDIT_KEYS."
        if not self.keys[name].fits(line.hash, line.code):
            return f"Kode baris {number} tidak cocok: baris ini tidak ditulis oleh aplikasi."
        if self.last in self.ages and self.ages[name] > self.ages[self.last]:
            return f"Baris {number} memakai kunci {name}, yang lebih lama daripada kunci baris sebelumnya."
        self.last = name
        return None
