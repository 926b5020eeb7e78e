"""Carry out scheduled publications (row 8) item by item; a failure does not stop the others."""

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from moderation import sop
from moderation.chain.transitions import take
from moderation.evidence import audit
from moderation.models import Disposition, PublicationPermit
from moderation.models.roles import users_with_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused
from moderation.ports.official_step import official_step

logger = logging.getLogger(__name__)


def get_due(now):
    """Return the orders whose confirmed time has come."""
    return (
        PublicationPermit.objects.in_force()
        .filter(
            executed_at=None,
            go_live_at__lte=now,
            scheduled_by__isnull=False,
            disposition__state="scheduled",
        )
        .select_related("disposition", "scheduled_by")
        .order_by("go_live_at")
    )


def publish_due() -> int:
    """Publish what is due, on behalf of the Staf who confirmed the time; a job of the worker."""
    published = 0
    for permit in get_due(timezone.now()):
        try:
            take(permit.disposition, "publish", permit.scheduled_by, by_worker=True)
            published += 1
        except StepRefused as refusal:
            record_failure(permit, refusal.message)
        except (DatabaseError, OSError) as error:
            logger.exception("Scheduled publication of permit %s failed", permit.pk)
            record_failure(permit, f"Gangguan sistem ({type(error).__name__}). Akan dicoba lagi.")
    return published


@transaction.atomic
def record_failure(permit, message: str) -> None:
    """Store the reason on the item, log it and notify the Sekretaris and the Staf, once for each reason."""
    item = Disposition.objects.select_for_update().get(pk=permit.disposition_id)
    if item.schedule_error == message or item.state != "scheduled":
        return
    with official_step():
        item.schedule_error = message
        item.save(update_fields=["schedule_error"])
    people = {permit.scheduled_by, *users_with_role(sop.Role.SEKRETARIS)}
    for user in people:
        notifications.tell(
            user,
            f"Penayangan terjadwal gagal: {item.subject}",
            f"{message}\n\nMateri: {item.subject}\nNomor register: {item.register_number}\n"
            "Buka lembar kerja, lalu tayangkan sendiri atau kembalikan ke koreksi.",
            item,
        )
    audit.append(action="schedule_failed", disposition=item, seal=permit.seal, reason=message)
