"""Kill a real worker process at each of its statements, and run several workers at once.

The process runs the production dispatcher: claiming, sending, recording.

Each time there must be exactly one post, or a row that needs a person.
"""

import copy
import json
import os
import random
import signal
import subprocess
import sys
import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import timezone

from moderation.evidence import triggers
from moderation.models import Disposition
from news.social.accounts import token_refresh
from news.social.models import Account, Delivery, DeliveryEvent, FollowUp
from news.social.models.leases import FREE
from news.social.worker.dispatcher import drain
from tests.social.conftest import pass_time, work

pytestmark = pytest.mark.django_db(transaction=True)

DATABASE_KEYS = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


class MortalWorker:
    """Runs drains in processes that can be killed."""

    def __init__(self):
        database = {key: connection.settings_dict[key] for key in DATABASE_KEYS}
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("mortal_worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=django_settings.BASE_DIR,
            env=os.environ
            | {
                "PYTHONPATH": str(django_settings.BASE_DIR),
                "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
                "OAUTHLIB_INSECURE_TRANSPORT": "1",
            },
        )
        self._tell(database)
        assert self._hear() == "ready"
        self.channels = {}
        self.pid = None

    def _tell(self, order):
        self._process.stdin.write(json.dumps(order, default=str) + "\n")
        self._process.stdin.flush()

    def _hear(self):
        line = self._process.stdout.readline().strip()
        assert line, self._process.stderr.read()
        return line

    def run(self, kill=None, threads=False) -> str:
        """Drain once and return "killed" or the number of statements."""
        self.pid = None
        self._tell({"kill": kill, "threads": threads, "channels": self.channels})
        ends = []
        while len(ends) < 2:
            line = self._hear()
            if line.startswith("pid "):
                self.pid = int(line[4:])
            ends.append(line)
        return next(line for line in ends if not line.startswith("pid "))

    def die(self):
        """Kill the running drain; called from a server's thread."""
        while self.pid is None:
            threading.Event().wait(0.005)
        os.kill(self.pid, signal.SIGKILL)

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=90)
        for stream in (self._process.stdout, self._process.stderr):
            stream.close()


@pytest.fixture(scope="module")
def process(django_db_setup):
    process = MortalWorker()
    yield process
    process.close()


@pytest.fixture
def worker(process, networks, settings):
    process.channels = settings.SOCIAL_CHANNELS
    return process


@pytest.fixture
def item(publish):
    """An item with a waiting delivery to each of the three channels.

    Without triggers, which would refuse to reset it as these tests do.
    """
    item = next(iter(publish("x", "mastodon", "console").values())).disposition
    triggers.drop_all()
    return item


def start_over(item, networks, outbox):
    """Reset the item and the networks to the moment after publication."""
    for network in networks.values():
        network.posts.clear()
    outbox.unlink(missing_ok=True)
    DeliveryEvent.objects.all().delete()
    Account.objects.update(not_before=None, consecutive_failures=0)
    fields = {
        "state": "pending",
        "attempts": 0,
        "looks": 0,
        "repeats": 0,
        "needs_person": False,
        "worker": "",
        "lease_until": None,
        "first_sent_at": None,
        "remote_id": "",
        "settlement_done": False,
        "next_attempt_at": timezone.now(),
    }
    for delivery in Delivery.objects.all():
        Delivery.objects.filter(pk=delivery.pk).update(idempotency_key=uuid.uuid4(), **fields)
    Disposition.objects.filter(pk=item.pk).update(state="live")


def judge(item, networks, outbox, point):
    """Let other workers finish, then compare the records with the networks' posts."""
    for _ in range(8):
        pass_time()
        if not drain():
            break
    posts = {key: len(network.posts) for key, network in networks.items()}
    posts["console"] = len(outbox.read_text().splitlines()) if outbox.exists() else 0
    rows = {delivery.account.key: delivery for delivery in Delivery.objects.select_related("account")}
    assert len(rows) == 3, point
    for key, row in rows.items():
        if row.state == "sent":
            assert posts[key] == 1, (point, key)
        else:
            assert (key, row.state, row.needs_person, posts[key]) == ("x", "uncertain", True, 0), (point, key)
    settled = all(row.state == "sent" for row in rows.values())
    assert Disposition.objects.get(pk=item.pk).state == ("done" if settled else "live"), point
    return settled


def test_kill_at_each_statement(worker, item, networks, settings):
    outbox = Path(settings.SOCIAL_CHANNELS["console"]["options"]["path"])
    start_over(item, networks, outbox)
    instants = json.loads(worker.run())
    assert judge(item, networks, outbox, "not killed")
    asked = 0
    for instant in instants:
        start_over(item, networks, outbox)
        assert worker.run(instant) == "killed"
        asked += not judge(item, networks, outbox, instant)
    # No statement is between the claim and the request, so X, which cannot be repeated, never needs a person.
    assert asked == 0


@pytest.fixture
def corrected(networks, publish, office):
    """An item with pending follow-ups of a ralat, and its posts: a reply on X, an edit on Mastodon."""
    item = publish("x", "mastodon")["x"].disposition
    work()
    item.refresh_from_db()
    office.bring_to("live", office.open_ralat(item, "Jumlah peserta 52 orang.", lead="Diikuti 52 warga."))
    triggers.drop_all()
    return {key: copy.deepcopy(network.posts) for key, network in networks.items()}


def correct_again(corrected, networks):
    """Reset follow-ups and networks to the moment after the ralat; both accounts renew credentials."""
    for key, network in networks.items():
        network.posts[:] = copy.deepcopy(corrected[key])
    DeliveryEvent.objects.all().delete()
    Delivery.objects.update(settlement_done=False)
    Disposition.objects.update(state="live")
    now = timezone.now()
    Account.objects.filter(key__in=networks).update(
        not_before=None, consecutive_failures=0, paused_at=None, pause_reason="", refresh_at=now, **FREE
    )
    for row in FollowUp.objects.all():
        FollowUp.objects.filter(pk=row.pk).update(
            idempotency_key=uuid.uuid4(),
            state="pending",
            attempts=0,
            looks=0,
            needs_person=False,
            first_sent_at=None,
            uncertain_since=None,
            remote_id="",
            next_attempt_at=now,
            **FREE,
        )


def judge_follow_ups(networks, point) -> bool:
    """Let other workers finish; each follow-up is done once or needs a person. Return whether all are done."""
    for _ in range(8):
        pass_time()
        past = timezone.now() - timedelta(seconds=1)
        FollowUp.objects.update(next_attempt_at=past)
        for rows in (FollowUp.objects.all(), Account.objects.all()):
            rows.exclude(lease_until=None).update(lease_until=past)
        if not drain():
            break
    rows = {row.delivery.account.key: row for row in FollowUp.objects.select_related("delivery__account")}
    assert {key: row.kind for key, row in rows.items()} == {"x": "reply", "mastodon": "edit"}, point
    seen = {
        "x": [post.text.startswith("RALAT: ") for post in networks["x"].posts if post.answers],
        "mastodon": [post.text.startswith("RALAT: ") for post in networks["mastodon"].posts],
    }
    for key, row in rows.items():
        if row.state == "done":
            assert seen[key] == [True], (point, key)
        else:
            # A lost answer may have taken the credentials, and a begun reply is never repeated: a person is needed.
            asks = row.needs_person or row.delivery.account.pause_reason == token_refresh.LOST
            assert asks, (point, key, row.state)
            assert seen[key] == ([] if key == "x" else [False]), (point, key)
    is_done = all(row.state == "done" for row in rows.values())
    assert Disposition.objects.get().state == ("done" if is_done else "live"), point
    return is_done


def test_kill_at_each_statement_of_follow_ups_and_renewals(worker, corrected, networks):
    correct_again(corrected, networks)
    instants = json.loads(worker.run())
    assert judge_follow_ups(networks, "not killed")
    assert not Account.objects.filter(key__in=networks).exclude(refresh_at=None).exists()
    asked = 0
    for instant in instants:
        correct_again(corrected, networks)
        assert worker.run(instant) == "killed"
        asked += not judge_follow_ups(networks, instant)
    assert 0 < asked < len(instants)


@pytest.mark.parametrize("key", ["x", "mastodon"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_kill_while_the_network_is_busy(worker, item, networks, settings, key, moment):
    outbox = Path(settings.SOCIAL_CHANNELS["console"]["options"]["path"])
    start_over(item, networks, outbox)

    def die(now):
        if now == moment:
            networks[key].on_post = lambda _: None
            worker.die()

    networks[key].on_post = die
    assert worker.run(threads=True) == "killed"
    # A request that had left may still arrive, so X is read back, not sent to again.
    judge(item, networks, outbox, (key, moment))


def test_kill_again_and_again(worker, item, networks, settings):
    outbox = Path(settings.SOCIAL_CHANNELS["console"]["options"]["path"])
    chance = random.Random(20261123)
    for turn in range(8):
        start_over(item, networks, outbox)
        points = [[chance.choice(["before", "after"]), chance.randint(1, 40)] for _ in range(5)]
        for point in points:
            worker.run(point, threads=True)
            pass_time()
        judge(item, networks, outbox, (turn, points))


def test_several_workers_share_the_work(networks, publish, settings):
    for _ in range(4):
        publish("x", "mastodon", "console")
    gate = threading.Barrier(4)
    errors = []

    def run():
        try:
            gate.wait(timeout=60)
            for _ in range(6):
                drain()
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert not errors
    assert not any(thread.is_alive() for thread in threads)
    work()
    outbox = Path(settings.SOCIAL_CHANNELS["console"]["options"]["path"])
    counts = (len(networks["x"].posts), len(networks["mastodon"].posts), len(outbox.read_text().splitlines()))
    assert counts == (4, 4, 4)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert DeliveryEvent.objects.filter(outcome="started").count() == 12
    assert set(Disposition.objects.values_list("state", flat=True)) == {"done"}
