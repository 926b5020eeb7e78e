"""The dispatcher: concurrent requests, a fair share for each account, a clean stop."""

import signal
import subprocess
import threading
import time

import pytest
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from moderation.ports import jobs
from news.social.channels.errors import NotSent
from news.social.channels.http import transport
from news.social.models import Account, Delivery, DeliveryEvent
from news.social.outbox import circuit_breaker
from news.social.outbox.reconciliation import POST_LOOK
from news.social.outbox.sending import POST
from news.social.worker.dispatcher import Dispatcher, Inline, drain, run
from tests.social.conftest import claim, pass_time
from tests.social.servers import MastodonServer
from tests.support.many import multiply_deliveries

#: Seconds for what happens at once on an idle machine: a bound for what never happens.
LONG = 60
#: Threads only see committed rows.
with_threads = pytest.mark.django_db(transaction=True)


class Doorman:
    """Holds a network's requests, lets them in one by one, and counts those that wait."""

    def __init__(self):
        self.open = threading.Event()
        self.inside = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, moment):
        if moment != "before":
            return
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.open.wait(LONG)
        with self._lock:
            self.inside -= 1


def let_in(servers):
    """Open every door for good."""
    for server in servers.values():
        server.on_post.open.set()


@pytest.fixture
def many(office, configure, patient, monkeypatch):
    """Three accounts with twelve posts each, on networks that hold every request."""
    # A request given up on a busy machine would still count as waiting.
    monkeypatch.setattr(transport, "TIMEOUT", (LONG, 2 * LONG))
    with MastodonServer() as one, MastodonServer() as two, MastodonServer() as three:
        servers = {"one": one, "two": two, "three": three}
        configure(**{key: server.config for key, server in servers.items()})
        for server in servers.values():
            server.on_post = Doorman()
        item = office.bring_to("live", channels=[])
        multiply_deliveries(item, list(Account.objects.filter(key__in=servers)), 12)
        Delivery.objects.update(next_attempt_at=timezone.now())
        yield servers
        let_in(servers)


@pytest.fixture
def running(many):
    """Run dispatchers in threads, and at the end let every request in and stop all of them."""
    stop, threads = threading.Event(), []

    def work(dispatcher):
        try:
            dispatcher.run(stop)
        finally:
            connections.close_all()

    def start(**sizes):
        threads.append(threading.Thread(target=work, args=(Dispatcher(**sizes),)))
        threads[-1].start()
        return stop

    yield start
    stop.set()
    let_in(many)
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)


def wait_until(condition):
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def read(delivery):
    """Read a delivery as a claim does first."""
    return POST.read([delivery.pk], timezone.now()).get()


def inside(servers):
    return {key: server.on_post.inside for key, server in servers.items()}


@with_threads
def test_several_requests_are_open_at_once_and_no_account_takes_more_than_its_share(many, running):
    running(slots=6, per_account=2)
    wait_until(lambda: sum(inside(many).values()) == 6)
    assert inside(many) == {"one": 2, "two": 2, "three": 2}
    assert Delivery.objects.filter(state="sending").count() == 6


@with_threads
def test_a_network_that_does_not_answer_keeps_nobody_else_waiting(many, running):
    many["two"].on_post.open.set()
    many["three"].on_post.open.set()
    running(slots=4, per_account=2)
    wait_until(lambda: len(many["two"].posts) == len(many["three"].posts) == 12)
    assert many["one"].posts == []
    assert many["one"].on_post.most <= 2


@with_threads
def test_the_accounts_have_their_turns_one_after_the_other(many):
    Delivery.objects.filter(account__key="three").update(next_attempt_at=timezone.now())
    dispatcher = Dispatcher(slots=9, per_account=9, executor=Inline())
    dispatcher._scan()
    accounts = dict(Account.objects.values_list("pk", "key"))
    turns = [accounts[dispatcher._take_next().account] for _number in range(9)]
    assert turns == ["one", "two", "three"] * 3


@with_threads
def test_several_dispatchers_send_each_post_once(many, running):
    let_in(many)
    for _number in range(3):
        running(slots=4, per_account=2)
    wait_until(lambda: not Delivery.objects.exclude(state="sent").exists())
    assert [len(server.posts) for server in many.values()] == [12, 12, 12]
    assert all(len(set(server.texts)) == 12 for server in many.values())
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
    assert DeliveryEvent.objects.filter(outcome="started").count() == 36


@with_threads
def test_no_transaction_is_open_while_a_network_is_talked_to(many, running, monkeypatch):
    seen, exchange = [], POST.exchange

    def look(held):
        seen.append(connection.in_atomic_block)
        return exchange(held)

    monkeypatch.setattr(POST, "exchange", look)
    let_in(many)
    running(slots=6, per_account=2)
    wait_until(lambda: len(seen) == 36)
    assert not any(seen)


@with_threads
def test_what_is_open_when_told_to_stop_is_finished_and_written_down(many, running):
    stop = running(slots=6, per_account=2)
    wait_until(lambda: sum(inside(many).values()) == 6)
    stop.set()
    let_in(many)
    wait_until(lambda: Delivery.objects.filter(state="sent").count() == 6)
    time.sleep(0.3)
    assert sum(len(server.posts) for server in many.values()) == 6
    assert not Delivery.objects.filter(state="sending").exists()


@with_threads
def test_an_answer_outlives_a_database_that_is_away_for_a_moment(many, running, monkeypatch):
    record, failures = POST.record, iter([DatabaseError("away")] * 2)

    def record_later(results):
        for failure in failures:
            raise failure
        return record(results)

    monkeypatch.setattr(POST, "record", record_later)
    let_in(many)
    running(slots=6, per_account=2)
    wait_until(lambda: Delivery.objects.filter(state="sent").count() == 36)
    assert not DeliveryEvent.objects.filter(outcome="late").exists()


@with_threads
def test_a_parked_account_is_probed_by_one_row_of_many(many, running):
    Account.objects.filter(key="one").update(consecutive_failures=circuit_breaker.LIMIT, not_before=timezone.now())
    for _number in range(2):
        running(slots=6, per_account=4)
    wait_until(lambda: many["one"].on_post.inside == 1)
    time.sleep(0.5)
    assert many["one"].on_post.inside == 1
    many["one"].on_post.open.set()
    wait_until(lambda: len(many["one"].posts) > 1)
    assert Account.objects.get(key="one").consecutive_failures == 0


@with_threads
def test_the_workers_other_jobs_go_on_while_a_network_keeps_its_answer(many, monkeypatch):
    done, stop = threading.Event(), threading.Event()
    monkeypatch.setattr(jobs, "_jobs", {"other": jobs.Job("other", lambda: done.set() or 0, 0.1)})
    monkeypatch.setattr(jobs, "_services", {"posts": jobs.Service("posts", run, lambda: 0)})
    thread = threading.Thread(target=jobs.run_until, args=(stop,))
    thread.start()
    wait_until(lambda: sum(inside(many).values()) > 0)
    done.clear()
    assert done.wait(LONG / 2)
    stop.set()
    let_in(many)
    thread.join(LONG)
    assert not thread.is_alive()


def test_a_service_that_fails_is_started_anew(monkeypatch):
    stop, starts = threading.Event(), []

    def fail_once(event):
        starts.append(len(starts))
        if len(starts) == 1:
            raise RuntimeError("once")
        event.set()

    monkeypatch.setattr(jobs, "RESTART_SECONDS", 0)
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(jobs, "_services", {"posts": jobs.Service("posts", fail_once, lambda: 0)})
    jobs.run_until(stop)
    assert starts == [0, 1]


@pytest.mark.django_db
def test_of_a_parked_account_a_claim_takes_one_row_of_many_and_no_other_claim_another(networks, publish):
    pks = [publish("x")["x"].pk for _number in range(3)]
    Account.objects.filter(key="x").update(consecutive_failures=circuit_breaker.LIMIT, not_before=timezone.now())
    claims = list(POST.claim(pks))
    assert len(claims) == 1
    held = claims[0]
    assert held.probe == held.row.lease_until
    assert list(POST.claim(pks)) == []
    assert Delivery.objects.filter(state="sending").count() == 1


@pytest.mark.django_db
def test_a_ralat_between_reading_and_taking_is_never_overtaken_by_the_old_words(networks, publish):
    delivery = read(publish("x")["x"])
    delivery.permit_id += 1
    assert POST._take([delivery]) == []
    assert Delivery.objects.get(pk=delivery.pk).state == "pending"


@pytest.mark.django_db
def test_what_another_worker_tried_between_reading_and_taking_is_not_taken(networks, publish, x):
    delivery = read(publish("x")["x"])
    x.fail((429, {"Retry-After": "1"}, {}))
    drain()
    pass_time()
    assert POST._take([delivery]) == []
    assert claim(delivery).row.next_attempt_at != delivery.next_attempt_at


@pytest.mark.django_db
def test_a_claim_takes_of_many_what_is_still_free(networks, publish):
    rows = [read(publish("x")["x"]) for _number in range(3)]
    first = claim(rows[1])
    rest = POST._take(rows)
    assert [held.row.pk for held in rest] == [rows[0].pk, rows[2].pk]
    assert {held.worker for held in rest} == {rest[0].worker} != {first.worker}
    assert POST._take(rows) == list(POST.claim([row.pk for row in rows])) == []


@pytest.mark.django_db
def test_one_of_many_results_is_late_and_the_others_are_written(networks, publish, x):
    rows = [publish("x")["x"] for _number in range(3)]
    results = [(held, POST.exchange(held)) for held in POST.claim([row.pk for row in rows])]
    Delivery.objects.filter(pk=rows[1].pk).update(lease_until=timezone.now() - timezone.timedelta(seconds=1))
    drain()
    assert POST.record(results) == []
    found = Delivery.objects.in_bulk()
    assert [found[row.pk].state for row in rows] == ["sent"] * 3
    outcomes = [list(row.events.values_list("outcome", flat=True)) for row in rows]
    assert outcomes == [["started", "sent"], ["started", "unknown", "late"], ["started", "sent"]]
    assert [found[row.pk].remote_id for row in rows] == [post.id for post in x.posts]
    assert [found[row.pk].remote_url for row in rows] == [f"https://x.com/i/web/status/{post.id}" for post in x.posts]


@pytest.mark.django_db
def test_a_row_that_cannot_be_judged_keeps_no_other_back(networks, publish, x, monkeypatch):
    broken, other = publish("x")["x"], publish("x")["x"]
    admit = POST.admit

    def admit_or_fail(row, now):
        if row.pk == broken.pk:
            raise RuntimeError("this one")
        return admit(row, now)

    monkeypatch.setattr(POST, "admit", admit_or_fail)
    assert drain() >= 1
    assert dict(Delivery.objects.values_list("pk", "state")) == {broken.pk: "pending", other.pk: "sent"}
    assert x.texts == [other.request_text]


@pytest.mark.django_db
def test_a_network_that_asks_for_no_wait_is_not_asked_for_ever(networks, publish, x):
    publish("x")
    x.fail(*[(429, {"Retry-After": "0"}, {})] * 9)
    drain()
    assert len([line for line in x.requests if line.startswith("POST")]) == 1


@pytest.mark.django_db
def test_a_request_leaves_only_while_enough_of_the_lease_is_left(networks, publish, x):
    held = claim(publish("x")["x"])
    held.row.lease_until = timezone.now() + timezone.timedelta(seconds=5)
    Delivery.objects.filter(pk=held.row.pk).update(worker="another")
    assert isinstance(POST.exchange(held), NotSent)
    assert (x.posts, held.is_safe(), held.end(state="sent")) == ([], False, False)
    Delivery.objects.filter(pk=held.row.pk).update(worker=held.worker)
    assert held.is_safe()
    assert held.row.lease_until > timezone.now() + timezone.timedelta(seconds=100)


@pytest.mark.django_db
def test_what_was_on_its_way_when_the_account_was_parked_does_not_make_the_wait_longer(networks, publish):
    publish("x")
    account = Account.objects.get(key="x")
    now = timezone.now()
    for _number in range(circuit_breaker.LIMIT + 3):
        circuit_breaker.note_failure(account.pk, now)
    account.refresh_from_db()
    assert (account.consecutive_failures, account.not_before) == (5, now + timezone.timedelta(minutes=1))
    circuit_breaker.note_failure(account.pk, now, probe=account.not_before)
    account.refresh_from_db()
    assert (account.consecutive_failures, account.not_before) == (6, now + timezone.timedelta(minutes=2))


@pytest.mark.django_db
def test_a_post_that_went_well_does_not_end_the_wait_that_the_network_asked_for(networks):
    account, until = Account.objects.get(key="x"), timezone.now() + timezone.timedelta(minutes=9)
    circuit_breaker.note_failure(account.pk, timezone.now())
    circuit_breaker.throttle(account.pk, until)
    circuit_breaker.note_failure(account.pk, timezone.now())
    circuit_breaker.note_success(account.pk)
    account.refresh_from_db()
    assert (account.consecutive_failures, account.not_before) == (0, until)


def look(delivery) -> bool:
    """Search for one post; return whether it could be claimed."""
    held = claim(delivery, POST_LOOK)
    if held is not None:
        POST_LOOK.record([(held, POST_LOOK.exchange(held))])
    return held is not None


@pytest.mark.django_db
@pytest.mark.parametrize("network_is_back", [True, False])
def test_looking_in_a_parked_account_is_its_probe(networks, publish, x, monkeypatch, network_is_back):
    deliveries = [publish("x")["x"] for _number in range(2)]
    x.fail("500 before", "500 before")
    drain()
    pass_time()
    parked = timezone.now()
    Account.objects.filter(key="x").update(consecutive_failures=circuit_breaker.LIMIT, not_before=parked)
    if not network_is_back:
        monkeypatch.setattr(x, "read", lambda request: (503, {}))
    assert look(deliveries[0])
    account = Account.objects.get(key="x")
    if network_is_back:
        assert account.not_before <= timezone.now()
        assert look(deliveries[1])
    else:
        assert account.consecutive_failures == circuit_breaker.LIMIT + 1
        assert not look(deliveries[1])


@with_threads
def test_a_worker_told_to_end_ends_by_itself(run_manage, networks):
    process = subprocess.Popen(**run_manage("worker"), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().strip() == "Pekerja berjalan."
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=LONG) == 0
        assert process.stdout.read().strip() == "Pekerja berhenti."
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
