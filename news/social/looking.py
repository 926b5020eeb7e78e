"""When nobody knows whether a post exists: read the account back, and never post blindly again."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import ageing, breaker
from .channels.base import FOREVER, AuthDead, ChannelError, NoFunds, Sent, Throttled, Unknown
from .leases import new_worker_name
from .models import Delivery
from .refreshing import get_channel
from .sending import (
    LEASE,
    MAX_ATTEMPTS,
    Claim,
    Outcome,
    State,
    add_line,
    exchange,
    get_backoff,
    get_settle,
    is_still_live,
    record,
    sent_values,
    tell_if_person_needed,
    unknown_values,
)

logger = logging.getLogger(__name__)

LOST = "Proses pengiriman terhenti sebelum jawaban kanal diterima."
ASK_PERSON = "Unggahan tidak ditemukan di kanal, tetapi belum tentu tidak terkirim. Periksa akun, lalu putuskan."


def recover_lost(now) -> int:
    """Turn every delivery whose worker died into one that nobody knows of; never into a due one."""
    lost = list(Delivery.objects.lost(now).select_related("account"))
    return sum(_recover(delivery, now) for delivery in lost)


@transaction.atomic
def _recover(delivery, now) -> bool:
    values = unknown_values(delivery.kind, now) | {"last_error": LOST, "worker": "", "lease_until": None}
    taken = Delivery.objects.lost(now).filter(pk=delivery.pk, worker=delivery.worker).update(**values)
    if taken:
        add_line(delivery, Outcome.UNKNOWN, worker=delivery.worker, message=LOST)
    return bool(taken)


def look(pk: int) -> bool:
    """Look for one uncertain delivery; found is sent, absent to the end is repeated or asks a person."""
    held = _claim(pk)
    if held is None:
        return False
    result = _find(held.delivery)
    if isinstance(result, ChannelError):
        _record_failed_look(held, result)
    elif result is not None:
        _record_found(held, result)
    elif _may_repeat(held.delivery):
        _repeat(held)
    else:
        _record_absent(held)
    return True


def _claim(pk) -> Claim | None:
    worker = new_worker_name()
    with transaction.atomic(durable=True):
        now = timezone.now()
        delivery = Delivery.objects.select_related("account").get(pk=pk)
        if not delivery.account.is_ready(now):
            return None
        mine = Delivery.objects.to_look_for(now).filter(pk=pk)
        if not mine.update(worker=worker, next_attempt_at=now + LEASE):
            return None
        if not breaker.take_probe(delivery.account, now + LEASE):
            transaction.set_rollback(True)
            return None
        probe = now + LEASE if breaker.needs_probe(delivery.account) else None
        delivery.refresh_from_db()
    return Claim(delivery, worker, probe)


def _find(delivery) -> Sent | ChannelError | None:
    try:
        channel = get_channel(delivery.account)
        if not channel.capabilities.readable:
            return None
        return channel.find(
            delivery.get_composed(), str(delivery.idempotency_key), delivery.first_sent_at, delivery.prepared
        )
    except ChannelError as error:
        return error
    except Exception:
        logger.exception("Looking for delivery %s broke off", delivery.pk)
        return Unknown("Pencarian terputus oleh kesalahan sistem.")


def _is_last_look(delivery) -> bool:
    """Say whether no later look is planned; where nothing can be read, no look tells more than the first."""
    if not get_channel(delivery.account).capabilities.readable:
        return True
    return delivery.looks + 1 >= len(get_settle(delivery.kind))


def _may_repeat(delivery) -> bool:
    """Say whether the network still knows the delivery's key, so that a repeat is no second post.

    Not every server keeps its word about keys, so only a post that is absent to the last look is
    repeated, and once.
    """
    if not is_still_live(delivery) or ageing.is_too_old(delivery, timezone.now()):
        return False
    window = get_channel(delivery.account).capabilities.idempotent_for
    if window == FOREVER:
        return True
    return (
        _is_last_look(delivery) and delivery.repeats == 0 and timezone.now() < delivery.first_sent_at + window - LEASE
    )


def _repeat(held: Claim) -> None:
    """Send again under the same key, through the same door as the first time."""
    with transaction.atomic(durable=True):
        now = timezone.now()
        taken = _mine(held).update(state=State.SENDING, repeats=F("repeats") + 1, lease_until=now + LEASE)
        if not taken:
            return
        add_line(held.delivery, Outcome.ABSENT, worker=held.worker, message="Dikirim ulang dengan kunci yang sama.")
        add_line(held.delivery, Outcome.STARTED, worker=held.worker)
        held.delivery.refresh_from_db()
    record(held, exchange(held))


@transaction.atomic
def _record_found(held: Claim, result: Sent) -> None:
    if _mine(held).update(worker="", **sent_values(result, timezone.now())):
        add_line(held.delivery, Outcome.FOUND, worker=held.worker, status=result.status, message=result.url)
        breaker.note_success(held.delivery.account_id)


@transaction.atomic
def _record_absent(held: Claim) -> None:
    delivery = held.delivery
    looks = delivery.looks + 1
    changes = {"worker": "", "looks": looks}
    if not _is_last_look(delivery):
        changes["next_attempt_at"] = delivery.uncertain_since + timedelta(seconds=get_settle(delivery.kind)[looks])
    else:
        changes |= {"needs_person": True, "last_error": ASK_PERSON}
    if _mine(held).update(**changes):
        add_line(delivery, Outcome.ABSENT, worker=held.worker)
        # The account can be read; whether it can be posted to, the next row will tell.
        breaker.note_look(delivery.account_id, None, timezone.now(), held.probe)
        tell_if_person_needed(delivery)


@transaction.atomic
def _record_failed_look(held: Claim, error: ChannelError) -> None:
    """An account that cannot be read says nothing about the post: look again, at last ask a person."""
    delivery, now = held.delivery, timezone.now()
    failed = 1 + delivery.lines.filter(outcome=Outcome.LOOK_FAILED).count()
    changes = {"worker": "", "next_attempt_at": now + get_backoff(failed)}
    acts_on_account = isinstance(error, (Throttled, AuthDead, NoFunds))
    if not acts_on_account and failed >= MAX_ATTEMPTS:
        changes |= {"needs_person": True, "last_error": error.message[:500]}
    if not _mine(held).update(**changes):
        return
    outcome = Outcome.HELD if acts_on_account else Outcome.LOOK_FAILED
    add_line(delivery, outcome, worker=held.worker, status=error.status, message=error.message)
    breaker.note_look(delivery.account_id, error, now, held.probe)
    tell_if_person_needed(delivery)


def _mine(held: Claim):
    return Delivery.objects.filter(
        pk=held.delivery.pk, worker=held.worker, state=State.UNCERTAIN, needs_person=False, closed_at=None
    )
