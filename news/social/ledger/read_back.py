"""Periksa di kanal: read one post back, compare it with what was sent, and record the result."""

import logging
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from moderation.models.roles import has_role
from moderation.ports.exceptions import StepRefused
from moderation.review.changes.results import TextChange
from moderation.review.changes.texts import Comparison as TextComparison
from moderation.review.changes.word_matching import Budget
from moderation.sop import Role
from news.social.accounts import service
from news.social.accounts.token_refresh import get_channel
from news.social.channels.base import (
    AuthDead,
    ChannelError,
    Comparison,
    NoFunds,
    NoRight,
    Sent,
    Throttled,
    Unknown,
    Verdict,
)
from news.social.follow_ups import planning
from news.social.models import Delivery, DeliveryEvent
from news.social.models.leases import FREE
from news.social.outbox import circuit_breaker
from news.social.outbox.composing import get_post
from news.social.outbox.sending import add_event, sent_values
from news.social.outbox.settlement import close_finished_items

logger = logging.getLogger(__name__)

ROLES = (Role.SEKRETARIS, Role.STAF, Role.BIDANG)
Outcome, State = DeliveryEvent.Outcome, Delivery.State

#: Results of a read-back in the history; the last one counts.
OUTCOMES = {
    Comparison.SAME: Outcome.CHECKED_SAME,
    Comparison.DIFFERENT: Outcome.CHECKED_DIFFERENT,
    Comparison.MISSING: Outcome.CHECKED_MISSING,
    Comparison.UNREADABLE: Outcome.CHECKED_UNREADABLE,
}
NO_ID = "Tautan unggahan tidak memuat nomor unggahan. Buka tautannya dan bandingkan sendiri."


def may_check(user) -> bool:
    """Say whether the user may read posts back: those who post, and Bidang, who verified them."""
    return has_role(user, *ROLES)


def is_checkable(delivery: Delivery) -> bool:
    """Say whether the delivery has a post, or one in doubt, to read back."""
    if delivery.state == State.SENT:
        return not delivery.is_by_hand
    return delivery.state == State.UNCERTAIN and delivery.needs_person and delivery.closed_at is None


def check(delivery: Delivery, user) -> DeliveryEvent:
    """Read the post back now and return the recorded event; hold no transaction during the request.

    Searches for a post in doubt, and marks it sent when it is found.
    """
    if not may_check(user):
        raise StepRefused("Hanya Sekretaris, Staf Sekretariat, dan Bidang yang dapat memeriksa unggahan di kanal.")
    if not is_checkable(delivery):
        raise StepRefused(f"Tidak ada unggahan yang dapat diperiksa. Status sekarang: {delivery.state_label}.")
    result = ask(delivery)
    if isinstance(result, Sent):
        event = _record_found(delivery, result, user)
        close_finished_items(delivery.disposition_id)
        return event
    with transaction.atomic():
        if isinstance(result, ChannelError):
            act_on_account(delivery.account_id, result)
            result, message, status = Verdict(Comparison.UNREADABLE), result.message, result.status
        else:
            message, status = _get_remark(delivery, result), None
        return DeliveryEvent.objects.create(
            delivery=delivery,
            outcome=OUTCOMES[result.comparison],
            status=status,
            message=message[:500],
            found_text=result.text if result.comparison == Comparison.DIFFERENT else "",
            user=user,
        )


def ask(delivery: Delivery) -> Verdict | Sent | ChannelError:
    """Return what the network says of the post now; ``Sent`` when one in doubt was found."""
    try:
        channel = get_channel(delivery.account)
        if delivery.state == State.UNCERTAIN:
            found = channel.find(
                delivery.get_composed(), str(delivery.idempotency_key), delivery.first_sent_at, delivery.prepared
            )
            return found or Verdict(Comparison.MISSING)
        remote_id = delivery.remote_id or channel.read_id(delivery.remote_url)
        if not remote_id:
            return Unknown(NO_ID)
        posted = replace(get_post(delivery, channel), text=planning.get_posted_text(delivery))
        return channel.verify(Sent(remote_id, delivery.remote_url), posted)
    except ChannelError as error:
        return error
    except Exception:
        logger.exception("Checking delivery %s broke off", delivery.pk)
        return Unknown("Pemeriksaan terhenti oleh kesalahan sistem.")


def _get_remark(delivery: Delivery, verdict: Verdict) -> str:
    if verdict.comparison != Comparison.MISSING:
        return ""
    if delivery.state == State.UNCERTAIN:
        return "Belum tentu tidak terkirim: linimasa kanal dapat terlambat. Periksa juga akunnya."
    if planning.is_leaving(delivery):
        return "Unggahan ini memang dihapus dari kanal."
    return "Unggahan mungkin dihapus di kanal. Periksa akunnya."


@transaction.atomic
def _record_found(delivery: Delivery, result: Sent, user) -> DeliveryEvent:
    waiting = Delivery.objects.filter(pk=delivery.pk, state=State.UNCERTAIN, needs_person=True, closed_at=None)
    if waiting.update(**sent_values(result, timezone.now()), **FREE):
        planning.catch_up(delivery)
    add_event(delivery, Outcome.FOUND, status=result.status, message=result.url, user=user)
    return delivery.events.latest("pk")


def act_on_account(account_id: int, error: ChannelError) -> None:
    """Let an account rest that the network throttles; pause one that it refuses, unless for the right to read alone."""
    if isinstance(error, Throttled):
        circuit_breaker.throttle(account_id, error.until)
    elif isinstance(error, (AuthDead, NoFunds)) and not isinstance(error, NoRight):
        service.pause(account_id, error.message)


def compare_with_last_found(delivery: Delivery, posted: str, events) -> TextChange | None:
    """Return the differences found by the last read-back, None when there are none."""
    checks = [event for event in events if event.outcome in OUTCOMES.values()]
    if not checks or not checks[-1].found_text:
        return None
    return TextComparison(Budget()).compare_plain("Isi unggahan", posted, checks[-1].found_text)
