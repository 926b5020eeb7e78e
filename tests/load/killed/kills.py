"""kill -9 of web processes and workers in the middle of a step, again and again; a part of ``make chaos``.

Each round brings an item to the brink of a publication, a ralat, a take-down, a due publication or a delivery through
the real steps, lets a real process do it, and kills it: most often at a random moment of its open transaction, else
between the commit and the answer. The records must then tell that all of it happened or nothing; the person presses
again, the next worker goes on, and in the end each post exists once. On SQLite the database's files are copied at the
instant of the kill, with the process halted; each copy is opened and proven whole.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.load import races
from tests.load.killed import chaos, moments

WEB, WORKER = ("publication", "ralat", "take_down"), ("due", "delivery")
NETWORKS = ("x", "mastodon")
#: Longest wait for a process to begin, in seconds; how long after that it is killed at the latest.
LONGEST_START, LONGEST_DELAY = 300, {"web": 0.12, "watched": 0.03}
#: Share of kills that wait for the commit, and aim at the moment before the answer.
AFTER_COMMIT = 0.25
#: Every so many kills on SQLite, the copy of that instant is proven.
COPY_EVERY = 4


class Kills:
    """The rounds of one run on one database."""

    def __init__(self, office, workers, folder: Path, chance: random.Random):
        self.office, self.workers, self.folder, self.chance = office, workers, folder, chance
        self.counts = Counter({"kills": 0, "in_transaction": 0, "before_answer": 0, "wrong": 0, "copies": 0})
        self.delivered: list[int] = []

    def run(self, rounds: int) -> None:
        for number in range(rounds):
            operation = (*WEB, *WORKER)[number % 5]
            before = dict(self.counts)
            problems = self._press(operation) if operation in WEB else self._work(operation)
            self.counts[f"of_{operation}"] += self.counts["kills"] - before["kills"]
            self.counts["wrong"] += bool(problems)
            for problem in problems:
                print(f"{operation}: {problem}", file=sys.stderr, flush=True)

    def _press(self, operation: str) -> list[str]:
        """Kill a web process that takes a step; then press again."""
        item, person, code = self._prepare(operation)
        before = _get_last_line()
        seen = item.state, item.version
        port_of = self._start_web()
        connection = self._post(port_of[1], item, person, code)
        self._kill(port_of[0], "web")
        connection.close()
        problems = races.judge(item, before, least=0, seen=seen)
        if _get_last_line(item) > before:
            return problems
        pid, port = self._start_web()
        answer = self._post(port, item, person, code).getresponse()
        self.workers.kill(pid)
        problems += [] if answer.status == 302 else [f"pressed again: {answer.status}"]
        return problems + races.judge(item, before, least=1, seen=seen)

    def _work(self, operation: str) -> list[str]:
        """Kill a worker that publishes what is due, or sends posts; the next one goes on."""
        item = self._prepare_due() if operation == "due" else self.office.bring_to("live", channels=list(NETWORKS))
        self.delivered.append(item.pk)
        before, seen = _get_last_line(), (item.state, item.version)
        pid = self.workers.start("watched")
        self._kill(pid, "watched")
        problems = races.judge(item, before, least=0, seen=seen)
        chaos._bury(pid)
        chaos._let_time_pass()
        return problems

    def _kill(self, pid: int, kind: str) -> None:
        """Kill a process in the middle of what it does, and count what was hit."""
        path = moments.get_path(self.folder, pid)
        aimed = moments.UNANSWERED if self.chance.random() < AFTER_COMMIT else moments.TRANSACTION
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline:
            self._wait_for(path, aimed, deadline, is_once=kind == "web")
            if aimed == moments.TRANSACTION:
                time.sleep(self.chance.uniform(0, LONGEST_DELAY[kind]))
            _halt(pid)
            # A worker begins again; a web process had one thing to do.
            if kind == "web" or moments.read(path) != moments.IDLE:
                break
            os.kill(pid, signal.SIGCONT)
        if self.counts["kills"] % COPY_EVERY == 0:
            self._copy()
        self.workers.kill(pid)
        hit = moments.read(path)
        self.counts["kills"] += 1
        self.counts["in_transaction"] += hit == moments.TRANSACTION
        self.counts["before_answer"] += hit == moments.UNANSWERED
        print(f"{self.counts['kills']}: {('missed', 'transaction', 'answer')[hit]}", file=sys.stderr, flush=True)

    @staticmethod
    def _wait_for(path: Path, aimed: int, deadline: float, *, is_once: bool) -> None:
        """Wait until a process is at the moment aimed at, or has ended what it does once."""
        while moments.read(path) < aimed and time.monotonic() < deadline:
            if is_once and not moments.read_port(path):
                return
            time.sleep(0.0005)

    def _copy(self) -> None:
        """Copy the files of an SQLite database as they are at this instant, for ``prove_copies``.

        In a process of its own: closing a file of the database would end all locks that this process has on it
        (https://www.sqlite.org/howtocorrupt.html, "POSIX advisory locks canceled by a separate thread doing close()").
        """
        from django.db import connection

        if connection.vendor != "sqlite":
            return
        self.counts["copies"] += 1
        source, copy = str(connection.settings_dict["NAME"]), f"{self.folder}/copy-{self.counts['copies']}.sqlite3"
        for end in ("", "-wal"):
            if Path(source + end).exists():
                subprocess.run(["cp", source + end, copy + end], check=True)

    def wait_for_due(self) -> None:
        """Wait until the worker has published what a killed one has not."""
        from moderation.models import Disposition

        deadline = time.monotonic() + chaos.LONGEST_SILENCE
        while Disposition.objects.filter(pk__in=self.delivered, state="scheduled").exists():
            assert time.monotonic() < deadline, "what is due is not published"
            time.sleep(0.2)

    def prove_copies(self) -> None:
        for number in range(1, self.counts["copies"] + 1):
            if not self.workers.prove(f"{self.folder}/copy-{number}.sqlite3"):
                self.counts["wrong"] += 1
                print(f"copy {number} is not whole", file=sys.stderr, flush=True)

    def _prepare(self, operation: str):
        """Return an item at the brink of a step, who takes it, and its code."""
        if operation == "publication":
            item = self.office.bring_to("ordered", channels=list(NETWORKS))
            self.delivered.append(item.pk)
            return item, "staf1", "publish"
        item = self.office.bring_to("live", channels=["radio"])
        if operation == "ralat":
            item = self.office.open_ralat(item, lead=f"Ralat atas berita nomor {item.pk}.")
            return self.office.bring_to("ordered", item), "staf1", "publish"
        return item, "sekretaris", "take_down"

    def _prepare_due(self):
        """Return a scheduled item whose time has just come."""
        from django.utils import timezone

        begin = timezone.localtime()
        item = self.office.bring_to("verified")
        # The two steps that are left take less than the many before.
        due = timezone.localtime() + max(timezone.localtime() - begin, timedelta(seconds=1))
        item = self.office.bring_to("ordered", item, channels=list(NETWORKS), go_live_at=due.isoformat())
        item = self.office._take(item, "schedule", "staf1", {})
        time.sleep(max(0, (due - timezone.localtime()).total_seconds() + 0.1))
        return item

    def _start_web(self) -> tuple[int, int]:
        """Start a web process and return its id and its port; fail when it ends, or takes too long, before it listens.

        Why it ended is in its own log, which is that of this run.
        """
        pid = self.workers.start("web")
        path = moments.get_path(self.folder, pid)
        deadline = time.monotonic() + LONGEST_START
        while not (port := moments.read_port(path)):
            assert not _has_ended(pid), f"a web process ended before it listened: {self.workers.stop(pid)}"
            assert time.monotonic() < deadline, "a web process does not listen"
            time.sleep(0.005)
        return pid, port

    def _post(self, port: int, item, person: str, code: str):
        from django.urls import reverse

        from moderation.ports.seal import compute_seal
        from tests.moderation.chain.test_matrix import fill_in

        data = {"action": code, "version": item.version, "seal": compute_seal(item.get_draft())}
        someone = moments.Person(self.office.people[person])
        return someone.post(port, reverse("moderation:step", args=[item.pk]), data | fill_in(self.office, code))


def _halt(pid: int) -> None:
    """Stop all threads of a process; when this returns none of them does anything."""
    os.kill(pid, signal.SIGSTOP)
    threads = list(Path(f"/proc/{pid}/task").iterdir())
    while any(_read_state(thread) != "T" for thread in threads):
        time.sleep(0.001)


def _has_ended(pid: int) -> bool:
    """Say whether a process has ended, though its parent has not asked how."""
    return _read_state(Path(f"/proc/{pid}")) == "Z"


def _read_state(process: Path) -> str:
    """Return the letter of what a process or thread does (proc(5), "state")."""
    return (process / "stat").read_text().rpartition(")")[2].split()[0]


def _get_last_line(item=None) -> int:
    from moderation.models import AuditEntry

    lines = AuditEntry.objects.filter(disposition_id=item.pk) if item else AuditEntry.objects.all()
    return lines.order_by("sequence").values_list("sequence", flat=True).last() or 0


@contextmanager
def _networks(folder: Path):
    from tests.social.servers import MastodonServer, XServer

    with XServer() as x, MastodonServer() as mastodon:
        networks = {"x": x, "mastodon": mastodon}
        for network in networks.values():
            network.on_post = lambda moment: time.sleep(0.05)
        radio = {"kind": "console", "label": "Radio", "options": {"path": str(folder / "radio.jsonl")}}
        yield networks, {key: network.config for key, network in networks.items()} | {"radio": radio}


def run(office, rounds: int, environment: dict, chance: random.Random) -> dict:
    """Do so many rounds on the database of this process and return the counts."""
    from django.test import override_settings

    from news.social.accounts import service
    from news.social.models import Delivery
    from tests.load.killed.workers import Workers
    from tests.support.audit_log import find_first_break

    folder = Path(environment["TEST_DATA_DIR"])
    with _networks(folder) as (networks, channels), override_settings(SOCIAL_CHANNELS=channels):
        service.sync_accounts()
        with Workers(environment, channels) as workers:
            kills = Kills(office, workers, folder, chance)
            kills.run(rounds)
            workers.start()
            kills.wait_for_due()
            chaos._drain()
            assert workers.stop(workers.running[0]) == "exit 0"
            kills.prove_copies()
        sent = Delivery.objects.filter(account__key__in=networks, disposition__in=kills.delivered)
        assert sent.count() == len(networks) * len(kills.delivered), "a set of posts is not whole"
        kills.counts.update(chaos._judge(networks, sent))
        kills.counts["wrong"] += find_first_break() is not None
        return dict(kills.counts)


def main() -> int:
    """Run on the database of the environment."""
    import django

    django.setup()
    from tests.support.factories import Office

    rounds, seed = map(int, sys.argv[1:])
    print(json.dumps(run(Office.open(), rounds, dict(os.environ), random.Random(seed))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
