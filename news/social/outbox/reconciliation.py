"""Reconcile posts with an unknown result by reading the account, never by posting again blindly."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from news.social.accounts.token_refresh import get_channel
from news.social.channels.base import FOREVER, AuthDead, ChannelError, NoFunds, Sent, Throttled, Undecided, Unknown
from news.social.models import Delivery, Restoration, leases
from news.social.models.leases import Claim

from . import age_limit, circuit_breaker, restored
from .sending import (
    MAX_ATTEMPTS,
    POST,
    Outcome,
    State,
    add_event,
    get_backoff,
    get_read_back_delays,
    is_still_live,
    look_first,
    sent_values,
    tell_if_person_needed,
    unknown_values,
)
from .work import Work

logger = logging.getLogger(__name__)

LOST = "Proses pengiriman terhenti sebelum jawaban kanal diterima."
SENT_AS_USUAL = "Tidak ada di kanal sejak cadangan dibuat: dikirim seperti biasa."
ASK_PERSON = "Unggahan tidak ditemukan di kanal, tetapi belum tentu tidak terkirim. Periksa akun, lalu putuskan."
NOBODY_LOOKED = "Sistem tidak dapat membaca kanal ini."
DECIDE = "Belum diketahui apakah unggahan ini ada di sana. Buka kanal, lalu putuskan."


def recover_lost(now) -> int:
    """Mark rows of dead workers as uncertain, to be looked up; never make them due again."""
    return sum(_recover(delivery, now) for delivery in Delivery.objects.in_hand().lost(now))


@transaction.atomic
def _recover(delivery, now) -> bool:
    if delivery.state == State.UNCERTAIN:
        return leases.end_lost(delivery, now)
    ended = leases.end_lost(delivery, now, last_error=LOST, **unknown_values(delivery.kind, now))
    if ended:
        add_event(delivery, Outcome.UNKNOWN, worker=delivery.worker, message=LOST)
    return ended


@transaction.atomic
def note_restore(taken_at) -> int:
    """Record that this database was restored from an archive of this moment; look first for every waiting post.

    Return how many wait. Whatever is to be sent later and was ordered before is looked for then (``restored``).
    """
    now = timezone.now()
    last = Restoration.objects.last()
    # A clock that was set back must not hide this restore behind an earlier one.
    moment = max(now, last.restored_at + timedelta(microseconds=1)) if last else now
    Restoration.objects.create(taken_at=taken_at, restored_at=moment)
    waiting = Delivery.objects.filter(state=State.PENDING, needs_person=False)
    return sum(look_first(delivery, now, taken_at, moment) for delivery in waiting)


class PostLook(Work[Delivery]):
    """Look up uncertain posts: a found one is sent; one absent to the last look is repeated or left to a person."""

    account = "account"

    def list_due(self, now):
        return Delivery.objects.to_look_for(now)

    def exchange(self, claim):
        delivery = claim.row
        try:
            channel = get_channel(delivery.account)
            if not channel.capabilities.readable:
                return None
            post, key, since = delivery.get_composed(), str(delivery.idempotency_key), delivery.first_sent_at
            if restored.is_sought(delivery):
                return channel.find_by_words(post, key, since)
            return channel.find(post, key, since, delivery.prepared)
        except ChannelError as error:
            return error
        except Exception:
            logger.exception("Looking for delivery %s broke off", delivery.pk)
            return Unknown("Pencarian terputus oleh kesalahan sistem.")

    @transaction.atomic
    def record(self, results):
        again = []
        for claim, answer in results:
            if isinstance(answer, Sent):
                _record_found(claim, answer)
            elif isinstance(answer, Undecided):
                # Never repeat beside a lookalike: it may be this post, altered by hand.
                _record_absent(claim, answer.message)
            elif answer is not None:
                _record_failed_look(claim, answer)
            elif restored.is_sought(claim.row):
                _record_absent_since_archive(claim)
            elif not _may_repeat(claim.row):
                _record_absent(claim)
            elif _repeat(claim):
                again.append((POST, claim))
        return again


POST_LOOK = PostLook()


def _is_last_look(delivery) -> bool:
    """Say whether no later look is planned; an unreadable account gets only one."""
    if not delivery.account.get_composer().capabilities.readable:
        return True
    return delivery.looks + 1 >= len(get_read_back_delays(delivery.kind))


def _may_repeat(delivery) -> bool:
    """Say whether the network still knows the delivery's key, so that a repeat is no second post.

    Not every server honours keys, so repeat only a post absent to the last look, and only once.
    """
    now = timezone.now()
    if not is_still_live(delivery) or age_limit.is_too_old(delivery, now):
        return False
    window = delivery.account.get_composer().capabilities.idempotent_for
    if window == FOREVER:
        return True
    return _is_last_look(delivery) and delivery.repeats == 0 and now < delivery.first_sent_at + window - leases.LEASE


def _repeat(claim: Claim[Delivery]) -> bool:
    """Keep the claim and send again under the same key, through the same work as the first time."""
    if not claim.hold(state=State.SENDING, repeats=F("repeats") + 1):
        return False
    delivery = claim.row
    delivery.state, delivery.repeats = State.SENDING, delivery.repeats + 1
    add_event(delivery, Outcome.ABSENT, worker=claim.worker, message="Dikirim ulang dengan kunci yang sama.")
    add_event(delivery, Outcome.STARTED, worker=claim.worker)
    return True


def _record_found(claim: Claim[Delivery], sent: Sent) -> None:
    if claim.end(**sent_values(sent, timezone.now())):
        add_event(claim.row, Outcome.FOUND, worker=claim.worker, status=sent.status, message=sent.url)
        circuit_breaker.note_success(claim.row.account_id)


def _record_absent(claim: Claim[Delivery], message: str = "") -> None:
    delivery = claim.row
    looks = delivery.looks + 1
    if _is_last_look(delivery):
        readable = delivery.account.get_composer().capabilities.readable
        seen = message or ("" if readable else NOBODY_LOOKED)
        reason = f"{seen} {DECIDE}" if seen else ASK_PERSON
        changes = {"needs_person": True, "last_error": reason[:500]}
    else:
        delay = timedelta(seconds=get_read_back_delays(delivery.kind)[looks])
        changes = {"next_attempt_at": delivery.uncertain_since + delay}
    if claim.end(looks=looks, **changes):
        add_event(delivery, Outcome.ABSENT, worker=claim.worker, message=message)
        # Reading worked; whether posting works, the next row shows.
        circuit_breaker.note_look(delivery.account_id, None, timezone.now(), claim.probe)
        tell_if_person_needed(delivery)


def _record_absent_since_archive(claim: Claim[Delivery]) -> None:
    """Let a post be sent that is certainly not among those from between an archive and its restore."""
    delivery, now = claim.row, timezone.now()
    can_read = delivery.account.get_composer().capabilities.readable
    if not can_read or not (restored.is_settled(delivery, now) or _is_last_look(delivery)):
        _record_absent(claim)
        return
    fresh = {"state": State.PENDING, "next_attempt_at": now, "first_sent_at": None, "uncertain_since": None}
    if claim.end(**fresh, looks=0, last_error=""):
        add_event(delivery, Outcome.ABSENT, worker=claim.worker, message=SENT_AS_USUAL)
        circuit_breaker.note_look(delivery.account_id, None, now, claim.probe)


def _record_failed_look(claim: Claim[Delivery], error: ChannelError) -> None:
    """Record a failed look-up: look again later, after the last one leave it to a person."""
    delivery, now = claim.row, timezone.now()
    failed = 1 + delivery.events.filter(outcome=Outcome.LOOK_FAILED).count()
    changes: dict[str, Any] = {"next_attempt_at": now + get_backoff(failed)}
    acts_on_account = isinstance(error, (Throttled, AuthDead, NoFunds))
    if not acts_on_account and failed >= MAX_ATTEMPTS:
        changes |= {"needs_person": True, "last_error": error.message[:500]}
    if not claim.end(**changes):
        return
    outcome = Outcome.HELD if acts_on_account else Outcome.LOOK_FAILED
    add_event(delivery, outcome, worker=claim.worker, status=error.status, message=error.message)
    circuit_breaker.note_look(delivery.account_id, error, now, claim.probe)
    tell_if_person_needed(delivery)
