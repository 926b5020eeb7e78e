"""Writes the deliveries of a page in the transaction that makes it live, and cancels them when it goes down."""

from django.utils import timezone

from .composing import compose
from .models import Account, Delivery, DeliveryAttempt

TAKEN_DOWN = "Dibatalkan: berita diturunkan dari tayangan."


def on_page_went_live(sender, page, permit, **kwargs) -> None:
    """Write one delivery for each ordered channel, with the exact text of the permitted revision (I9)."""
    sealed = permit.revision.as_object()
    accounts = Account.objects.filter(key__in=permit.channels)
    for account in accounts:
        composed = compose(sealed, account.get_composer())
        Delivery.objects.get_or_create(
            page_id=page.pk,
            account=account,
            defaults={
                "disposition_id": permit.disposition_id,
                "permit": permit,
                "seal": permit.seal,
                "kind": account.kind,
                "title": sealed.title,
                "link": composed.link,
                "alt": getattr(sealed, "main_image_alt", ""),
                "request_text": composed.text,
            },
        )


def on_page_taken_down(sender, page, permit, **kwargs) -> None:
    """Cancel what was not sent yet."""
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
        DeliveryAttempt.objects.create(delivery=delivery, outcome=DeliveryAttempt.Outcome.CANCELLED, message=TAKEN_DOWN)
    return bool(cancelled)
