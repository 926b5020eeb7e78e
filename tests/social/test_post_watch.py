"""The watch over the office's accounts: posts changed, gone, and not of the ledger."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.chain.transitions import take
from moderation.models import Discrepancy, Notification, Watch
from news.social import post_watch
from news.social.channels.http import transport
from news.social.models import Account, Delivery

from .conftest import work

pytestmark = pytest.mark.django_db


def take_look() -> dict[str, str]:
    """Look once; return what differs now, by aspect."""
    watch, _ = Watch.objects.get_or_create(part=Watch.Part.CHANNELS, defaults={"due_at": timezone.now()})
    post_watch.look(watch, threading.Event())
    return dict(Discrepancy.objects.filter(mended_at=None).values_list("aspect", "place"))


def settle_down() -> None:
    """Let the posts be older than what may be in a worker's hand."""
    Delivery.objects.update(sent_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def posted(networks, publish, monkeypatch):
    """One item, posted to all accounts; nothing here waits for a network that hangs on purpose."""
    monkeypatch.setattr(transport, "TIMEOUT", (5, 20))
    deliveries = publish("x", "mastodon", "console")
    work()
    settle_down()
    return deliveries


def test_a_post_that_was_changed_or_removed_on_the_network_is_told_once(posted, mastodon):
    assert take_look() == {}
    [post] = mastodon.posts
    text, post.text = post.text, "Slot gacor"
    found = take_look()
    assert list(found) == ["isi unggahan"]
    assert found["isi unggahan"].startswith("Mastodon, “")
    row = Discrepancy.objects.get()
    assert row.received == "Slot gacor"
    assert row.expected.split() == text.split()
    count = Notification.objects.filter(subject__startswith="Peringatan: unggahan").count()
    assert count == 3
    take_look()
    assert Notification.objects.filter(subject__startswith="Peringatan: unggahan").count() == count
    post.text = text
    assert take_look() == {}
    assert Notification.objects.filter(subject="Pulih: Unggahan di kanal").count() == 3
    mastodon.posts.clear()
    assert list(take_look()) == ["unggahan hilang"]


def test_a_post_that_the_ledger_does_not_know_is_not_of_the_sop(posted, mastodon):
    foreign = mastodon.create_post("Promo dari akun kantor")
    found = take_look()
    assert list(found) == ["tidak lewat SOP"]
    assert found["tidak lewat SOP"].startswith("Mastodon: http")
    assert Discrepancy.objects.get().received == "Promo dari akun kantor"
    mastodon.posts.remove(foreign)
    assert take_look() == {}


@pytest.mark.db_agnostic
def test_a_post_in_a_workers_hand_is_no_foreign_one(posted, mastodon):
    Delivery.objects.filter(pk=posted["mastodon"].pk).update(
        state="uncertain", remote_id="", remote_url="", sent_at=None, uncertain_since=timezone.now()
    )
    assert take_look() == {}


@pytest.mark.db_agnostic
def test_what_a_take_down_removes_is_not_missed(posted, office, mastodon):
    item = posted["mastodon"].disposition
    take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
    assert take_look() == {}
    work()
    assert mastodon.posts == []
    assert take_look() == {}


@pytest.mark.db_agnostic
def test_an_account_whose_reading_costs_is_left_alone_until_the_office_accepts(posted, x, mastodon, configure):
    before = len(x.requests)
    x.create_post("Promo dari akun kantor")
    assert take_look() == {}
    assert len(x.requests) == before
    assert Watch.objects.get().blind.endswith("belum disetujui: X.")
    paid = {**x.config, "options": {**x.config.get("options", {}), "read_back": True}}
    configure(x=paid, mastodon=mastodon.config)
    assert list(take_look()) == ["tidak lewat SOP"]


@pytest.mark.db_agnostic
def test_a_network_that_does_not_answer_mends_nothing(posted, mastodon):
    mastodon.create_post("Promo dari akun kantor")
    mastodon.posts[0].text = "Slot gacor"
    assert len(take_look()) == 2
    mastodon.fail_reads(*[(503, {}, {"error": "Service Unavailable"})] * 20)
    assert len(take_look()) == 2
    assert Account.objects.get(key="mastodon").paused_at is None
    assert "Mastodon tidak terbaca" in Watch.objects.get().blind


@pytest.mark.db_agnostic
def test_many_posts_are_read_in_parts_and_once_a_day(posted, monkeypatch):
    monkeypatch.setattr(post_watch, "POSTS_A_LOOK", 1)
    Watch.objects.create(part=Watch.Part.CHANNELS, due_at=timezone.now())
    assert post_watch.look_if_due() == 1
    watch = Watch.objects.get()
    assert watch.cursor
    assert watch.due_at - timezone.now() < timedelta(minutes=16)
    assert post_watch.look_if_due() == 0
    for _number in range(4):
        Watch.objects.update(due_at=timezone.now())
        post_watch.look_if_due()
        if Watch.objects.get().round_ended_at:
            break
    watch.refresh_from_db()
    assert (watch.cursor, watch.round_size) == ("", 2)
    assert watch.due_at - timezone.now() > timedelta(hours=23)
