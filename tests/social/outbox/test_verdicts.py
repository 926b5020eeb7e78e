"""After each fault on every network there is one live post, or a state that needs a person."""

from collections import deque
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from news.social.channels import mastodon
from news.social.channels.http import transport
from news.social.channels.meta import containers
from news.social.models import Account, Delivery
from news.social.worker.dispatcher import drain
from tests.social.channels.every_network import REFUSALS, REMOTE, SERVERS, list_throttles
from tests.social.conftest import pass_time
from tests.social.servers.base import FAULTS
from tests.support.factories import make_photo

pytestmark = pytest.mark.db_agnostic
State = Delivery.State


class AnyPicture(dict):
    """Serves a picture at any URL."""

    def __init__(self, content):
        super().__init__()
        self.content = content

    def get(self, name, default=None):
        return self.content


@pytest.fixture
def outlets(configure, publish_photo, settings, monkeypatch, patient):
    """One item with a photo, live, and its delivery to every kind of network."""
    monkeypatch.setattr(transport, "TIMEOUT", (5, 0.5))
    monkeypatch.setattr(containers, "WAITS", (0, 0, 0))
    monkeypatch.setattr(mastodon, "WAITS", (0, 0, 0))
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(SERVERS[kind]()) for kind in REMOTE}
        instagram = servers["instagram"]
        instagram.pictures = AnyPicture(instagram.pictures["foto.jpg"])
        settings.MEDIA_URL = f"{instagram.url}/pictures/"
        configure(**{kind: server.config for kind, server in servers.items()})
        deliveries = publish_photo(*REMOTE)
        yield [(servers[kind], deliveries[kind]) for kind in REMOTE]


@pytest.fixture
def publish_photo(office):
    def _publish(*keys):
        item = office.bring_to("composing")
        office.write(item, main_image=make_photo(), main_image_alt="Saluran irigasi", main_image_credit="Staf")
        item = office.bring_to("live", item, channels=list(keys))
        return {delivery.account.key: delivery for delivery in item.deliveries.select_related("account")}

    return _publish


def begin_anew(server, delivery):
    """Undo the last fault: nothing is posted and the delivery waits as at first."""
    server.posts.clear()
    server._faults, server._hindrances = deque(), deque()
    Account.objects.filter(pk=delivery.account_id).update(paused_at=None, not_before=None, consecutive_failures=0)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.PENDING,
        attempts=0,
        looks=0,
        repeats=0,
        needs_person=False,
        remote_id="",
        remote_url="",
        first_sent_at=None,
        uncertain_since=None,
        sent_at=None,
        prepared={},
        worker="",
        lease_until=None,
        last_error="",
        next_attempt_at=timezone.now(),
    )


def run_to_the_end(delivery):
    """Run workers until nothing more happens by itself."""
    for _ in range(9):
        pass_time(pk=delivery.pk)
        delivery.refresh_from_db()
        account = Account.objects.get(pk=delivery.account_id)
        may_go = delivery.state == State.PENDING and account.paused_at is None
        is_searched = delivery.state == State.UNCERTAIN and not delivery.needs_person
        if not may_go and not is_searched:
            break
        drain()
    delivery.refresh_from_db()


def judge(server, delivery) -> str:
    """Return what is wrong with the outcome, "" for one post or a state that needs a person."""
    live, asks = len(server.posts), delivery.waits_for_person
    is_paused = Account.objects.filter(pk=delivery.account_id).exclude(paused_at=None).exists()
    if live > 1:
        return f"{live} posts"
    if live and delivery.state == State.SENT:
        # A public channel of Telegram is named by its number or its name.
        channel = delivery.account.get_composer()
        is_ours = delivery.remote_id in (server.posts[0].id, channel.read_id(delivery.remote_url))
        is_known = is_ours and server.texts == [delivery.request_text]
        return "" if is_known else "another post"
    if live:
        return "" if asks else "a post that nobody knows of"
    if delivery.state == State.SENT:
        return "no post, but said to be sent"
    return "" if asks or (delivery.state == State.PENDING and is_paused) else f"lost in {delivery.state}"


def try_all(outlets, list_faults, hinder=False):
    """Return the verdicts that are wrong, after each fault on each network."""
    wrong, posts = {}, 0
    for server, delivery in outlets:
        for fault in list_faults(delivery.kind):
            begin_anew(server, delivery)
            (server.hinder if hinder else server.fail)(*(fault if isinstance(fault, list) else [fault]))
            run_to_the_end(delivery)
            posts += len(server.posts)
            verdict = judge(server, delivery)
            if verdict:
                wrong[delivery.kind, str(fault)] = verdict
    return wrong, posts


def test_one_live_post_or_a_state_that_asks_a_person(outlets):
    """One test for all faults: the item is published once, which takes longer than a fault."""
    lost, posts = try_all(outlets, lambda kind: [*FAULTS, ["500 after", "reset before"]])
    assert lost == {}
    # On most networks the post exists in the end, without a person.
    assert posts > len(outlets) * len(FAULTS) * 0.7

    later = datetime.now(UTC) + timedelta(minutes=9)
    refused, posts = try_all(
        outlets, lambda kind: [fault for fault, _ in REFUSALS[kind]] + list_throttles(kind, later)[:1]
    )
    assert refused == {}
    # Throttled posts are sent afterwards.
    assert posts >= len(outlets)

    gateway = (502, {}, "<h1>bad gateway</h1>")
    hindered, posts = try_all(outlets, lambda kind: [[gateway, gateway]], hinder=True)
    assert hindered == {}
    assert posts == len(outlets)
    pictures = {server.posts[0].pictures[0].alt for server, delivery in outlets if delivery.kind in ("x", "bluesky")}
    assert pictures == {"Saluran irigasi"}
