"""A restored database does not know what left after its backup: each waiting post is looked for before it is sent."""

import contextlib
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from home.backup import archive
from moderation.models import Disposition
from news.social.channels.console import ConsoleChannel
from news.social.models import Delivery, DeliveryEvent, FollowUp, Restoration
from news.social.outbox.reconciliation import note_restore
from tests.social.conftest import pass_time, work
from tests.social.follow_ups.test_after_publication import NOTE, act, correct

pytestmark = pytest.mark.django_db

KEY = "bm90LXNlY3JldC1vbmx5LWZvci10ZXN0cy0xMjM0NTY3ODk="


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

    assert note_restore(taken_at) == 1

    assert "dipulihkan dari cadangan" in DeliveryEvent.objects.latest("pk").message
    assert not Delivery.objects.due(timezone.now() + timezone.timedelta(days=1)).exists()
    asked = []
    for _number in range(8):
        pass_time()
        work()
        asked.append(len(server.posts))
    assert asked[-1] == 1
    assert Delivery.objects.get().state == Delivery.State.SENT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_left", [True, False])
def test_what_is_published_again_after_a_restore_is_looked_for_first(has_left, networks, office, settings, tmp_path):
    settings.BACKUP_KEYS = [KEY]
    item = office.bring_to("ordered", channels=["mastodon", "console"])
    path = tmp_path / "situs.backup"
    archive.make(path)
    if has_left:
        office.bring_to("live", item)
        work()
    assert len(networks["mastodon"].posts) == has_left

    call_command("restore", str(path), "--yes")
    assert not Delivery.objects.exists()
    office.bring_to("live", Disposition.objects.get(pk=item.pk))
    work(passes=8)

    # One post on each network, and the ledger knows which.
    assert len(networks["mastodon"].posts) == 1
    assert len((tmp_path / "outbox.jsonl").read_text().splitlines()) == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}
    outcomes = set(DeliveryEvent.objects.values_list("outcome", flat=True))
    assert outcomes == ({"sought", "found"} if has_left else {"sought", "absent", "started", "sent"})


def test_the_screen_names_both_moments_and_each_post_that_is_looked_for(networks, publish, log_in, office):
    client = log_in(office.sekretaris)
    assert "belum pernah dipulihkan" in client.get(reverse("social:restoration")).content.decode()
    delivery = publish("mastodon")["mastodon"]
    note_restore(timezone.now() - timezone.timedelta(hours=3))
    assert reverse("social:restoration") in client.get(reverse("social:index")).content.decode()
    page = client.get(reverse("social:restoration")).content.decode()
    restoration = Restoration.objects.get()
    for moment in (restoration.taken_at, restoration.restored_at):
        assert date_format(timezone.localtime(moment), r"j F Y \p\u\k\u\l H.i T") in page
    assert reverse("social:delivery", args=[delivery.pk]) in page
    assert "Tidak diketahui" in page


def test_nobody_is_asked_about_a_new_post_on_a_network_that_cannot_be_read(networks, publish, monkeypatch):
    monkeypatch.setattr(ConsoleChannel, "capabilities", replace(ConsoleChannel.capabilities, readable=False))
    old = publish("console")["console"]
    note_restore(timezone.now())
    new = publish("console")["console"]
    work(passes=2)
    old.refresh_from_db()
    new.refresh_from_db()
    assert old.waits_for_person
    assert new.state == Delivery.State.SENT


@pytest.mark.parametrize("left", [NOTE, "Kegiatan hari Selasa, bukan Rabu.", ""], ids=["the same", "another", "none"])
def test_a_reply_with_a_ralat_is_looked_for_before_it_is_posted(left, networks, publish, office, log_in):
    item = publish("x")["x"].disposition
    work()
    taken_at = timezone.now()
    moment = transaction.atomic()
    moment._from_testcase = True
    with contextlib.suppress(Undone), moment:
        if left:
            correct(office, Disposition.objects.get(pk=item.pk), left)
            act()
        raise Undone
    assert len(networks["x"].posts) == (2 if left else 1)
    assert not FollowUp.objects.exists()
    note_restore(taken_at)

    correct(office, Disposition.objects.get(pk=item.pk))
    act(passes=8)

    reply = FollowUp.objects.get()
    assert len(networks["x"].posts) == 2
    assert DeliveryEvent.objects.filter(outcome=DeliveryEvent.Outcome.SOUGHT).count() == 1
    assert reply.waits_for_person == (left not in (NOTE, ""))
    assert ("tidak dikenal situs ini" in reply.last_error) == reply.waits_for_person
    assert (reply.state == FollowUp.State.DONE) != reply.waits_for_person
    page = log_in(office.sekretaris).get(reverse("social:restoration")).content.decode()
    assert reply.request_text in page
    assert ("ledger-state--person" in page) == reply.waits_for_person
