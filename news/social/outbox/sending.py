"""Send posts: admit due deliveries, make the one public request, record the result."""

import copy
import logging
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from moderation.models import PublicationPermit
from news.social import channels
from news.social.accounts import service
from news.social.accounts.token_refresh import get_channel
from news.social.channels.base import (
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
from news.social.models import Delivery, DeliveryEvent, leases
from news.social.models.leases import FREE, Claim

from . import age_limit, circuit_breaker, renewal, restored
from .composing import get_post
from .enqueue import cancel
from .work import Answer, Work

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LONGEST_BACKOFF = 3600
RESTORED = "Basis data dipulihkan dari cadangan: unggahan ini mungkin sudah terkirim, maka dicari dulu di kanal."

Outcome = DeliveryEvent.Outcome
State = Delivery.State
_ONE_MORE = F("attempts") + 1


class Post(Work[Delivery]):
    """Sends deliveries that wait."""

    account = "account"
    begun = State.SENDING

    def list_due(self, now):
        return Delivery.objects.due(now)

    def read(self, pks, now):
        rows = super().read(pks, now).select_related("account", "permit", "disposition")
        return rows.annotate(still_live=_is_live(), unseen=restored.has_unseen(now))

    def admit(self, row, now):
        if not row.still_live:
            with transaction.atomic():
                if not renewal.renew(row):
                    cancel(row)
            row = self.read([row.pk], now).first()
            if row is None or not row.still_live:
                return None
        if age_limit.is_too_old(row, now):
            with transaction.atomic():
                if age_limit.hold(row, now):
                    tell_if_person_needed(row)
            return None
        if row.unseen and (moments := restored.find_unseen(row, now)):
            look_first(row, now, *moments)
            return None
        return row

    def get_pin(self, row):
        # Filter on the permit too: an edited text gets a new permit, so a stale row does not match.
        return super().get_pin(row) | {"permit": row.permit_id}

    def make_start_event(self, claim):
        return make_event(claim.row, Outcome.STARTED, worker=claim.worker)

    def exchange(self, claim):
        """Prepare the post, then make the one public request, and return the adapter's result or error."""
        delivery = claim.row
        try:
            channel = get_channel(delivery.account)
            post = get_post(delivery, channel)
            state = channel.prepare(post, copy.deepcopy(delivery.prepared), lambda state: _keep_prepared(claim, state))
            if state != delivery.prepared or not claim.is_safe():
                _keep_prepared(claim, state)
        except (Unknown, Duplicate) as error:
            # No public request was made yet.
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
            # A bug of ours during the exchange: it is unknown whether the request left.
            logger.exception("Delivery %s broke off", delivery.pk)
            return Unknown("Pengiriman terputus oleh kesalahan sistem.")

    def split(self, results):
        """Return the successful posts as one batch, and each of the others alone."""
        quiet = [pair for pair in results if _is_quiet(*pair)]
        return ([quiet] if quiet else []) + [[pair] for pair in results if not _is_quiet(*pair)]

    def record(self, results):
        """Record the results; record an answer for a row no longer claimed as a late one."""
        now = timezone.now()
        changes, events = [], []
        for claim, answer in results:
            values, outcome = _get_changes(claim.row, answer, now)
            message = "" if isinstance(answer, Sent) else answer.message
            changes.append(values)
            events.append(make_event(claim.row, outcome, worker=claim.worker, status=answer.status, message=message))
        with transaction.atomic():
            if leases.end_all([claim for claim, _answer in results], changes):
                DeliveryEvent.objects.bulk_create(events)
                for claim, answer in results:
                    _act_on_account(claim, answer, now)
                return []
            if len(results) == 1:
                _record_late(*results[0])
                return []
            transaction.set_rollback(True)
        for pair in results:
            self.record([pair])
        return []


POST = Post()


def _is_live() -> Exists:
    permits = PublicationPermit.objects.executed().filter(pk=OuterRef("permit"))
    return Exists(permits.filter(page__live=True, page__live_revision_id=F("revision_id")))


def is_still_live(delivery: Delivery) -> bool:
    """Say whether the permit under which the delivery was written still keeps the page live (I9)."""
    return Delivery.objects.filter(_is_live(), pk=delivery.pk).exists()


def _keep_prepared(claim: Claim[Delivery], state: dict) -> None:
    """Save the prepared state and renew the lease; raise before the post when the row is no longer claimed."""
    if not claim.hold(prepared=state):
        raise NotSent("Pengiriman ini sudah diambil alih proses lain.")


def _is_quiet(claim: Claim[Delivery], answer: Answer) -> bool:
    """Say whether the answer has no effect on the account."""
    return isinstance(answer, Sent) and not claim.row.account.consecutive_failures


def _act_on_account(claim: Claim[Delivery], answer: Sent | ChannelError, now: datetime) -> None:
    if not isinstance(answer, Sent):
        tell_if_person_needed(claim.row)
    if not _is_quiet(claim, answer):
        circuit_breaker.note(claim.row.account_id, answer, now, claim.probe)


def _get_changes(delivery: Delivery, answer: Sent | ChannelError, now: datetime) -> tuple[dict, Outcome]:
    """Return the new values of the row and the name of what happened."""
    if isinstance(answer, Sent):
        return sent_values(answer, now), Outcome.SENT
    outcome = next(_OUTCOMES[kind] for kind in type(answer).__mro__ if kind in _OUTCOMES)
    error = {"last_error": answer.message[:500]}
    if isinstance(answer, (Unknown, Duplicate)):
        return error | unknown_values(delivery.kind, now), outcome
    if delivery.repeats:
        # The first request may have been stored, whatever the second returned.
        return error | unknown_values(delivery.kind, now) | {"needs_person": True}, outcome
    if isinstance(answer, Rejected):
        # The prepared state may be the cause: discard it before the next attempt.
        return error | {"state": State.FAILED, "prepared": {}}, outcome
    if isinstance(answer, NotSent):
        attempts = delivery.attempts + 1
        state = State.FAILED if attempts >= MAX_ATTEMPTS else State.PENDING
        next_at = now + get_backoff(attempts)
        return error | {"state": state, "attempts": attempts, "next_attempt_at": next_at}, outcome
    until = answer.until if isinstance(answer, Throttled) else now
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


def sent_values(sent: Sent, now: datetime) -> dict:
    """Return the row's values once the post is known to exist."""
    return {
        "state": State.SENT,
        "sent_at": now,
        "remote_id": sent.remote_id[:200],
        "remote_url": sent.url[:500],
        "last_error": "",
        "needs_person": False,
        "attempts": _ONE_MORE,
    }


def get_read_back_delays(kind: str) -> tuple[int, ...]:
    """Return the seconds after an unknown answer at which an account of this kind is read back."""
    if kind not in channels.KINDS:
        return Capabilities.read_back_delays
    return channels.build(kind).capabilities.read_back_delays


def unknown_values(kind: str, now: datetime) -> dict:
    """Return the row's values while it is unknown whether the post exists."""
    return {
        "state": State.UNCERTAIN,
        "uncertain_since": now,
        "looks": 0,
        "next_attempt_at": now + timedelta(seconds=get_read_back_delays(kind)[0]),
    }


@transaction.atomic
def look_first(delivery: Delivery, now: datetime, taken_at: datetime, restored_at: datetime) -> bool:
    """Let a waiting delivery be looked for among what was posted since ``taken_at``; False where it waits no more."""
    values = unknown_values(delivery.kind, now) | {
        "next_attempt_at": now,
        "first_sent_at": min(taken_at, delivery.first_sent_at or taken_at),
        "restored_at": restored_at,
        "last_error": RESTORED,
    }
    waiting = Delivery.objects.filter(pk=delivery.pk, state=State.PENDING, needs_person=False, lease_until=None)
    held = waiting.update(**values)
    if held:
        add_event(delivery, Outcome.SOUGHT, message=RESTORED)
    return bool(held)


def get_backoff(attempts: int) -> timedelta:
    """Return a random wait that grows with the attempts: full jitter up to an hour."""
    return timedelta(seconds=random.uniform(0, min(LONGEST_BACKOFF, 5 * 2**attempts)))  # noqa: S311


def _record_late(claim: Claim[Delivery], answer: Sent | ChannelError) -> None:
    """Record an answer that came after the lease: only proof of a post changes the row."""
    if isinstance(answer, Sent):
        searched = Delivery.objects.filter(pk=claim.row.pk, state=State.UNCERTAIN, closed_at=None)
        searched.update(**sent_values(answer, timezone.now()), **FREE)
        message = answer.url or answer.remote_id
    else:
        message = answer.message
    add_event(claim.row, Outcome.LATE, worker=claim.worker, status=answer.status, message=message)


def make_event(delivery: Delivery, outcome: Outcome, *, worker="", status=None, message="", user=None) -> DeliveryEvent:
    """Return an unsaved event of the delivery."""
    return DeliveryEvent(
        delivery=delivery, outcome=outcome, worker=worker, status=status, message=message[:500], user=user
    )


def add_event(delivery: Delivery, outcome: Outcome, **values) -> None:
    """Write an event of the delivery."""
    make_event(delivery, outcome, **values).save()


def tell_if_person_needed(delivery: Delivery) -> None:
    """Queue a mail when the delivery needs a person's decision."""
    waiting = Delivery.objects.waiting_for_person().filter(pk=delivery.pk)
    found = waiting.select_related("account", "disposition__assigned_to").first()
    if found is None:
        return
    label = found.account.label
    body = f"Berita sudah tayang di website. Unggahan ke {label}: {found.state_label.lower()}.\n{found.last_error}"
    service.tell(f"Unggahan ke {label} memerlukan keputusan: {found.title}", body, found.disposition)
