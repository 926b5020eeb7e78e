"""Apply the office's age limit: hold posts that waited too long, after an outage or a pause."""

from datetime import timedelta

from django.db.models import Q

from moderation.models import OfficeProcedure
from news.social.models import Delivery, DeliveryEvent

#: The shortest possible limit; a younger post needs no look at the settings.
SHORTEST_LIMIT = timedelta(hours=1)


def get_limit() -> timedelta:
    """Return how old a post may be when it is sent."""
    return timedelta(hours=OfficeProcedure.load().post_age_limit)


def get_birth(delivery: Delivery):
    """Return the moment the post was due: the ordered time if the publication was late."""
    ordered = delivery.permit.go_live_at
    return min(ordered, delivery.created_at) if ordered else delivery.created_at


def is_too_old(delivery: Delivery, now) -> bool:
    """Say whether the post waited longer than the office allows, and nobody said that it may."""
    age = now - get_birth(delivery)
    return not delivery.may_be_late and age > SHORTEST_LIMIT and age > get_limit()


def filter_too_old(deliveries, now):
    """Narrow deliveries to those that would not be sent any more by themselves."""
    too_old = now - get_limit()
    born_too_early = Q(created_at__lt=too_old) | Q(permit__go_live_at__lt=too_old)
    return deliveries.filter(born_too_early, may_be_late=False)


def hold(delivery: Delivery, now) -> bool:
    """Hold an old due post for a person's decision; False when it is no longer due."""
    hours = int(get_limit().total_seconds() // 3600)
    reason = f"Sudah lewat {hours} jam sejak seharusnya diunggah. Putuskan: kirim sekarang, atau tutup dengan catatan."
    held = Delivery.objects.due(now).filter(pk=delivery.pk).update(needs_person=True, last_error=reason)
    if held:
        DeliveryEvent.objects.create(delivery=delivery, outcome=DeliveryEvent.Outcome.TOO_OLD, message=reason)
    return bool(held)
