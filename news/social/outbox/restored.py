"""Which posts and replies are looked for before they are sent, because this database was restored from an archive.

What was published and posted between the archive's moment and the restore is on the networks and not in this
database: published again, it would be posted a second time.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import DateTimeField, Exists, Max, Min, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from news.social.models import Delivery, DeliveryEvent, FollowUp, Restoration

#: For so long after a restore also what was ordered after it is looked for: items that were lost are entered again.
RE_ENTERED = timedelta(days=30)
#: No network's list of posts is later than this: one look, this long after a restore, shows what left before it.
LAG = timedelta(hours=1)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Outcome = DeliveryEvent.Outcome


def has_unseen(now: datetime) -> Exists:
    """Say of a delivery whether a restore may concern it, after which it was not looked for."""
    ordered = Q(restored_at__gt=OuterRef("disposition__issued_at")) | Q(restored_at__gt=now - RE_ENTERED)
    seen = Coalesce(OuterRef("restored_at"), Value(_NEVER), output_field=DateTimeField())
    return Exists(Restoration.objects.filter(ordered, restored_at__gt=seen))


def find_unseen(delivery: Delivery, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the first archive's moment and the last restore's, of those after which it was not looked for.

    What was ordered after a restore concerns only networks that can be read: nobody could decide on every new post.
    """
    readable = delivery.account.get_composer().capabilities.readable
    issued_at = delivery.disposition.issued_at
    since = min(issued_at, now - RE_ENTERED) if readable else issued_at
    if delivery.restored_at is not None:
        since = max(since, delivery.restored_at)
    found = Restoration.objects.filter(restored_at__gt=since).aggregate(first=Min("taken_at"), last=Max("restored_at"))
    return (found["first"], found["last"]) if found["last"] else None


def is_sought(delivery: Delivery) -> bool:
    """Say whether it is unknown because of a restore alone: no request was begun since."""
    if delivery.restored_at is None:
        return False
    last = delivery.events.filter(outcome__in=(Outcome.SOUGHT, Outcome.STARTED)).order_by("-pk").first()
    return last is not None and last.outcome == Outcome.SOUGHT


def find_unseen_before(reply: FollowUp, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the same for a reply with a ralat, of the restores that came after its post had left."""
    since = min(reply.created_at, now - RE_ENTERED)
    if reply.restored_at is not None:
        since = max(since, reply.restored_at)
    # A post that was looked for itself may have left, and been answered, before that restore.
    posted_at = reply.delivery.restored_at or reply.delivery.sent_at or reply.created_at
    restores = Restoration.objects.filter(restored_at__gt=since, restored_at__gte=posted_at)
    found = restores.aggregate(first=Min("taken_at"), last=Max("restored_at"))
    return (found["first"], found["last"]) if found["last"] else None


def is_sought_reply(reply: FollowUp) -> bool:
    """Say whether a reply is unknown because of a restore alone: no request was begun since."""
    began = reply.first_sent_at
    return reply.restored_at is not None and began is not None and began < reply.restored_at


def is_settled(row: Delivery | FollowUp, now: datetime) -> bool:
    """Say whether networks show by now all that left before the restore."""
    return row.restored_at is not None and now >= row.restored_at + LAG
