"""Execute the follow-ups of ralat and take-down: claim and commit first, then make the request.

After a lost answer an edit or a removal is repeated, which is idempotent; a reply is looked up, and
after the last look left to a person.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from moderation.models import PublicationPermit
from news.social.accounts.token_refresh import get_channel
from news.social.channels.base import (
    AuthDead,
    Channel,
    ChannelError,
    Duplicate,
    NoFunds,
    NoRight,
    NotSent,
    Rejected,
    Sent,
    Throttled,
    Undecided,
    Unknown,
)
from news.social.models import Delivery, DeliveryEvent, FollowUp, leases
from news.social.models.leases import Claim
from news.social.outbox import circuit_breaker, restored
from news.social.outbox.composing import get_changed_post
from news.social.outbox.renewal import add_event, drop, make_event
from news.social.outbox.sending import MAX_ATTEMPTS, get_backoff, get_read_back_delays
from news.social.outbox.work import Work

from .planning import CLOSED_UNKNOWN, EDITS, PREFIX, tell_person

logger = logging.getLogger(__name__)
State, Kind, Occasion = FollowUp.State, FollowUp.Kind, FollowUp.Occasion
Outcome = DeliveryEvent.Outcome
NOT_THERE = "Unggahan tidak terkirim, jadi tidak ada yang perlu ditindaklanjuti."
DECIDE = "Periksa akun, lalu putuskan."
NOT_FOUND = "Balasan tidak ditemukan di kanal, tetapi belum tentu tidak terkirim. Periksa akun, lalu putuskan."
NO_ID = "Tautan unggahan tidak memuat nomor unggahan. Kerjakan langsung di kanal."
SOUGHT = "Basis data dipulihkan dari cadangan: balasan ini mungkin sudah terkirim, maka dicari dulu di kanal."
ANOTHER = "Ada balasan RALAT lain yang tidak dikenal situs ini, dari antara cadangan dan pemulihan: {}"
SENT_AS_USUAL = "Balasan tidak ada di kanal sejak cadangan dibuat: dikirim seperti biasa."
LOST = "Proses terhenti sebelum jawaban kanal diterima."
TAKEN_OVER = "Tindak lanjut ini sudah diambil alih proses lain."


class Act(Work[FollowUp]):
    """Edits, answers and removes posts."""

    account = "delivery__account"
    begun = State.DOING

    def list_due(self, now):
        return FollowUp.objects.due(now)

    def list_free(self, now):
        return FollowUp.objects.waiting(now)

    def read(self, pks, now):
        return super().read(pks, now).select_related("delivery__account", "target")

    def admit(self, row, now):
        reason = _why_overtaken(row)
        if reason:
            drop(row, reason)
            return None
        if row.kind == Kind.REPLY and (moments := restored.find_unseen_before(row, now)):
            _look_first(row, now, *moments)
            return None
        return row

    def lock(self, rows):
        """Lock the posts, so that one act at a time runs for each."""
        posts = Delivery.objects.filter(pk__in=[row.delivery_id for row in rows]).order_by("pk")
        locked = list(posts.select_for_update().values_list("pk", flat=True))
        busy = FollowUp.objects.filter(delivery__in=locked, state=State.DOING).values_list("delivery", flat=True)
        first = {row.delivery_id: row for row in reversed(rows)}
        return [first[pk] for pk in locked if pk not in set(busy)]

    def make_start_event(self, claim):
        return make_event(claim.row, Outcome.ACT_STARTED, worker=claim.worker)

    def exchange(self, claim):
        composed, key = claim.row.get_composed(), str(claim.row.idempotency_key)
        requests = {
            Kind.EDIT: lambda channel, remote_id: channel.edit(remote_id, composed, key),
            Kind.MEDIA: lambda channel, remote_id: channel.edit_media(
                remote_id, get_changed_post(claim.row, channel), key
            ),
            Kind.REPLY: lambda channel, remote_id: channel.reply(remote_id, composed, key),
            Kind.DELETE: lambda channel, remote_id: channel.delete(remote_id, key),
        }
        return _talk(claim, requests[Kind(claim.row.kind)])

    @transaction.atomic
    def record(self, results):
        for claim, answer in results:
            _record(claim, answer)
        return []


class ReplyLook(Work[FollowUp]):
    """Look up uncertain replies; one absent to the last look is left to a person."""

    account = "delivery__account"

    def list_due(self, now):
        return FollowUp.objects.to_look_for(now)

    def read(self, pks, now):
        return super().read(pks, now).select_related("delivery__account", "target")

    def exchange(self, claim):
        return _talk(claim, lambda channel, remote_id: _find_reply(channel, remote_id, claim.row))

    @transaction.atomic
    def record(self, results):
        for claim, answer in results:
            (_record if isinstance(answer, Sent) else _record_absent)(claim, answer)
        return []


ACT, REPLY_LOOK = Act(), ReplyLook()


def clear(now) -> int:
    """Release rows of dead workers and drop follow-ups without a post; make no request."""
    done = sum(_recover(follow_up, now) for follow_up in FollowUp.objects.in_hand().lost(now))
    return done + sum(map(_clear_up, _list_without_post()))


def _why_overtaken(follow_up) -> str:
    """Return why the follow-up is obsolete given the page's state, "" while it is not."""
    if follow_up.occasion == Occasion.DECISION:
        return ""
    newer = FollowUp.objects.filter(delivery=follow_up.delivery_id, target=None, pk__gt=follow_up.pk)
    # A task for a person may stand beside the act of the same ralat.
    beside = Q(kind=Kind.REPLY) | Q(kind=Kind.MEDIA, permit=follow_up.permit_id)
    if follow_up.kind in EDITS and newer.exclude(beside).exclude(state=State.CANCELLED).exists():
        return "Diganti oleh tindak lanjut yang lebih baru."
    permits = PublicationPermit.objects.executed().filter(page=follow_up.delivery.page_id, page__live=True)
    if follow_up.occasion == Occasion.TAKE_DOWN:
        return "Berita tayang kembali." if permits.exists() else ""
    if follow_up.kind in EDITS:
        permits = permits.filter(pk=follow_up.permit_id)
    # The public note of a ralat stays valid under a later one.
    return "" if permits.exists() else "Versi ini tidak lagi tayang."


def _talk(claim: Claim[FollowUp], request) -> Sent | ChannelError | None:
    """Make one request about the post and return the adapter's result or error."""
    follow_up = claim.row
    try:
        channel = get_channel(follow_up.delivery.account)
        post = follow_up.target or follow_up.delivery
        remote_id = post.remote_id or channel.read_id(post.remote_url)
        if not remote_id:
            return Rejected(NO_ID)
        return request(channel, remote_id) if claim.is_safe() else NotSent(TAKEN_OVER)
    except NoRight as error:
        # The account may still post: only this act is refused.
        return Rejected(error.message, status=error.status)
    except ChannelError as error:
        return error
    except Exception:
        # A bug of ours during the exchange: it is unknown whether the request left.
        logger.exception("Follow-up %s broke off", follow_up.pk)
        return Unknown("Tindak lanjut terputus oleh kesalahan sistem.")


def _record(claim: Claim[FollowUp], answer: Sent | ChannelError) -> None:
    """Record the result if the row is still claimed; ignore a late answer."""
    follow_up, now = claim.row, timezone.now()
    changes, outcome = _get_changes(follow_up, answer, now)
    message = (answer.url or "") if isinstance(answer, Sent) else answer.message
    if not claim.end(**changes):
        add_event(follow_up, Outcome.LATE, message, worker=claim.worker, status=answer.status)
        return
    add_event(follow_up, outcome, message, worker=claim.worker, status=answer.status)
    if isinstance(answer, Sent) and follow_up.kind in EDITS:
        _keep_number(follow_up.delivery, answer)
    circuit_breaker.note(follow_up.delivery.account_id, answer, now, claim.probe)
    _tell_if_person_needed(follow_up.pk)


def _keep_number(delivery: Delivery, sent: Sent) -> None:
    """Keep the number that the network gave the edited post, where it gave another."""
    if delivery.remote_id and sent.remote_id and sent.remote_id != delivery.remote_id:
        Delivery.objects.filter(pk=delivery.pk).update(remote_id=sent.remote_id[:200])


def _get_changes(follow_up, answer, now) -> tuple[dict, Outcome]:
    """Return the new values of the row and the name of what happened."""
    if isinstance(answer, Sent):
        values = {"state": State.DONE, "done_at": now, "last_error": ""}
        if follow_up.kind == Kind.REPLY:
            values |= {"remote_id": answer.remote_id[:200], "remote_url": answer.url[:500]}
        return values, Outcome.ACT_DONE
    error = {"last_error": answer.message[:500]}
    if isinstance(answer, (Throttled, AuthDead, NoFunds)):
        until = answer.until if isinstance(answer, Throttled) else now
        return error | {"state": State.PENDING, "next_attempt_at": until}, Outcome.ACT_TRIED
    if follow_up.kind == Kind.REPLY and isinstance(answer, (Unknown, Duplicate)):
        return error | _unknown_values(follow_up, now), Outcome.ACT_TRIED
    attempts = follow_up.attempts + 1
    if isinstance(answer, Rejected) or attempts >= MAX_ATTEMPTS:
        return error | {"state": State.FAILED, "attempts": attempts}, Outcome.ACT_TRIED
    next_at = now + get_backoff(attempts)
    return error | {"state": State.PENDING, "attempts": attempts, "next_attempt_at": next_at}, Outcome.ACT_TRIED


def _unknown_values(follow_up, now) -> dict:
    delays = get_read_back_delays(follow_up.delivery.kind)
    return {
        "state": State.UNCERTAIN,
        "uncertain_since": now,
        "looks": 0,
        "next_attempt_at": now + timedelta(seconds=delays[0]),
    }


@transaction.atomic
def _look_first(reply: FollowUp, now: datetime, taken_at: datetime, restored_at: datetime) -> None:
    """Let a waiting reply be looked for among what was posted since ``taken_at``."""
    values = _unknown_values(reply, now) | {
        "next_attempt_at": now,
        "first_sent_at": min(taken_at, reply.first_sent_at or taken_at),
        "restored_at": restored_at,
        "last_error": SOUGHT,
    }
    if FollowUp.objects.filter(pk=reply.pk, state=State.PENDING, lease_until=None).update(**values):
        add_event(reply, Outcome.SOUGHT, SOUGHT)


def _find_reply(channel: Channel, remote_id: str, reply: FollowUp) -> Sent | None:
    """Search for the reply; after a restore leave it to a person where another ralat stands in the account."""
    since = reply.first_sent_at or reply.created_at
    found = channel.find_reply(remote_id, reply.get_composed(), str(reply.idempotency_key), since)
    if found is None and restored.is_sought_reply(reply):
        rows = (Delivery.objects.filter(sent_at__gt=since), FollowUp.objects.filter(done_at__gt=since))
        known = {number for found_rows in rows for number in found_rows.values_list("remote_id", flat=True)}
        for posted in channel.list_posted(since):
            if PREFIX.strip() in posted.text and posted.remote_id not in known:
                raise Undecided(ANOTHER.format(posted.url or posted.remote_id))
    return found


@transaction.atomic
def _recover(follow_up, now) -> bool:
    """Recover a row of a dead worker: look a reply up, repeat everything else."""
    if follow_up.state == State.UNCERTAIN:
        return leases.end_lost(follow_up, now)
    if follow_up.kind == Kind.REPLY:
        changes = _unknown_values(follow_up, now)
    else:
        changes = {"state": State.PENDING, "next_attempt_at": now, "attempts": F("attempts") + 1}
    ended = leases.end_lost(follow_up, now, last_error=LOST, **changes)
    if ended:
        add_event(follow_up, Outcome.ACT_TRIED, LOST, worker=follow_up.worker)
    return ended


def _record_absent(claim: Claim[FollowUp], error: ChannelError | None) -> None:
    """Record a failed or empty look-up of a reply; after the last one leave it to a person."""
    follow_up, now = claim.row, timezone.now()
    looks, delays = follow_up.looks + 1, get_read_back_delays(follow_up.delivery.kind)
    changes: dict[str, Any] = {"looks": looks}
    message = error.message if error is not None else "Balasan belum ditemukan di kanal."
    may_send = error is None and restored.is_sought_reply(follow_up)
    if may_send and (restored.is_settled(follow_up, now) or looks >= len(delays)):
        # Certainly not among what left between the archive and its restore.
        changes = {"state": State.PENDING, "next_attempt_at": now, "first_sent_at": None, "uncertain_since": None}
        changes |= {"looks": 0, "last_error": ""}
        message = SENT_AS_USUAL
    elif isinstance(error, (Throttled, AuthDead, NoFunds)):
        changes = {"next_attempt_at": now}
    elif looks < len(delays):
        changes["next_attempt_at"] = follow_up.uncertain_since + timedelta(seconds=delays[looks])
    else:
        reason = f"{error.message} {DECIDE}" if isinstance(error, Undecided) else NOT_FOUND
        changes |= {"needs_person": True, "last_error": reason[:500]}
    if claim.end(**changes):
        add_event(follow_up, Outcome.ACT_TRIED, message, worker=claim.worker)
        circuit_breaker.note_look(follow_up.delivery.account_id, error, now, claim.probe)
        _tell_if_person_needed(follow_up.pk)


def _list_without_post() -> list[FollowUp]:
    """Return follow-ups of posts that do not exist, or whose result will never be known."""
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
            add_event(follow_up, Outcome.ACT_TRIED, CLOSED_UNKNOWN)
            _tell_if_person_needed(follow_up.pk)
        return bool(moved)
    return drop(follow_up, NOT_THERE)


def _tell_if_person_needed(pk) -> None:
    waiting = FollowUp.objects.waiting_for_person().filter(pk=pk)
    found = waiting.select_related("delivery__account", "delivery__disposition__assigned_to", "target").first()
    if found is not None:
        tell_person(found)
