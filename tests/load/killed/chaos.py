"""kill -9 of workers and web processes, again and again: ``make chaos ROUNDS=200 DB=both``.

Three worker processes share the posts of one office to three accounts, while the networks lose
answers and take their time. Each round kills one of the workers at a random moment and starts
another. At the end every post is compared with what a citizen sees. Time passes for the dead alone:
their leases run out at once, and looks come as soon as the slowest request has ended.

After that as many processes are killed in the middle of a step of the SOP (``tests.load.killed.kills``).

Ends with one line of JSON, and with exit code 1 when a post was lost or doubled, records disagree, a copy is not whole,
or fewer than three quarters of the kills hit an open transaction or the moment between commit and answer. "uncertain"
are the posts that ask a person.
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

WORKERS = 3
#: How many pages' posts come due in each round.
PAGES_A_ROUND = 2
#: No request is kept longer than this by the networks here, in seconds.
SLOWEST_ANSWER = 0.6
#: What happens to one post in turn; None is nothing.
FAULTS = (None, None, None, None, None, "reset before", "reset after", "500 after", "truncated", "html")
#: Share of the kills that must hit something.
LEAST_HITS = 0.75
#: A post that has not moved for so many seconds while the workers run is lost.
LONGEST_SILENCE = 600


def main() -> int:
    """Run on each database in a process of its own, and add up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both", "here"), default="both")
    parser.add_argument("--seed", type=int, default=20261123)
    arguments = parser.parse_args()
    if arguments.database == "here":
        return _run_here(arguments)
    from tests.load.databases import NAMES, make_environment

    numbers = [str(arguments.rounds), str(arguments.seed)]
    parts = (["tests.load.killed.chaos", "--database=here", "--rounds", numbers[0], "--seed", numbers[1]],)
    parts += (["tests.load.killed.kills", *numbers],)
    total = Counter({"rounds": 0, "lost": 0, "doubled": 0, "uncertain": 0})
    for name, part in itertools.product(NAMES if arguments.database == "both" else (arguments.database,), parts):
        with make_environment(name) as environment:
            done = subprocess.run([sys.executable, "-m", *part], env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            print(f"{name}: {part[0]} broke off", flush=True)
            return 1
        counts = json.loads(done.stdout.splitlines()[-1])
        total.update(counts)
        print(f"{name}: {', '.join(f'{number} {word}' for word, number in counts.items())}", flush=True)
    print(json.dumps(dict(total)))
    is_aimed = total["in_transaction"] + total["before_answer"] >= LEAST_HITS * total["kills"]
    return int(any(total[name] for name in ("lost", "doubled", "wrong")) or not is_aimed)


def _run_here(arguments) -> int:
    import django

    django.setup()
    from tests.support.factories import Office

    print(json.dumps(run(Office.open(), arguments.rounds, os.environ, random.Random(arguments.seed))))
    return 0


def run(office, rounds: int, environment: dict, chance: random.Random) -> dict:
    """Do so many rounds on the database of this process and return the counts."""
    from django.test import override_settings

    from news.social.accounts import service
    from news.social.models import Account, Delivery
    from tests.load.killed.workers import Workers
    from tests.social.servers import MastodonServer, XServer
    from tests.support.many import multiply_deliveries

    with XServer() as x, MastodonServer() as mastodon, MastodonServer(honours_key=False) as keyless:
        networks = {"x": x, "mastodon": mastodon, "keyless": keyless}
        for network in networks.values():
            network.fail(*chance.choices(FAULTS, k=rounds * PAGES_A_ROUND * 3))
            delays = random.Random(chance.random())
            network.on_post = lambda moment, delays=delays: time.sleep(delays.uniform(0, SLOWEST_ANSWER / 2))
        channels = {key: network.config for key, network in networks.items()}
        with override_settings(SOCIAL_CHANNELS=channels):
            service.sync_accounts()
            item = office.bring_to("live", channels=[])
            multiply_deliveries(item, list(Account.objects.filter(key__in=channels)), rounds * PAGES_A_ROUND)
        with Workers(environment, channels) as workers:
            for _number in range(WORKERS):
                workers.start()
            for _number in range(rounds):
                _make_due(PAGES_A_ROUND * len(networks))
                _wait_for_movement(10)
                time.sleep(chance.uniform(0.01, 0.5))
                victim = chance.choice(workers.running)
                workers.kill(victim)
                _bury(victim)
                _let_time_pass()
                workers.start()
            _drain()
            ends = [workers.stop(pid) for pid in list(workers.running)]
        assert ends == ["exit 0"] * WORKERS, ends
        return {"rounds": rounds, **_judge(networks, Delivery.objects.all())}


def _make_due(count: int) -> None:
    from django.utils import timezone

    from news.social.models import Delivery

    asleep = Delivery.objects.filter(next_attempt_at__gt=timezone.now() + timedelta(days=1)).order_by("pk")
    Delivery.objects.filter(pk__in=list(asleep.values_list("pk", flat=True)[:count])).update(
        next_attempt_at=timezone.now()
    )


def _wait_for_movement(seconds: float) -> bool:
    """Wait until a worker does something, so that the next kill finds it at work; says whether one did."""
    from news.social.models import DeliveryEvent

    lines, deadline = DeliveryEvent.objects.count(), time.monotonic() + seconds
    while DeliveryEvent.objects.count() == lines:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _bury(pid: int) -> None:
    """Let the leases of a dead process run out."""
    from django.utils import timezone

    from news.social.models import Delivery

    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(worker__contains=f":{pid}:").update(lease_until=past)


def _let_time_pass() -> None:
    """Let every wait be over that is nobody's request: of rows that were tried, of parked accounts."""
    from django.utils import timezone

    from news.social.models import Account, Delivery
    from news.social.models.leases import LEASE
    from news.social.outbox.circuit_breaker import LIMIT

    now = timezone.now()
    free = Delivery.objects.filter(worker="", next_attempt_at__lt=now + timedelta(days=1))
    free.filter(state="pending").update(next_attempt_at=now)
    # A dead worker's request may still be with the network: the first look comes after it.
    ended = now - timedelta(seconds=2 * SLOWEST_ANSWER)
    free.filter(state="uncertain", needs_person=False, uncertain_since__lt=ended).update(next_attempt_at=now)
    # A parked account is left alone while a row probes it.
    parked = Account.objects.filter(consecutive_failures__gte=LIMIT, not_before__gt=now)
    probed = Delivery.objects.filter(state__in=("sending", "uncertain")).exclude(worker="").values("account")
    parked.exclude(pk__in=probed, not_before__lte=now + LEASE).update(not_before=now)


def _drain() -> None:
    """Wait until every post has its end."""
    from django.db.models import Q

    from news.social.models import Delivery

    moving = Delivery.objects.filter(Q(state__in=("pending", "sending")) | Q(state="uncertain", needs_person=False))
    moved_at = time.monotonic()
    while moving.exists() and time.monotonic() - moved_at < LONGEST_SILENCE:
        _make_due(10)
        _let_time_pass()
        if _wait_for_movement(0.5):
            moved_at = time.monotonic()


def _judge(networks, rows) -> dict:
    """Compare what the office believes of each post with what a citizen sees."""
    seen = {key: Counter(post.text for post in network.posts) for key, network in networks.items()}
    counts = Counter({"lost": 0, "doubled": 0, "uncertain": 0})
    for row in rows.select_related("account"):
        posts = seen[row.account.key][row.request_text]
        asks = row.waits_for_person and not (row.state == "failed" and posts)
        if posts > 1:
            counts["doubled"] += 1
        elif asks:
            counts["uncertain"] += 1
        elif row.state != "sent" or not posts:
            counts["lost"] += 1
            print(f"lost: {row.account.key} {row.pk} {row.state} {row.last_error}", file=sys.stderr)
    return dict(counts)


if __name__ == "__main__":
    sys.exit(main())
