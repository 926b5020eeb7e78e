"""Take a page down (Turunkan) with a reason (I10): on the Sekretaris's decision, or at the end that her order names.

Its URL then shows the public notice, if one was written, never the withdrawn text.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.actions.unpublish_page import UnpublishPageAction

from moderation import sop
from moderation.evidence import audit
from moderation.models import AuditEntry, Disposition, PublicationPermit, Withdrawal
from moderation.models.roles import display_name, users_with_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused
from moderation.ports.official_step import official_step

from . import corrections, permits
from .completeness import FORGED

ACTION = sop.get_action("take_down")


def take_down(context):
    """Extension: take the page off the site for the Sekretaris, and end a running ralat."""
    item, data = context.item, context.data
    if item.correcting:
        corrections.end(item, context.user, data["comment"])
        context.forget_text()
    permit = permits.get_active(item)
    context.permit, context.seal = permit, permit.seal
    context.revision_id = permit.revision_id
    item.schedule_error = ""
    withdrawal = _end(item, permit, context.user, data["comment"], context.now, data)
    context.facts |= {"public_notice": withdrawal.is_public, "notice": withdrawal.notice}


def run_out(order: PublicationPermit) -> bool:
    """Take the page down at the end that its order names; return whether it did.

    Nobody decides here: the order is the authority, so its own line of the log must name this end, and the line about
    the end says that the system carried it out. One transaction under the item's lock, so that of two workers one
    does it. Raises StepRefused where the order's line is missing or forged.
    """
    with transaction.atomic(), official_step():
        item = Disposition.objects.select_for_update().get(pk=order.disposition_id)
        now = timezone.now()
        permit = permits.find_run_out(item, now)
        if permit is None or permit.pk != order.pk or not ACTION.is_offered_at(item.state, item.correcting):
            return False
        _require_written(permit)
        if item.correcting:
            corrections.end(item, None, permit.end_reason)
        _end(item, permit, None, permit.end_reason, now, {})
        item.state, item.state_since, item.version = ACTION.to, now, item.version + 1
        item.assessment_asked_at, item.schedule_error = None, ""
        item.last_note, item.last_note_by = permit.end_reason, permit.number
        item.save_changes()
        _tell(item, permit)
        audit.append(
            action=ACTION.code,
            disposition=item,
            revision_id=permit.revision_id,
            seal=permit.seal,
            reason=permit.end_reason,
            output=f"Batas tayang dalam perintah tayang {permit.number}",
            data={
                "by_worker": True,
                "order": permit.number,
                "ordered_by": display_name(permit.ordered_by),
                "ends_at": permit.ends_at,
            },
        )
    return True


def find(page) -> Withdrawal | None:
    """Return the take-down in force for this page, None without one."""
    return Withdrawal.objects.filter(page_id=page.pk, page__live=False).first()


def _end(item, permit, user, reason, now: datetime, data: dict) -> Withdrawal:
    """Write on the permit who ends it and why, unpublish, then revoke it: the database accepts no other order."""
    page = item.get_page()
    permit.add_fact(**({"revoked_by": user} if user else {}), revoke_reason=reason)
    UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)
    permit.add_fact(revoked_at=now)
    is_public = data.get("public_notice", False)
    return Withdrawal.objects.create(
        permit=permit,
        page_id=page.pk,
        at=now,
        by=user,
        is_public=is_public,
        title=page.title if is_public and data["notice_title"] else "",
        notice=data["notice_text"] if is_public else "",
    )


def _tell(item, permit) -> None:
    """Tell the Sekretaris, who ordered the end, and the Staf."""
    people = {permit.ordered_by, item.assigned_to, *users_with_role(sop.Role.SEKRETARIS)} - {None}
    for user in sorted(people, key=lambda user: user.pk):
        notifications.tell(
            user,
            f"Berita turun pada batas tayangnya: {item.subject}",
            f"Diturunkan oleh sistem menurut perintah tayang {permit.number}. Alasan: {permit.end_reason}\n\n"
            f"Materi: {item.subject}\nNomor register: {item.register_number}",
            item,
        )


def _require_written(permit) -> None:
    """Raise StepRefused unless the application wrote that this end was ordered for this text."""
    lines = AuditEntry.objects.filter(action="order", disposition_id=permit.disposition_id, seal=permit.seal)
    ends = [line.data.get("ends_at") for line in lines if audit.is_genuine(line)]
    if permit.ends_at not in [parse_datetime(end) for end in ends if end]:
        raise StepRefused(FORGED)
