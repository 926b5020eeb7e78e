"""Write a page's deliveries in the transaction that makes it live; cancel them when it is taken down."""

from django.utils import timezone

from news.social.accounts import service
from news.social.models import Account, Delivery, DeliveryEvent

from .composing import compose

TAKEN_DOWN = "Dibatalkan: berita diturunkan dari tayangan."
#: States of a delivery that waits for a worker or a person.
UNSENT = (Delivery.State.PENDING, Delivery.State.TASK)
TO_SHARE = "Berita sudah tayang di website. Buka tugas ini di ponsel, bagikan teksnya, lalu tandai."
NOT_TO_SHARE = (
    "Berita ini diturunkan dari tayangan, dan tugas membagikannya dibatalkan. Sudah terlanjur dibagikan? "
    "Hapus dari sana."
)


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
    delivery, is_new = Delivery.objects.get_or_create(
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
            "state": Delivery.State.TASK if account.is_by_hand else Delivery.State.PENDING,
        },
    )
    if is_new and delivery.state == Delivery.State.TASK:
        tell_sharers(delivery, "Bagikan ke {label}: {title}", TO_SHARE)


def get_alt(composed) -> str:
    """Return the alternative text of the picture that is posted, "" where none is."""
    return composed.image.alt if composed.image else ""


def on_page_taken_down(sender, page, permit, **kwargs) -> None:
    """Cancel the unsent deliveries, and tell those who were to share one by hand."""
    unsent = Delivery.objects.filter(page_id=page.pk, state__in=UNSENT, closed_at=None)
    for delivery in unsent.select_related("account", "disposition__assigned_to"):
        if cancel(delivery) and delivery.state == Delivery.State.TASK:
            tell_sharers(delivery, "Jangan bagikan ke {label}: {title}", NOT_TO_SHARE)


def cancel(delivery: Delivery) -> bool:
    """Close a delivery that has not left, because its news is no longer live; nobody has to decide."""
    cancelled = Delivery.objects.filter(pk=delivery.pk, state__in=UNSENT, closed_at=None).update(
        state=Delivery.State.FAILED,
        last_error=TAKEN_DOWN,
        closed_at=timezone.now(),
        closed_note=TAKEN_DOWN,
    )
    if cancelled:
        DeliveryEvent.objects.create(delivery=delivery, outcome=DeliveryEvent.Outcome.CANCELLED, message=TAKEN_DOWN)
    return bool(cancelled)


def tell_sharers(delivery: Delivery, subject: str, body: str) -> None:
    """Queue a mail about a post that a person makes, with the address of its task."""
    words = subject.format(label=delivery.account.label, title=delivery.title)
    service.tell(words, body, delivery.disposition, screen="social:delivery", args=[delivery.pk])
