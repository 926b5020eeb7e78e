"""A worker writes to a row only while it holds it (I9): each condition of a lease alone, on rows of a real ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from news.social.accounts import token_refresh
from news.social.channels.base import Sent
from news.social.follow_ups.execution import _record
from news.social.models import Account, Delivery, FollowUp, leases
from news.social.models.leases import LEASE, Claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(office):
    """Three deliveries that wait, each of its own item."""
    return [office.bring_to("live", channels=["console"]).deliveries.get() for _number in range(3)]


@pytest.fixture
def row(rows):
    return rows[0]


def take(row) -> Claim:
    """Take a free row as a worker of its own."""
    worker, taken = Delivery.objects.filter(pk=row.pk).take(timezone.now() + LEASE)
    assert taken == 1
    return Claim(Delivery.objects.get(pk=row.pk), worker)


def hand_over(*claims) -> None:
    """Let another worker hold the rows."""
    keys = [claim.row.pk for claim in claims]
    Delivery.objects.filter(pk__in=keys).update(worker="another", lease_until=timezone.now() + LEASE)


def read(*rows) -> list[tuple]:
    found = Delivery.objects.in_bulk([row.pk for row in rows])
    return [(found[row.pk].worker, found[row.pk].state) for row in rows]


def test_a_row_in_hand_is_not_taken(row):
    held = take(row)
    assert Delivery.objects.filter(pk=row.pk).take(timezone.now() + LEASE)[1] == 0
    assert read(row) == [(held.worker, "pending")]


def test_a_row_whose_lease_ran_out_is_not_taken_either(row):
    """What is known of its post has to be written down first."""
    held = take(row)
    Delivery.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Delivery.objects.filter(pk=row.pk).take(timezone.now() + LEASE)[1] == 0
    assert read(row) == [(held.worker, "pending")]


def test_a_claim_that_was_lost_renews_nothing(row):
    held = take(row)
    hand_over(held)
    before = Delivery.objects.get(pk=row.pk).lease_until
    assert not held.hold(state="uncertain")
    assert read(row) == [("another", "pending")]
    assert Delivery.objects.get(pk=row.pk).lease_until == before


def test_a_claim_that_was_lost_ends_nothing(row):
    held = take(row)
    hand_over(held)
    assert not held.end(state="sent")
    assert read(row) == [("another", "pending")]


def test_of_many_results_none_is_written_to_a_row_of_another(rows):
    claims = [take(row) for row in rows]
    hand_over(claims[1])
    assert not leases.end_all(claims, [{"state": "sent"}] * 3)
    assert read(*rows) == [("", "sent"), ("another", "pending"), ("", "sent")]


def test_a_lease_is_lost_only_when_it_has_run_out(row):
    held = take(row)
    assert not leases.end_lost(held.row, timezone.now(), state="uncertain")
    assert read(row) == [(held.worker, "pending")]
    Delivery.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert leases.end_lost(held.row, timezone.now(), state="uncertain")
    assert read(row) == [("", "uncertain")]


def test_a_lease_of_another_is_not_lost_with_the_old_one(row):
    """Two workers find the same lost row; the slower one comes when it has been taken and lost again."""
    held = take(row)
    over = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(pk=row.pk).update(worker="another", lease_until=over)
    assert not leases.end_lost(held.row, timezone.now(), state="uncertain")
    assert read(row) == [("another", "pending")]


def test_a_renewal_that_was_taken_over_pauses_nothing():
    account = Account.objects.create(key="x", kind="x", label="X", refresh_at=timezone.now())
    worker, _taken = Account.objects.take(timezone.now() + LEASE)
    Account.objects.update(worker="another")
    token_refresh._give_up(account, Claim(account, worker), token_refresh.LOST)
    account.refresh_from_db()
    assert (account.paused_at, account.worker) == (None, "another")


def test_a_follow_up_that_was_taken_over_is_not_recorded(row):
    Delivery.objects.filter(pk=row.pk).update(state="sent")
    act = FollowUp.objects.create(delivery=row, permit=row.permit, occasion="decision", kind="delete", seal=row.seal)
    worker, _taken = FollowUp.objects.take(timezone.now() + LEASE)
    FollowUp.objects.update(worker="another", state="doing")
    _record(Claim(act, worker), Sent("1", "https://contoh.example/1", 200))
    act.refresh_from_db()
    assert (act.worker, act.state) == ("another", "doing")
    assert list(row.events.values_list("outcome", flat=True)) == ["late"]
