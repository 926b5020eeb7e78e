"""A restored database does not know what left after its backup: each waiting post is looked for before it is sent."""

import contextlib

import pytest
from django.db import transaction
from django.utils import timezone

from news.social.models import Delivery, DeliveryEvent
from news.social.outbox.reconciliation import look_first
from tests.social.conftest import pass_time, work

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """The database goes back to the moment of the backup; the network does not."""


@pytest.mark.parametrize("has_left", [True, False])
def test_what_left_after_the_backup_is_found_and_not_sent_again(has_left, networks, publish):
    publish("mastodon")
    server, taken_at = networks["mastodon"], timezone.now()
    moment = transaction.atomic()
    # As the tests' own: a worker begins a durable transaction within.
    moment._from_testcase = True
    with contextlib.suppress(Undone), moment:
        if has_left:
            work()
        assert len(server.posts) == has_left
        raise Undone
    assert Delivery.objects.get().state == Delivery.State.PENDING

    assert look_first(taken_at) == 1

    assert "dipulihkan dari cadangan" in DeliveryEvent.objects.latest("pk").message
    assert not Delivery.objects.due(timezone.now() + timezone.timedelta(days=1)).exists()
    asked = []
    for _number in range(8):
        pass_time()
        work()
        asked.append(len(server.posts))
    assert asked[-1] == 1
    assert Delivery.objects.get().state == Delivery.State.SENT
