"""Carry out scheduled publications (row 8) item by item; a failure does not stop the others."""

import logging

from django.db import transaction
from django.db.models import Q
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
#: Orders tried in one run: mails, reminders and posts wait for no more than these.
BATCH = 20


def get_due(now):
    """Return the orders whose confirmed time has come, in the order in which they are carried out: time, then order."""
    return (
        PublicationPermit.objects.in_force()
        .filter(
            executed_at=None,
            go_live_at__lte=now,
            scheduled_by__isnull=False,
            disposition__state="scheduled",
        )
        .select_related("disposition", "scheduled_by")
        .order_by("go_live_at", "pk")
    )


class Rounds:
    """Goes through the due orders in their order, ``BATCH`` a run, and begins anew at the end.

    An order that fails is tried again in the next round, so that it keeps none of the others waiting.
    """

    def __init__(self):
        #: The order tried last; None at the beginning of a round.
        self.last: PublicationPermit | None = None

    def publish_due(self) -> int:
        """Publish the next due orders, on behalf of the Staf who confirmed the time; a job of the worker.

        Return how many were published, or tried where the round is not over, so that the worker comes back at once.
        """
        due = get_due(timezone.now())
        if self.last is not None:
            at, pk = self.last.go_live_at, self.last.pk
            due = due.filter(Q(go_live_at__gt=at) | Q(go_live_at=at, pk__gt=pk))
        published, orders = 0, list(due[:BATCH])
        for self.last in orders:
            published += _publish(self.last)
        if len(orders) == BATCH:
            return BATCH
        self.last = None
        return published


publish_due = Rounds().publish_due


def _publish(permit) -> bool:
    """Publish one order, or record why it failed, whatever the error was."""
    try:
        take(permit.disposition, "publish", permit.scheduled_by, by_worker=True)
    except StepRefused as refusal:
        record_failure(permit, refusal.message)
    except Exception as error:
        # The step was rolled back as a whole; the traceback is for the developers, the note for the office.
        logger.exception("Scheduled publication of permit %s failed", permit.pk)
        record_failure(permit, f"Gangguan sistem ({type(error).__name__}). Akan dicoba lagi.")
    else:
        return True
    return False


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
