"""Append to the audit log and prove it whole (I11)."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from .masking import mask
from .models.audit import GENESIS_HASH, AuditEntry, AuditHead
from .roles import display_name, get_acting_note


@transaction.atomic
def append(
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
    """Append one line and return it. The chain's end stays locked until the caller commits.

    The note on an acting officer is derived from the role, unless the caller says otherwise.
    """
    if acting_note is None:
        acting_note = get_acting_note(user, role) if user and role else ""
    head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1)
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=timezone.now(),
        action=action,
        row=row,
        actor_id=user.pk if user else None,
        actor_name=display_name(user) if user else "Sistem",
        role=role,
        acting_note=acting_note,
        disposition_id=disposition.pk if disposition else None,
        register_number=disposition.register_number if disposition else "",
        page_id=page_id or (disposition.page_id if disposition else None),
        title=mask(disposition.subject) if disposition else "",
        revision_id=revision_id,
        round=disposition.round if disposition else 0,
        seal=seal,
        reason=mask(reason),
        output=mask(output),
        data=json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder)),
        previous_hash=head.hash,
    )
    entry.hash = entry.compute_hash()
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save()
    return entry


def find_first_break() -> str | None:
    """Return what is wrong with the first broken line of the log, None when it is intact."""
    sequence, previous_hash = 0, GENESIS_HASH
    for entry in AuditEntry.objects.order_by("sequence").iterator():
        sequence += 1
        if entry.sequence != sequence:
            return f"Baris {sequence} hilang."
        if entry.previous_hash != previous_hash:
            return f"Baris {sequence} tidak bersambung dengan baris sebelumnya."
        if entry.hash != entry.compute_hash():
            return f"Isi baris {sequence} berubah setelah dicatat."
        previous_hash = entry.hash
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.sequence, head.hash) != (sequence, previous_hash):
        return f"Baris {sequence + 1} hilang."
    return None
