"""Close an item (SELESAI) when all of its deliveries and follow-ups have ended."""

import logging

from django.db.models import Exists, OuterRef

from moderation.chain import transitions
from moderation.models import Disposition
from moderation.ports.exceptions import StepRefused
from news.social.models import Delivery, FollowUp

logger = logging.getLogger(__name__)


def close_finished_items(disposition_id: int | None = None) -> int:
    """Close every item, or the one named, that has nothing left to wait for; return how many were closed.

    Closing twice is harmless, so a crash between closing an item and noting it costs nothing.
    """
    unsettled = Delivery.objects.unsettled().filter(disposition=OuterRef("disposition"))
    acts = FollowUp.objects.open().filter(delivery__disposition=OuterRef("disposition"))
    finished = Delivery.objects.filter(~Exists(unsettled), ~Exists(acts), settlement_done=False)
    if disposition_id is not None:
        finished = finished.filter(disposition=disposition_id)
    ids = list(finished.order_by().values_list("disposition", flat=True).distinct())
    return sum(_close(item) for item in Disposition.objects.filter(pk__in=ids))


def _close(item) -> bool:
    try:
        transitions.close_item(item, _get_note(item))
    except StepRefused as error:
        logger.warning("Item %s could not be closed: %s", item.pk, error.message)
        return False
    Delivery.objects.filter(disposition=item).update(settlement_done=True)
    return True


def _get_note(item) -> str:
    deliveries = Delivery.objects.filter(disposition=item).select_related("account").order_by("account__position")
    return "; ".join(f"{delivery.account.label}: {delivery.state_label.lower()}" for delivery in deliveries)
