"""Carry out what orders say by the clock, publications (row 8) and their ends; a failure stops no other item."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation import sop
from moderation.chain import withdrawals
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


def get_run_out(now):
    """Return the orders whose end has come, in the order in which their pages go down."""
    ended = PublicationPermit.objects.run_out(now).filter(revoke_reason="")
    return ended.select_related("disposition", "ordered_by").order_by("ends_at", "pk")


class Rounds:
    """Goes through the due orders in their order, ``BATCH`` a run, and begins anew at the end.

    An order that fails is tried again in the next round, so that it keeps none of the others waiting.
    ``moment``: the order's field with its time.
    """

    def __init__(self, moment: str, get_orders, carry_out):
        self.moment, self.get_orders, self.carry_out = moment, get_orders, carry_out
        #: The order tried last; None at the beginning of a round.
        self.last: PublicationPermit | None = None

    def run(self) -> int:
        """Carry out the next due orders; a job of the worker.

        Return how many were carried out, or tried where the round is not over, so that the worker comes back at once.
        """
        due = self.get_orders(timezone.now())
        if self.last is not None:
            at, pk = getattr(self.last, self.moment), self.last.pk
            due = due.filter(Q(**{f"{self.moment}__gt": at}) | Q(**{self.moment: at}, pk__gt=pk))
        done, orders = 0, list(due[:BATCH])
        for self.last in orders:
            done += self.carry_out(self.last)
        if len(orders) == BATCH:
            return BATCH
        self.last = None
        return done


@dataclass(frozen=True)
class Failure:
    """What the office is told where an order could not be carried out: the log's action, a title and what to do."""

    action: str
    title: str
    advice: str


NOT_PUBLISHED = Failure(
    "schedule_failed",
    "Penayangan terjadwal gagal",
    "Buka lembar kerja, lalu tayangkan sendiri atau kembalikan ke koreksi.",
)
NOT_ENDED = Failure(
    "end_failed", "Berita belum turun pada batas tayangnya", "Buka lembar kerja, lalu turunkan sendiri."
)


def _publish(permit) -> bool:
    """Publish one order on behalf of the Staf who confirmed the time."""
    return _try(
        permit,
        NOT_PUBLISHED,
        lambda: take(permit.disposition, "publish", permit.scheduled_by, by_worker=True) is not None,
    )


def _end(permit) -> bool:
    """Take down the page of one order whose end has come."""
    return _try(permit, NOT_ENDED, lambda: withdrawals.run_out(permit))


def _try(permit, failure: Failure, carry_out) -> bool:
    """Carry out one order, or record why it failed, whatever the error was."""
    try:
        return carry_out()
    except StepRefused as refusal:
        record_failure(permit, refusal.message, failure)
    except Exception as error:
        # The step was rolled back as a whole; the traceback is for the developers, the note for the office.
        logger.exception("The worker could not carry out permit %s (%s)", permit.pk, failure.action)
        record_failure(permit, f"Gangguan sistem ({type(error).__name__}). Akan dicoba lagi.", failure)
    return False


@transaction.atomic
def record_failure(permit, message: str, failure: Failure = NOT_PUBLISHED) -> None:
    """Store the reason on the item, log it and notify the Sekretaris and the Staf, once for each reason."""
    item = Disposition.objects.select_for_update().get(pk=permit.disposition_id)
    # A ralat that waits for its own time keeps the reason that concerns it.
    if item.schedule_error == message or (item.state == "scheduled") != (failure is NOT_PUBLISHED):
        return
    with official_step():
        item.schedule_error = message
        item.save(update_fields=["schedule_error"])
    for user in {permit.scheduled_by or permit.ordered_by, *users_with_role(sop.Role.SEKRETARIS)}:
        notifications.tell(
            user,
            f"{failure.title}: {item.subject}",
            f"{message}\n\nMateri: {item.subject}\nNomor register: {item.register_number}\n{failure.advice}",
            item,
        )
    audit.append(action=failure.action, disposition=item, seal=permit.seal, reason=message)


publish_due = Rounds("go_live_at", get_due, _publish).run
end_due = Rounds("ends_at", get_run_out, _end).run
