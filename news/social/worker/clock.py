"""Let no date that a wrong clock wrote hold posts back or keep an account parked."""

from django.db.models import Model, QuerySet

from news.social.models import Account, Delivery, FollowUp
from news.social.models.leases import LEASE


def on_clock_set_back(sender, now, lead, **kwargs) -> None:
    """Bring forward by ``lead`` what waits for a later moment, and end the leases that no worker can hold."""
    for rows, name in (
        (Delivery.objects.filter(closed_at=None), "next_attempt_at"),
        (FollowUp.objects.filter(done_at=None), "next_attempt_at"),
        (Account.objects.all(), "not_before"),
    ):
        _bring_forward(rows, name, now, lead)
    for model in (Delivery, FollowUp, Account):
        # An ended lease is looked into before the row is taken again (``leases.end_lost``).
        model._default_manager.filter(lease_until__gt=now + LEASE).update(lease_until=now)
    Account.objects.filter(checked_at__gt=now).update(checked_at=now)


def _bring_forward(rows: QuerySet[Model], name: str, now, lead) -> None:
    later = rows.filter(**{f"{name}__gt": now})
    for pk, moment in later.values_list("pk", name):
        later.filter(pk=pk).update(**{name: max(now, moment - lead)})
