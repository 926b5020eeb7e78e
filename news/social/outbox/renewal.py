"""Update unsent posts to the live text, and drop follow-ups that a newer step makes obsolete."""

from django.db import transaction

from moderation.models import PublicationPermit
from news.social.models import Delivery, DeliveryEvent, FollowUp

from .composing import compose
from .enqueue import get_alt, tell_sharers

State, Kind = FollowUp.State, FollowUp.Kind
#: A delivery in one of these states certainly never left.
NOT_POSTED = (Delivery.State.PENDING, Delivery.State.TASK, Delivery.State.FAILED)
CHANGED_TASK = (
    "Berita ini diralat sebelum tugasnya ditandai, dan teksnya berubah. Sudah terlanjur membagikan teks yang lama? "
    "Ganti di sana dengan yang baru."
)


def renew(delivery: Delivery) -> bool:
    """Update a post to the live text after a ralat overtook it in sending."""
    permit = PublicationPermit.objects.executed().filter(page=delivery.page_id, page__live=True).first()
    if permit is None or not permit.is_correction or permit.pk <= delivery.permit_id:
        return False
    return take_corrected_text(delivery, permit, permit.revision.as_object())


def take_corrected_text(delivery: Delivery, permit, sealed) -> bool:
    """Update a certainly unsent post to the live text; return whether it was updated."""
    composed = compose(sealed, delivery.account.get_composer())
    waiting = Delivery.objects.filter(pk=delivery.pk, state__in=NOT_POSTED, closed_at=None)
    changed = waiting.update(
        permit=permit,
        seal=permit.seal,
        title=sealed.title,
        link=composed.link,
        alt=get_alt(composed),
        request_text=composed.text,
        prepared={},
    )
    if changed:
        drop_open(delivery, "Unggahan terkirim dengan teks yang baru.")
        DeliveryEvent.objects.create(
            delivery=delivery,
            outcome=DeliveryEvent.Outcome.REPLACED,
            message=f"Teks unggahan mengikuti perintah tayang {permit.number}.",
        )
        if delivery.state == Delivery.State.TASK:
            tell_sharers(delivery, "Teks untuk {label} berubah: {title}", CHANGED_TASK)
    return bool(changed)


def drop_open(delivery: Delivery, reason: str, *kinds: Kind, occasions=()) -> None:
    """Drop obsolete follow-ups that have not begun; leave running ones."""
    waiting = delivery.follow_ups.filter(state__in=(State.PENDING, State.TASK, State.FAILED))
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    if occasions:
        waiting = waiting.filter(occasion__in=occasions)
    for follow_up in waiting:
        drop(follow_up, reason)


@transaction.atomic
def drop(follow_up: FollowUp, reason: str) -> bool:
    """Drop one obsolete follow-up; return whether it was still waiting."""
    waiting = FollowUp.objects.filter(pk=follow_up.pk, state__in=(State.PENDING, State.TASK, State.FAILED))
    dropped = waiting.update(state=State.CANCELLED, last_error=reason)
    if dropped:
        add_event(follow_up, DeliveryEvent.Outcome.ACT_DROPPED, reason)
    return bool(dropped)


def make_event(follow_up: FollowUp, outcome, message: str = "", *, worker="", status=None, user=None) -> DeliveryEvent:
    """Return an unsaved event of the followed-up delivery."""
    words = ": ".join(filter(None, (follow_up.get_kind_display(), message)))
    return DeliveryEvent(
        delivery_id=follow_up.delivery_id, outcome=outcome, message=words[:500], worker=worker, status=status, user=user
    )


def add_event(follow_up: FollowUp, outcome, message: str = "", **values) -> None:
    """Write an event of the followed-up delivery."""
    make_event(follow_up, outcome, message, **values).save()
