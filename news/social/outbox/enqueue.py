"""Write a page's deliveries in the transaction that makes it live; cancel them when it is taken down."""

from django.utils import timezone

from news.social.models import Account, Delivery, DeliveryEvent

from .composing import compose

TAKEN_DOWN = "Dibatalkan: berita diturunkan dari tayangan."


def on_page_went_live(sender, page, permit, **kwargs) -> None:
    """Write one delivery for each ordered channel, with the exact text of the permitted revision (I9)."""
    for account in Account.objects.filter(key__in=permit.channels):
        _write(page, permit, permit.version, account)


def on_page_corrected(sender, page, permit, **kwargs) -> None:
    """Write deliveries for a ralat on the channels its order names, where no post exists any more."""
    for account in Account.objects.filter(key__in=permit.posts_again):
        current = Delivery.objects.filter(page=page.pk, account=account, superseded_at=None).first()
        if current is not None:
            if current.may_stand:
                continue
            Delivery.objects.filter(pk=current.pk).update(superseded_at=timezone.now())
            DeliveryEvent.objects.create(
                delivery=current,
                outcome=DeliveryEvent.Outcome.SUPERSEDED,
                message=f"Unggahan baru menurut perintah tayang {permit.number}.",
            )
        _write(page, permit, permit.version, account)


def _write(page, permit, sealed, account) -> None:
    composed = compose(sealed, account.get_composer())
    Delivery.objects.get_or_create(
        page_id=page.pk,
        account=account,
        superseded_at=None,
        defaults={
            "disposition_id": permit.disposition_id,
            "permit": permit,
            "seal": permit.seal,
            "kind": account.kind,
            "title": sealed.title,
            "link": composed.link,
            "alt": get_alt(composed),
            "request_text": composed.text,
            "may_be_late": permit.posts_late,
        },
    )


def get_alt(composed) -> str:
    """Return the alternative text of the picture that is posted, "" where none is."""
    return composed.image.alt if composed.image else ""


def on_page_taken_down(sender, page, permit, **kwargs) -> None:
    """Cancel the unsent deliveries."""
    for delivery in Delivery.objects.filter(page_id=page.pk, state=Delivery.State.PENDING):
        cancel(delivery)


def cancel(delivery: Delivery) -> bool:
    """Close a delivery that has not left, because its news is no longer live; nobody has to decide."""
    cancelled = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.PENDING).update(
        state=Delivery.State.FAILED,
        last_error=TAKEN_DOWN,
        closed_at=timezone.now(),
        closed_note=TAKEN_DOWN,
    )
    if cancelled:
        DeliveryEvent.objects.create(delivery=delivery, outcome=DeliveryEvent.Outcome.CANCELLED, message=TAKEN_DOWN)
    return bool(cancelled)
