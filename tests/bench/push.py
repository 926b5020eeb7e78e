"""How fast a thousand due posts leave while each answer takes 50 ms: ``make bench-push``.

The ideal is the network's pace: posts times answering time, divided by the requests that may be open
at once. Prints the ratio to it for each database, then one line of JSON. Times are no test: they are
looked at by a person.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

ANSWER_MS = 50
ACCOUNTS = ("x", "x-2", "mastodon", "mastodon-2")
BASE_DIR = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Measure on each database in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both", "here"), default="both")
    arguments = parser.parse_args()
    if arguments.database == "here":
        return _run_here(arguments)
    from tests.load.databases import NAMES, make_environment

    results = {}
    for name in NAMES if arguments.database == "both" else (arguments.database,):
        command = [sys.executable, "-m", "tests.bench.push", "--database=here", f"--posts={arguments.posts}"]
        with make_environment(name) as environment:
            done = subprocess.run(
                [*command, f"--workers={arguments.workers}"], env=environment, stdout=subprocess.PIPE, text=True
            )
        if done.returncode:
            print(f"{name}: broke off", flush=True)
            return 1
        found = results[name] = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{name}: {arguments.posts} posts in {found['seconds']} s with {found['open']} requests open; "
            f"ideal {found['ideal']} s, ratio {found['ratio']}; {found['cpu_ms']} ms of processor time a post",
            flush=True,
        )
    print(json.dumps({"posts": arguments.posts, "answer_ms": ANSWER_MS, "workers": arguments.workers, **results}))
    return 0


def _run_here(arguments) -> int:
    import django

    django.setup()
    network = subprocess.Popen(
        [sys.executable, "-m", "tests.load.network", str(ANSWER_MS)], stdout=subprocess.PIPE, text=True, cwd=BASE_DIR
    )
    try:
        port = int(network.stdout.readline())
        print(json.dumps(_measure(f"http://127.0.0.1:{port}", arguments)))
    finally:
        network.kill()
        network.wait()
        network.stdout.close()
    return 0


def _measure(url: str, arguments) -> dict:
    from django.conf import settings
    from django.test import override_settings
    from django.utils import timezone

    from news.social.accounts import service
    from news.social.models import Account, Delivery
    from tests.load.killed.workers import Workers
    from tests.support.factories import Office
    from tests.support.many import multiply_deliveries

    secrets = {
        "x": dict.fromkeys(("client_key", "client_secret", "access_token", "access_token_secret"), "secret"),
        "mastodon": {"access_token": "secret"},
    }
    channels = {}
    for key in ACCOUNTS:
        kind = key.partition("-")[0]
        channels[key] = {"kind": kind, "label": key, "base_url": url, "credentials": secrets[kind]}
    with override_settings(SOCIAL_CHANNELS=channels):
        service.sync_accounts()
        item = Office.open().bring_to("live", channels=[])
        ours = Account.objects.filter(key__in=ACCOUNTS)
        multiply_deliveries(item, list(ours), arguments.posts // len(ACCOUNTS))
    deliveries = Delivery.objects.filter(account__in=ours)
    assert deliveries.count() == arguments.posts
    with Workers(os.environ, channels) as workers:
        for _number in range(arguments.workers):
            workers.start()
        time.sleep(3)
        used = sum(map(_read_cpu, workers.running))
        deliveries.update(next_attempt_at=timezone.now())
        start = time.monotonic()
        while deliveries.exclude(state=Delivery.State.SENT).exists():
            assert time.monotonic() - start < 300, deliveries.exclude(last_error="").values("state", "last_error")[:3]
            time.sleep(0.1)
        seconds = time.monotonic() - start
        used = sum(map(_read_cpu, workers.running)) - used
    share = min(settings.SOCIAL_OPEN_REQUESTS, settings.SOCIAL_OPEN_REQUESTS_PER_ACCOUNT * len(ACCOUNTS))
    ideal = arguments.posts * ANSWER_MS / 1000 / (share * arguments.workers)
    return {
        "open": share * arguments.workers,
        "seconds": round(seconds, 2),
        "ideal": round(ideal, 2),
        "ratio": round(seconds / ideal, 2),
        "cpu_ms": round(used / arguments.posts * 1000, 1),
    }


def _read_cpu(pid: int) -> float:
    """Return the processor time of a process in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
