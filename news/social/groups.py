"""Claims and records several deliveries at once: one commit for all that is at hand instead of one for each.

The same steps as in ``sending``, row by row by the same conditions. Whatever is not plain, such as an
old post, a page that went down or a probe of a parked account, takes the way of the single row.
"""

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from . import ageing, breaker, sending
from .channels.base import ChannelError, Sent
from .leases import new_worker_name
from .models import Delivery, DeliveryAttempt
from .sending import LEASE, Claim, Outcome, State

Result = tuple[Claim, Sent | ChannelError]


def claim(pks: list[int]) -> list[Claim]:
    """Take those of these deliveries that are due and plain, and commit ``sending`` before anything leaves."""
    worker = new_worker_name()
    with transaction.atomic(durable=True):
        now = timezone.now()
        rows = {delivery.pk: delivery for delivery in sending.read_with_say(pks)}
        plain = [pk for pk, delivery in rows.items() if _is_plain(delivery, now)]
        return _take(rows, plain, worker, now) if plain else []


def _is_plain(delivery: Delivery, now) -> bool:
    account = delivery.account
    return (
        account.is_ready(now)
        and not breaker.needs_probe(account)
        and delivery.still_live
        and not ageing.is_too_old(delivery, now)
    )


def _take(rows: dict[int, Delivery], pks: list[int], worker: str, now) -> list[Claim]:
    # Whoever changes the words changes the permit: what was read is what is taken.
    as_read = Q()
    for pk in sorted(pks):
        as_read |= Q(pk=pk, permit=rows[pk].permit_id)
    Delivery.objects.due(now).filter(as_read).update(
        state=State.SENDING,
        worker=worker,
        lease_until=now + LEASE,
        first_sent_at=Coalesce(F("first_sent_at"), now),
    )
    claims = []
    for pk in Delivery.objects.filter(pk__in=pks, worker=worker).values_list("pk", flat=True):
        delivery = rows[pk]
        delivery.state, delivery.worker, delivery.lease_until = State.SENDING, worker, now + LEASE
        delivery.first_sent_at = delivery.first_sent_at or now
        claims.append(Claim(delivery, worker))
    lines = [DeliveryAttempt(delivery=held.delivery, outcome=Outcome.STARTED, worker=worker) for held in claims]
    DeliveryAttempt.objects.bulk_create(lines)
    return claims


def split(results: list[Result]) -> list[list[Result]]:
    """Return what is written together: the posts that went well, and each of the others by itself.

    What acts on an account locks its row and may write to the log: such locks are held one at a time.
    """
    quiet = [
        pair for pair in results if isinstance(pair[1], Sent) and not pair[0].delivery.account.consecutive_failures
    ]
    groups = [[pair] for pair in results if pair not in quiet]
    return [quiet, *groups] if quiet else groups


@transaction.atomic
def record(results: list[Result]) -> None:
    """Write what came of one group."""
    for held, result in sorted(results, key=lambda pair: pair[0].delivery.pk):
        sending.record(held, result)
