"""SELESAI: an item is closed when every one of its deliveries is settled, and all that follows from a ralat."""

import logging

from django.db.models import Exists, OuterRef

from moderation.chain import transitions
from moderation.models import Disposition
from moderation.ports.exceptions import StepRefused
from news.social.models import Delivery, FollowUp

logger = logging.getLogger(__name__)


def settle_finished_items(disposition_id: int | None = None) -> int:
    """Tell the chain of every item that has nothing left to wait for; repeated until it is told.

    Telling is harmless when repeated, so a crash between telling and noting it costs nothing.
    """
    unsettled = Delivery.objects.unsettled().filter(disposition=OuterRef("disposition"))
    acts = FollowUp.objects.open().filter(delivery__disposition=OuterRef("disposition"))
    finished = Delivery.objects.filter(~Exists(unsettled), ~Exists(acts), settlement_done=False)
    if disposition_id is not None:
        finished = finished.filter(disposition=disposition_id)
    ids = list(finished.order_by().values_list("disposition", flat=True).distinct())
    return sum(_settle(item) for item in Disposition.objects.filter(pk__in=ids))


def _settle(item) -> bool:
    try:
        transitions.settle(item, _get_note(item))
    except StepRefused as error:
        logger.warning("Item %s could not be settled: %s", item.pk, error.message)
        return False
    Delivery.objects.filter(disposition=item).update(settlement_done=True)
    return True


def _get_note(item) -> str:
    deliveries = Delivery.objects.filter(disposition=item).select_related("account").order_by("account__position")
    return "; ".join(f"{delivery.account.label}: {delivery.state_label.lower()}" for delivery in deliveries)
