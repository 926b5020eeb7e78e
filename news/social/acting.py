"""Carries out the follow-ups of ralat and take-down: claimed and committed first, then the network.

The same discipline as posting. A lost answer to an edit or a removal is answered by doing it again,
which changes nothing; a lost answer to a reply by looking for it, and at last by asking a person.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from moderation.models import PublicationPermit

from . import breaker
from .channels.base import AuthDead, ChannelError, Duplicate, NoFunds, Rejected, Sent, Throttled, Unknown
from .following import CLOSED_UNKNOWN, tell_person
from .leases import new_worker_name
from .models import Account, Delivery, DeliveryAttempt, FollowUp
from .refreshing import get_channel
from .renewal import add_line, drop
from .sending import LEASE, MAX_ATTEMPTS, get_backoff, get_settle

logger = logging.getLogger(__name__)
State, Kind, Occasion = FollowUp.State, FollowUp.Kind, FollowUp.Occasion
Outcome = DeliveryAttempt.Outcome
NOT_THERE = "Unggahan tidak terkirim, jadi tidak ada yang perlu ditindaklanjuti."
NOT_FOUND = "Balasan tidak ditemukan di kanal, tetapi belum tentu tidak terkirim. Periksa akun, lalu putuskan."
NO_ID = "Tautan unggahan tidak memuat nomor unggahan. Kerjakan langsung di kanal."
LOST = "Proses terhenti sebelum jawaban kanal diterima."
BATCH = 20


def act_on_due() -> int:
    """Do one pass and return how many follow-ups moved. Any number of workers may run it at once."""
    now = timezone.now()
    done = clear(now)
    ready = Account.objects.ready(now)
    searched = FollowUp.objects.to_look_for(now).filter(delivery__account__in=ready)
    done += sum(
        look(pk) for pk in list(searched.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:BATCH])
    )
    due = FollowUp.objects.due(now).filter(delivery__account__in=ready)
    done += sum(act(pk) for pk in list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:BATCH]))
    return done


def clear(now) -> int:
    """Take back what a dead worker began, and drop what has no post any more; no network is asked."""
    done = sum(_recover(follow_up, now) for follow_up in FollowUp.objects.lost(now))
    return done + sum(map(_clear_up, _list_without_post()))


def act(pk: int) -> bool:
    """Do one due follow-up and write down what came of it; False when it was not ours to do."""
    held = _claim(pk)
    if held is None:
        return False
    _record(held, _exchange(held))
    return True


def look(pk: int) -> bool:
    """Look for one reply of which nobody knows; absent to the end it asks a person."""
    follow_up = _claim_look(pk)
    if follow_up is None:
        return False
    result = _talk(
        follow_up,
        lambda channel, remote_id: channel.find_reply(
            remote_id, follow_up.get_composed(), str(follow_up.idempotency_key), follow_up.first_sent_at
        ),
    )
    if isinstance(result, Sent):
        _record(follow_up, result)
    else:
        _record_absent(follow_up, result)
    return True


def _claim(pk) -> FollowUp | None:
    """Take a due follow-up and commit ``doing`` before anything leaves; one at a time for each post."""
    with transaction.atomic(durable=True):
        now = timezone.now()
        follow_up = _get(pk)
        Delivery.objects.select_for_update().get(pk=follow_up.delivery_id)
        if not follow_up.delivery.account.is_ready(now):
            return None
        if FollowUp.objects.filter(delivery=follow_up.delivery_id, state=State.DOING).exists():
            return None
        reason = _why_overtaken(follow_up)
        if reason:
            drop(follow_up, reason)
            return None
        worker = new_worker_name()
        taken = (
            FollowUp.objects.due(now)
            .filter(pk=pk)
            .update(
                state=State.DOING,
                worker=worker,
                lease_until=now + LEASE,
                first_sent_at=follow_up.first_sent_at or now,
            )
        )
        if not taken:
            return None
        if not breaker.take_probe(follow_up.delivery.account, now + LEASE):
            transaction.set_rollback(True)
            return None
        add_line(follow_up, Outcome.ACT_STARTED, worker=worker)
    return _get(pk)


def _why_overtaken(follow_up) -> str:
    """Return why the follow-up is no longer right, "" while it is: the page decides, not the row."""
    if follow_up.occasion == Occasion.DECISION:
        return ""
    newer = FollowUp.objects.filter(delivery=follow_up.delivery_id, target=None, pk__gt=follow_up.pk)
    if follow_up.kind == Kind.EDIT and newer.exclude(kind=Kind.REPLY).exclude(state=State.CANCELLED).exists():
        return "Diganti oleh tindak lanjut yang lebih baru."
    permits = PublicationPermit.objects.executed().filter(page=follow_up.delivery.page_id, page__live=True)
    if follow_up.occasion == Occasion.TAKE_DOWN:
        return "Berita tayang kembali." if permits.exists() else ""
    if follow_up.kind == Kind.EDIT:
        permits = permits.filter(pk=follow_up.permit_id)
    # What citizens were told of a ralat stays true under a later one.
    return "" if permits.exists() else "Versi ini tidak lagi tayang."


def _exchange(follow_up) -> Sent | ChannelError:
    composed, key = follow_up.get_composed(), str(follow_up.idempotency_key)
    requests = {
        Kind.EDIT: lambda channel, remote_id: channel.edit(remote_id, composed, key),
        Kind.REPLY: lambda channel, remote_id: channel.reply(remote_id, composed, key),
        Kind.DELETE: lambda channel, remote_id: channel.delete(remote_id, key),
    }
    return _talk(follow_up, requests[Kind(follow_up.kind)])


def _talk(follow_up, request):
    """Make one request about the post and return what the adapter says of it."""
    try:
        channel = get_channel(follow_up.delivery.account)
        post = follow_up.target or follow_up.delivery
        remote_id = post.remote_id or channel.read_id(post.remote_url)
        return request(channel, remote_id) if remote_id else Rejected(NO_ID)
    except ChannelError as error:
        return error
    except Exception:
        # A fault of ours in the middle of an exchange: whether the request left is not known.
        logger.exception("Follow-up %s broke off", follow_up.pk)
        return Unknown("Tindak lanjut terputus oleh kesalahan sistem.")


@transaction.atomic
def _record(follow_up, result: Sent | ChannelError) -> None:
    """Write what came of it, if it is still ours; a late answer changes nothing."""
    now = timezone.now()
    changes, outcome = _get_changes(follow_up, result, now)
    mine = FollowUp.objects.filter(
        pk=follow_up.pk, worker=follow_up.worker, state__in=(State.DOING, State.UNCERTAIN), needs_person=False
    )
    moved = mine.update(worker="", lease_until=None, **changes)
    is_proof = isinstance(result, Sent)
    message = (result.url or "") if is_proof else result.message
    if not moved:
        add_line(follow_up, Outcome.LATE, message, worker=follow_up.worker, status=result.status)
        return
    add_line(follow_up, outcome, message, worker=follow_up.worker, status=result.status)
    breaker.note(follow_up.delivery.account_id, result, now, follow_up.lease_until)
    _tell_if_person_needed(follow_up.pk)


def _get_changes(follow_up, result, now) -> tuple[dict, Outcome]:
    """Return the new values of the row and the name of what happened."""
    if isinstance(result, Sent):
        values = {"state": State.DONE, "done_at": now, "last_error": ""}
        if follow_up.kind == Kind.REPLY:
            values |= {"remote_id": result.remote_id[:200], "remote_url": result.url[:500]}
        return values, Outcome.ACT_DONE
    error = {"last_error": result.message[:500]}
    if isinstance(result, (Throttled, AuthDead, NoFunds)):
        until = result.until if isinstance(result, Throttled) else now
        return error | {"state": State.PENDING, "next_attempt_at": until}, Outcome.ACT_TRIED
    if follow_up.kind == Kind.REPLY and isinstance(result, (Unknown, Duplicate)):
        return error | _unknown_values(follow_up, now), Outcome.ACT_TRIED
    attempts = follow_up.attempts + 1
    if isinstance(result, Rejected) or attempts >= MAX_ATTEMPTS:
        return error | {"state": State.FAILED, "attempts": attempts}, Outcome.ACT_TRIED
    next_at = now + get_backoff(attempts)
    return error | {"state": State.PENDING, "attempts": attempts, "next_attempt_at": next_at}, Outcome.ACT_TRIED


def _unknown_values(follow_up, now) -> dict:
    settle = get_settle(follow_up.delivery.kind)
    return {
        "state": State.UNCERTAIN,
        "uncertain_since": now,
        "looks": 0,
        "next_attempt_at": now + timedelta(seconds=settle[0]),
    }


@transaction.atomic
def _recover(follow_up, now) -> bool:
    """What a dead worker began: a reply is looked for, everything else is done again."""
    if follow_up.kind == Kind.REPLY:
        changes = _unknown_values(follow_up, now)
    else:
        changes = {"state": State.PENDING, "next_attempt_at": now, "attempts": F("attempts") + 1}
    lost = FollowUp.objects.lost(now).filter(pk=follow_up.pk, worker=follow_up.worker)
    moved = lost.update(worker="", lease_until=None, last_error=LOST, **changes)
    if moved:
        add_line(follow_up, Outcome.ACT_TRIED, LOST, worker=follow_up.worker)
    return bool(moved)


def _claim_look(pk) -> FollowUp | None:
    with transaction.atomic(durable=True):
        now = timezone.now()
        account = _get(pk).delivery.account
        if not account.is_ready(now):
            return None
        mine = FollowUp.objects.to_look_for(now).filter(pk=pk)
        if not mine.update(worker=new_worker_name(), next_attempt_at=now + LEASE):
            return None
        if not breaker.take_probe(account, now + LEASE):
            transaction.set_rollback(True)
            return None
        return _get(pk)


@transaction.atomic
def _record_absent(follow_up, error: ChannelError | None) -> None:
    """An account that cannot be read says nothing about the reply, but nobody looks for ever."""
    now = timezone.now()
    looks, settle = follow_up.looks + 1, get_settle(follow_up.delivery.kind)
    changes = {"worker": "", "looks": looks}
    if isinstance(error, (Throttled, AuthDead, NoFunds)):
        changes |= {"looks": follow_up.looks, "next_attempt_at": now}
    elif looks < len(settle):
        changes["next_attempt_at"] = follow_up.uncertain_since + timedelta(seconds=settle[looks])
    else:
        changes |= {"needs_person": True, "last_error": NOT_FOUND}
    mine = FollowUp.objects.filter(pk=follow_up.pk, worker=follow_up.worker, state=State.UNCERTAIN, needs_person=False)
    if mine.update(**changes):
        message = error.message if error is not None else "Balasan belum ditemukan di kanal."
        add_line(follow_up, Outcome.ACT_TRIED, message, worker=follow_up.worker)
        breaker.note_look(follow_up.delivery.account_id, error, now, follow_up.next_attempt_at)
        _tell_if_person_needed(follow_up.pk)


def _list_without_post() -> list[FollowUp]:
    """Return what waits for a post that turned out not to exist, or of which nobody will ever know."""
    waiting = FollowUp.objects.filter(state=State.PENDING).select_related("delivery", "target")
    never_sent = Q(target=None, delivery__state=Delivery.State.FAILED)
    never_known = Q(target=None, delivery__state=Delivery.State.UNCERTAIN) & ~Q(delivery__closed_at=None)
    no_reply = Q(target__state__in=(State.FAILED, State.CANCELLED, State.TASK))
    return list(waiting.filter(never_sent | never_known | no_reply))


@transaction.atomic
def _clear_up(follow_up) -> bool:
    if follow_up.target_id is None and follow_up.delivery.state == Delivery.State.UNCERTAIN:
        waiting = FollowUp.objects.filter(pk=follow_up.pk, state=State.PENDING)
        moved = waiting.update(state=State.TASK, last_error=CLOSED_UNKNOWN)
        if moved:
            add_line(follow_up, Outcome.ACT_TRIED, CLOSED_UNKNOWN)
            _tell_if_person_needed(follow_up.pk)
        return bool(moved)
    return drop(follow_up, NOT_THERE)


def _get(pk) -> FollowUp:
    return FollowUp.objects.select_related("delivery__account", "target").get(pk=pk)


def _tell_if_person_needed(pk) -> None:
    waiting = FollowUp.objects.waiting_for_person().filter(pk=pk)
    found = waiting.select_related("delivery__account", "delivery__disposition__assigned_to", "target").first()
    if found is not None:
        tell_person(found)
