"""Costs of posts: counted from deliveries, shown at the account, notified once at the office's limit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from moderation.people.notifications import send_due_notifications
from news.social.accounts import costs
from news.social.models import Account, Delivery
from tests.social.conftest import work
from tests.support.factories import slip_past_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture
def account(configure, x, mastodon, publish):
    configure(x={**x.config, "options": {"monthly_limit": "0.20"}}, mastodon=mastodon.config)
    publish("x", "mastodon")
    work()
    # X does not count the tests' own URL as a link.
    slip_past_triggers(Delivery.objects.filter(account__key="x"), request_text="Daftar di kecamatan.go.id")
    return Account.objects.get(key="x")


def test_a_month_is_counted_from_what_was_sent_in_it(account):
    now = timezone.now()
    found = costs.get_spending(account, now)
    assert (found.posts, found.with_link, found.cost, found.is_over) == (1, 1, Decimal("0.20"), True)
    assert str(found) == "1 unggahan, 1 di antaranya dengan tautan: 0,2 US$ dari batas 0,2 US$"
    assert costs.get_spending(account, now + timedelta(days=40)).posts == 0
    Delivery.objects.filter(account=account).update(state=Delivery.State.UNCERTAIN)
    assert costs.get_spending(account, now).posts == 0
    assert costs.get_spending(Account.objects.get(key="mastodon"), now) is None


def test_the_sekretaris_is_told_once_a_month(account, office):
    send_due_notifications()
    mail.outbox.clear()
    assert [costs.watch(), costs.watch()] == [1, 0]
    send_due_notifications()
    assert {tuple(message.to) for message in mail.outbox} == {(office.sekretaris.email,), (office.sekretaris2.email,)}
    assert all("0,2 US$" in message.body for message in mail.outbox)
    Account.objects.filter(pk=account.pk).update(spending_told="2001-01")
    assert costs.watch() == 1


def test_below_the_limit_and_without_one_nobody_is_told(account, configure, x):
    for limit in ("0.21", ""):
        configure(x={**x.config, "options": {"monthly_limit": limit}})
        assert costs.watch() == 0


def test_the_account_shows_its_cost(account, client, office):
    client.force_login(office.sekretaris)
    page = client.get(reverse("kanal:account", args=["x"])).content.decode()
    assert "Biaya bulan ini" in page
    assert "1 unggahan, 1 di antaranya dengan tautan" in page
