"""Sends one delivery: claimed and committed first, then the network, then what came of it.

No transaction is open while the network is talked to, and nobody writes to a row that is no
longer his: every update names the worker that holds it.
"""

import copy
import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from moderation.models import PublicationPermit

from . import accounts, ageing, breaker, channels, renewal
from .channels.base import (
    AuthDead,
    Capabilities,
    ChannelError,
    Duplicate,
    NoFunds,
    NotSent,
    Rejected,
    Sent,
    Throttled,
    Unknown,
)
from .composing import get_post
from .leases import new_worker_name
from .models import Account, Delivery, DeliveryAttempt
from .outbox import cancel
from .refreshing import get_channel

logger = logging.getLogger(__name__)

#: Longer than any exchange with a network takes; after it nobody knows what became of the request.
LEASE = timedelta(minutes=2)
#: So much of it must be left when the one request leaves that a citizen sees.
LEASE_NEEDED = timedelta(seconds=100)
MAX_ATTEMPTS = 8
LONGEST_BACKOFF = 3600

Outcome = DeliveryAttempt.Outcome
State = Delivery.State


@dataclass(frozen=True)
class Claim:
    """A delivery in the hands of one worker; ``worker`` is new for every claim."""

    delivery: Delivery
    worker: str
    #: Until when it is the one row that probes a parked account; None where it is not.
    probe: datetime | None = None


def claim(pk: int) -> Claim | None:
    """Take a due delivery and commit ``sending`` before anything leaves; None when it is not to be had.

    The conditions stand on the row itself, not in a subquery: on PostgreSQL the loser of a race
    re-reads only the row.
    """
    worker = new_worker_name()
    with transaction.atomic(durable=True):
        now = timezone.now()
        delivery = read_with_say([pk]).first()
        if delivery is None or not delivery.account.is_ready(now):
            return None
        if not delivery.still_live:
            if not renewal.renew(delivery):
                cancel(delivery)
            return None
        if ageing.hold_if_too_old(delivery, now):
            tell_if_person_needed(delivery)
            return None
        begun = {
            "state": State.SENDING,
            "worker": worker,
            "lease_until": now + LEASE,
            "first_sent_at": delivery.first_sent_at or now,
        }
        # Whoever changes the words changes the permit: what was read above is what is taken here.
        if not Delivery.objects.due(now).filter(pk=pk, permit=delivery.permit_id).update(**begun):
            return None
        for name, value in begun.items():
            setattr(delivery, name, value)
        if not breaker.take_probe(delivery.account, now + LEASE):
            transaction.set_rollback(True)
            return None
        probe = now + LEASE if breaker.needs_probe(delivery.account) else None
        add_line(delivery, Outcome.STARTED, worker=worker)
    return Claim(delivery, worker, probe)


def read_with_say(pks: list[int]):
    """Read waiting deliveries with all that says whether they may leave."""
    waiting = Delivery.objects.filter(pk__in=pks, state=State.PENDING)
    return waiting.select_related("account", "permit").annotate(still_live=_is_live())


def is_still_live(delivery: Delivery) -> bool:
    """Say whether the permit under which the delivery was written still keeps the page live (I9)."""
    return Delivery.objects.filter(_is_live(), pk=delivery.pk).exists()


def _is_live() -> Exists:
    permits = PublicationPermit.objects.executed().filter(pk=OuterRef("permit"))
    return Exists(permits.filter(page__live=True, page__live_revision_id=F("revision_id")))


def send(pk: int) -> bool:
    """Send one due delivery and write down what came of it; False when it was not ours to send."""
    held = claim(pk)
    if held is None:
        return False
    record(held, exchange(held))
    return True


def exchange(held: Claim) -> Sent | ChannelError:
    """Prepare the post, then make the one request that a citizen sees, and return what the adapter says of it."""
    delivery = held.delivery
    try:
        channel = get_channel(delivery.account)
        post = get_post(delivery, channel)
        state = channel.prepare(post, copy.deepcopy(delivery.prepared), lambda state: _keep_prepared(held, state))
        if state != delivery.prepared or timezone.now() > delivery.lease_until - LEASE_NEEDED:
            _keep_prepared(held, state)
    except (Unknown, Duplicate) as error:
        # Nothing that a citizen sees was asked for yet.
        return NotSent(error.message, status=error.status)
    except ChannelError as error:
        return error
    except Exception:
        logger.exception("Delivery %s could not be prepared", delivery.pk)
        return NotSent("Persiapan unggahan terhenti oleh kesalahan sistem.")
    try:
        return channel.deliver(post, str(delivery.idempotency_key), state)
    except ChannelError as error:
        return error
    except Exception:
        # A fault of ours in the middle of an exchange: whether the request left is not known.
        logger.exception("Delivery %s broke off", delivery.pk)
        return Unknown("Pengiriman terputus oleh kesalahan sistem.")


def _keep_prepared(held: Claim, state: dict) -> None:
    """Keep what was prepared and begin the lease anew, on a row still ours; otherwise stop before the post."""
    mine = Delivery.objects.filter(pk=held.delivery.pk, worker=held.worker, state=State.SENDING)
    if not mine.update(prepared=state, lease_until=timezone.now() + LEASE):
        raise NotSent("Pengiriman ini sudah diambil alih proses lain.")


@transaction.atomic(savepoint=False)
def record(held: Claim, result: Sent | ChannelError) -> None:
    """Write what came of a delivery, if it is still ours; otherwise keep it as a late answer."""
    delivery, now = held.delivery, timezone.now()
    changes, outcome = _get_changes(delivery, result, now)
    if not _update(held, **changes):
        _record_late(held, result)
        return
    message = "" if isinstance(result, Sent) else result.message
    add_line(delivery, outcome, worker=held.worker, status=result.status, message=message)
    if not isinstance(result, Sent):
        tell_if_person_needed(delivery)
    elif not delivery.account.consecutive_failures:
        return
    breaker.note(delivery.account_id, result, now, held.probe)


def _get_changes(delivery, result, now) -> tuple[dict, Outcome]:
    """Return the new values of the row and the name of what happened."""
    if isinstance(result, Sent):
        return sent_values(result, now), Outcome.SENT
    outcome = _OUTCOMES[type(result)]
    error = {"last_error": result.message[:500]}
    if isinstance(result, (Unknown, Duplicate)):
        return error | unknown_values(delivery.kind, now), outcome
    if delivery.repeats:
        # The first request may have been stored, whatever became of the second.
        return error | unknown_values(delivery.kind, now) | {"needs_person": True}, outcome
    if isinstance(result, Rejected):
        # What was prepared may be why: the next attempt begins anew.
        return error | {"state": State.FAILED, "prepared": {}}, outcome
    if isinstance(result, NotSent):
        attempts = delivery.attempts + 1
        state = State.FAILED if attempts >= MAX_ATTEMPTS else State.PENDING
        next_at = now + get_backoff(attempts)
        return error | {"state": state, "attempts": attempts, "next_attempt_at": next_at}, outcome
    until = result.until if isinstance(result, Throttled) else now
    return error | {"state": State.PENDING, "next_attempt_at": until}, outcome


_OUTCOMES = {
    Unknown: Outcome.UNKNOWN,
    Duplicate: Outcome.UNKNOWN,
    Rejected: Outcome.REJECTED,
    NotSent: Outcome.NOT_SENT,
    Throttled: Outcome.THROTTLED,
    AuthDead: Outcome.HELD,
    NoFunds: Outcome.HELD,
}


def sent_values(result: Sent, now) -> dict:
    """Return what a row holds when the post is known to exist."""
    return {
        "state": State.SENT,
        "sent_at": now,
        "remote_id": result.remote_id[:200],
        "remote_url": result.url[:500],
        "last_error": "",
        "needs_person": False,
        "attempts": F("attempts") + 1,
    }


def get_settle(kind: str) -> tuple[int, ...]:
    """Return the seconds after an unknown answer at which an account of this kind is read back."""
    if kind not in channels.KINDS:
        return Capabilities.settle
    return channels.build(kind).capabilities.settle


def unknown_values(kind: str, now) -> dict:
    """Return what a row holds when nobody knows whether the post exists."""
    return {
        "state": State.UNCERTAIN,
        "uncertain_since": now,
        "looks": 0,
        "next_attempt_at": now + timedelta(seconds=get_settle(kind)[0]),
    }


def get_backoff(attempts: int) -> timedelta:
    """Return a random wait that grows with the attempts: full jitter up to an hour."""
    return timedelta(seconds=random.uniform(0, min(LONGEST_BACKOFF, 5 * 2**attempts)))  # noqa: S311


def _update(held: Claim, **changes) -> bool:
    mine = Delivery.objects.filter(pk=held.delivery.pk, worker=held.worker, state=State.SENDING)
    return bool(mine.update(worker="", lease_until=None, **changes))


def _record_late(held: Claim, result: Sent | ChannelError) -> None:
    """An answer that came after the lease: proof of a post still ends the search, nothing else counts."""
    is_proof = isinstance(result, Sent)
    if is_proof:
        searched = Delivery.objects.filter(pk=held.delivery.pk, state=State.UNCERTAIN, closed_at=None)
        searched.update(worker="", lease_until=None, **sent_values(result, timezone.now()))
    message = result.url or result.remote_id if is_proof else result.message
    add_line(held.delivery, Outcome.LATE, worker=held.worker, status=result.status, message=message)


def add_line(delivery: Delivery, outcome: Outcome, *, worker="", status=None, message="", user=None) -> None:
    """Append one line to the delivery's history."""
    DeliveryAttempt.objects.create(
        delivery=delivery, outcome=outcome, worker=worker, status=status, message=message[:500], user=user
    )


def tell_if_person_needed(delivery: Delivery) -> None:
    """Write a mail when the delivery cannot go on without a person."""
    waiting = Delivery.objects.waiting_for_person().filter(pk=delivery.pk)
    found = waiting.select_related("account", "disposition__assigned_to").first()
    if found is None:
        return
    label = found.account.label
    body = f"Berita sudah tayang di website. Unggahan ke {label}: {found.state_label.lower()}.\n{found.last_error}"
    accounts.tell(f"Unggahan ke {label} memerlukan keputusan: {found.title}", body, found.disposition)


def list_due(now, limit: int) -> list[int]:
    """Return the next deliveries to send, one account after the other, so that none waits behind another."""
    queues = []
    for account in Account.objects.ready(now):
        due = Delivery.objects.due(now).filter(account=account).order_by("next_attempt_at", "pk")
        queues.append(list(due.values_list("pk", flat=True)[:limit]))
    longest = max(map(len, queues), default=0)
    turns = [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]
    return turns[:limit]
