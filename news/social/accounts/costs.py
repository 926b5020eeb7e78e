"""Compute a month's costs from the deliveries, on networks that charge for each post."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from news.social.models import Account, Delivery, FollowUp

from . import service


@dataclass(frozen=True)
class Spending:
    """Posts and cost of an account in one month; ``limit`` is the office's, None where it set none."""

    month: str
    posts: int
    with_link: int
    cost: Decimal
    currency: str
    limit: Decimal | None

    @property
    def is_over(self) -> bool:
        """Whether the month's cost has reached the office's limit."""
        return self.limit is not None and self.cost >= self.limit

    def __str__(self):
        words = f"{self.posts} unggahan, {self.with_link} di antaranya dengan tautan: {self._format(self.cost)}"
        return words if self.limit is None else f"{words} dari batas {self._format(self.limit)}"

    def _format(self, amount: Decimal) -> str:
        return f"{amount.normalize():f} {self.currency}".replace(".", ",")


def get_spending(account: Account, now: datetime) -> Spending | None:
    """Return the account's costs of this month, None where posts are free."""
    channel = account.get_composer()
    if channel.price is None:
        return None
    begin = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    posts = Delivery.objects.filter(account=account, state=Delivery.State.SENT, sent_at__gte=begin)
    replies = FollowUp.objects.filter(
        delivery__account=account, kind=FollowUp.Kind.REPLY, state=FollowUp.State.DONE, done_at__gte=begin
    )
    texts = [*posts.values_list("request_text", flat=True), *replies.values_list("request_text", flat=True)]
    costs = [channel.get_cost(text) for text in texts]
    return Spending(
        month=f"{begin:%Y-%m}",
        posts=len(texts),
        with_link=sum(cost != channel.price for cost in costs),
        cost=sum(costs, Decimal(0)),
        currency=channel.currency,
        limit=channel.monthly_limit,
    )


def watch() -> int:
    """Notify the Sekretaris, once a month, of each account whose cost has reached the office's limit."""
    now, told = timezone.now(), 0
    for account in Account.objects.offered():
        spending = get_spending(account, now)
        if spending is not None and spending.is_over and account.spending_told != spending.month:
            told += _tell(account, spending)
    return told


@transaction.atomic
def _tell(account: Account, spending: Spending) -> bool:
    mine = Account.objects.filter(pk=account.pk).exclude(spending_told=spending.month)
    if not mine.update(spending_told=spending.month):
        return False
    service.tell(
        f"Biaya kanal {account.label} mencapai batas",
        f"Bulan ini: {spending}.\nUnggahan tetap dikirim. Bila perlu, matikan tautan atau jeda akun.",
        screen="kanal:index",
    )
    return True
