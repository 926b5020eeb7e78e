"""The worker: sending, retrying, pausing an account, asking a person."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from moderation.models import AuditEntry, Disposition, Notification
from moderation.ports.exceptions import GuardViolation
from news.social.channels.base import Sent, Throttled
from news.social.channels.http import transport
from news.social.models import Account, Delivery, DeliveryEvent
from news.social.outbox import sending
from news.social.outbox.sending import POST
from news.social.worker.dispatcher import Dispatcher, Inline, drain
from tests.social.conftest import claim, pass_time, work
from tests.social.servers import FAULTS, MastodonServer, get_timeouts

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(networks, publish):
    """A waiting delivery to X."""
    return publish("x")["x"]


def outcomes(delivery):
    return list(delivery.events.values_list("outcome", flat=True))


def test_every_ordered_channel_gets_the_exact_text_once_and_the_item_is_finished(networks, publish, settings):
    deliveries = publish("x", "mastodon", "console")
    work(passes=3)

    for delivery in deliveries.values():
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("sent", 1)
        assert outcomes(delivery) == ["started", "sent"]
    assert networks["x"].texts == [deliveries["x"].request_text]
    assert networks["mastodon"].texts == [deliveries["mastodon"].request_text]
    assert deliveries["x"].remote_url == f"https://x.com/i/web/status/{networks['x'].posts[0].id}"
    item = Disposition.objects.get(pk=deliveries["x"].disposition_id)
    assert item.state == "done"
    line = AuditEntry.objects.get(action="settle", disposition_id=item.pk)
    assert "X: terkirim" in line.reason


def test_the_claim_is_committed_before_the_request_leaves(delivery, x, monkeypatch):
    seen = []
    create = x.create

    def look_at_the_row(request, body):
        seen.append(len(x.requests))
        return create(request, body)

    monkeypatch.setattr(x, "create", look_at_the_row)
    held = claim(delivery)
    row = Delivery.objects.get(pk=delivery.pk)
    assert (row.state, row.worker, seen) == ("sending", held.worker, [])
    assert row.lease_until > timezone.now()
    assert claim(delivery) is None


def test_a_network_that_cannot_be_reached_is_tried_again_with_growing_waits_and_then_fails(delivery, configure, x):
    configure(x=x.config | {"base_url": "http://127.0.0.1:9"})
    for attempt in range(1, sending.MAX_ATTEMPTS):
        work()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == ("pending", attempt)
        assert delivery.next_attempt_at - timezone.now() <= timedelta(seconds=min(3600, 5 * 2**attempt))
        pass_time()
    work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 8)
    assert delivery.last_error == "Kanal tidak dapat dihubungi."
    assert Notification.objects.filter(subject__contains="memerlukan keputusan").exists()
    assert Disposition.objects.get(pk=delivery.disposition_id).state == "live"


def test_waits_are_random_and_bounded():
    waits = [sending.get_backoff(3).total_seconds() for _ in range(200)]
    assert 0 <= min(waits) < 10 < 30 < max(waits) <= 40
    assert max(sending.get_backoff(30).total_seconds() for _ in range(50)) <= 3600


def test_throttling_parks_the_account_and_burns_no_attempt(delivery, x, publish):
    x.fail((429, {"Retry-After": "600"}, {"title": "Too Many Requests"}))
    second = publish("x")["x"]
    work()
    delivery.refresh_from_db()
    second.refresh_from_db()
    account = Account.objects.get(key="x")
    assert (delivery.state, delivery.attempts, second.state) == ("pending", 0, "pending")
    assert timedelta(minutes=9) < account.not_before - timezone.now() < timedelta(minutes=11)
    assert len([line for line in x.requests if line.startswith("POST")]) == 1
    work(passes=2)
    assert len(x.posts) == 2


@pytest.mark.parametrize(("status", "words"), [(401, "izin"), (402, "kredit")])
def test_a_dead_account_is_paused_once_told_and_resumed_by_a_person(
    delivery, x, publish, status, words, office, log_in
):
    publish("x")
    x.fail((status, {}, {"title": "no"}))
    work(passes=3)
    account = Account.objects.get(key="x")
    delivery.refresh_from_db()
    assert words in account.pause_reason
    assert (delivery.state, delivery.attempts, delivery.state_label) == ("pending", 0, "Dijeda")
    assert len([line for line in x.requests if line.startswith("POST")]) == 1
    assert AuditEntry.objects.filter(action="channel_paused").count() == 1
    assert Notification.objects.filter(recipient=office.sekretaris, subject="Kanal X dijeda").count() == 1

    client = log_in(office.sekretaris)
    assert "(2) langsung dikirim" in client.get("/admin/unggahan/akun/x/lanjutkan/").content.decode()
    client.post("/admin/unggahan/akun/x/lanjutkan/")
    work()
    assert len(x.posts) == 2
    assert AuditEntry.objects.filter(action="channel_resumed", actor_id=office.sekretaris.pk).count() == 1


def test_a_refused_text_fails_at_once(delivery, x):
    x.fail((403, {}, {"detail": "You are not permitted to perform this action."}))
    work(passes=3)
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert "not permitted" in delivery.last_error
    assert outcomes(delivery) == ["started", "rejected"]


@pytest.mark.parametrize("fault", FAULTS)
def test_x_after_a_lost_answer_is_one_post_or_a_question(delivery, x, fault, monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", get_timeouts(fault))
    x.fail(fault)
    work()
    delivery.refresh_from_db()
    assert delivery.state == "uncertain"
    work(passes=8)
    delivery.refresh_from_db()
    if FAULTS[fault]:
        assert (delivery.state, delivery.remote_id, len(x.posts)) == ("sent", x.posts[0].id, 1)
    else:
        assert (delivery.state, delivery.needs_person, x.posts) == ("uncertain", True, [])
        assert outcomes(delivery) == ["started", "unknown", "absent", "absent", "absent", "absent"]
        assert delivery.state_label == "Tidak diketahui, perlu keputusan"
        assert Notification.objects.filter(subject__contains="memerlukan keputusan").exists()
    assert len([line for line in x.requests if line.startswith("POST")]) == 1


@pytest.mark.parametrize("honours_key", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_mastodon_after_a_lost_answer_is_exactly_one_post(configure, publish, patient, monkeypatch, fault, honours_key):
    with MastodonServer(honours_key=honours_key) as mastodon:
        configure(mastodon=mastodon.config)
        delivery = publish("mastodon")["mastodon"]
        monkeypatch.setattr(transport, "TIMEOUT", get_timeouts(fault))
        mastodon.fail(fault)
        work(passes=8)
        delivery.refresh_from_db()
        assert (delivery.state, len(mastodon.posts)) == ("sent", 1)
        assert delivery.remote_id == mastodon.posts[0].id


def test_mastodon_is_repeated_once_and_only_while_the_key_is_known(networks, publish):
    delivery = publish("mastodon")["mastodon"]
    networks["mastodon"].fail("500 before", "500 before")
    work(passes=12)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.needs_person, delivery.repeats) == ("uncertain", True, 1)

    late = publish("mastodon")["mastodon"]
    networks["mastodon"].fail("500 before")
    work()
    Delivery.objects.filter(pk=late.pk).update(first_sent_at=timezone.now() - timedelta(hours=1))
    work(passes=8)
    late.refresh_from_db()
    assert (late.state, late.needs_person, late.repeats) == ("uncertain", True, 0)
    assert networks["mastodon"].posts == []


@pytest.mark.parametrize("answer", [(429, {}, {}), (401, {}, {"error": "no"}), (422, {}, {"error": "no"})])
def test_whatever_a_repeat_is_told_the_first_request_stays_uncertain(networks, publish, answer):
    delivery = publish("mastodon")["mastodon"]
    networks["mastodon"].fail("500 before", answer)
    work(passes=8)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.needs_person, delivery.repeats) == ("uncertain", True, 1)


def test_looks_come_at_two_ten_sixty_and_six_hundred_seconds(delivery, x):
    x.fail("500 before")
    work()
    delays = []
    for _ in range(4):
        delivery.refresh_from_db()
        delays.append(round((delivery.next_attempt_at - delivery.uncertain_since).total_seconds()))
        drain()
        pass_time()
        drain()
    assert delays == [2, 10, 60, 600]


def test_an_account_that_cannot_be_read_is_asked_again_and_then_a_person(delivery, x, monkeypatch):
    x.fail("500 after")
    work()
    monkeypatch.setattr(x, "read", lambda request: (503, {}))
    work(passes=4)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.looks, delivery.needs_person) == ("uncertain", 0, False)
    work(passes=8)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.needs_person) == ("uncertain", True)


def test_a_duplicate_is_looked_for(delivery, x):
    x.fail((403, {}, {"detail": "You are not allowed to create a Tweet with duplicate content."}))
    work(passes=6)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.needs_person) == ("uncertain", True)


def test_a_lease_that_ran_out_is_never_a_second_post(delivery, x):
    held = claim(delivery)
    assert POST.exchange(held).remote_id
    work(passes=3)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("sent", x.posts[0].id)
    assert outcomes(delivery) == ["started", "unknown", "found"]
    assert len(x.posts) == 1


def test_a_slow_worker_cannot_overwrite_a_newer_finding(delivery, x):
    held = claim(delivery)
    pass_time()
    work(passes=3)
    delivery.refresh_from_db()
    assert delivery.state == "uncertain"

    POST.record([(held, Throttled(timezone.now()))])
    delivery.refresh_from_db()
    assert delivery.state == "uncertain"

    POST.record([(held, Sent("77", "https://x.com/i/web/status/77", 201))])
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("sent", "77")
    POST.record([(held, Sent("88", "", 201))])
    delivery.refresh_from_db()
    assert delivery.remote_id == "77"
    assert outcomes(delivery)[-3:] == ["late", "late", "late"]


def test_the_console_after_a_crash_writes_its_line_once(networks, publish, settings):
    delivery = publish("console")["console"]
    held = claim(delivery)
    POST.exchange(held)
    work(passes=4)
    delivery.refresh_from_db()
    path = Path(settings.SOCIAL_CHANNELS["console"]["options"]["path"])
    assert len(path.read_text().splitlines()) == 1
    assert delivery.state == "sent"


def test_an_account_that_keeps_failing_is_parked_and_probed_by_one_delivery(networks, publish, configure, x):
    configure(x=x.config | {"base_url": "http://127.0.0.1:9"})
    for _ in range(6):
        publish("x")
    before = timezone.now()
    work()
    account = Account.objects.get(key="x")
    assert account.consecutive_failures == 5
    assert before <= account.not_before - timedelta(minutes=1) <= timezone.now()
    assert Delivery.objects.filter(attempts=0).count() == 1

    work(passes=2)
    account.refresh_from_db()
    assert account.consecutive_failures == 6
    assert account.not_before - timezone.now() > timedelta(minutes=1)

    configure(x=x.config)
    work(passes=2)
    account.refresh_from_db()
    assert (account.consecutive_failures, account.not_before) == (0, None)
    work(passes=2)
    assert Delivery.objects.filter(state="sent").count() == 6
    # Each accepted post has its own text and link.
    assert len(set(x.texts)) == 6


def test_wrong_settings_pause_the_account_instead_of_losing_the_post(delivery, configure, x):
    configure(x=x.config | {"credentials": {"acces_token": "mistyped"}})
    work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.state_label) == ("pending", "Dijeda")
    assert "Pengaturan akun" in Account.objects.get(key="x").pause_reason


def test_one_account_does_not_wait_behind_another(networks, publish):
    for _ in range(3):
        publish("x")
    last = publish("mastodon")["mastodon"]
    dispatcher = Dispatcher(executor=Inline())
    dispatcher._scan()
    assert last.pk in [dispatcher._take_next().pk for _turn in range(2)]


def test_a_line_of_the_history_cannot_be_changed(delivery):
    work()
    event = DeliveryEvent.objects.first()
    for act in (event.save, event.delete):
        with pytest.raises(GuardViolation):
            act()
