"""Keeps several requests open at once: a slow network holds up neither the others nor the office's mails.

One thread finds what is due, hands it out to one account after the other, and writes down what came
of it: posts are claimed and recorded in groups, with one commit for all that is at hand. Each
exchange runs in a thread of its own, with a database connection of its own where it needs one. What
keeps two of them from doing the same is the claim on the row, as it is between processes.
"""

import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from . import acting, groups, looking, sending
from .models import Account, Delivery, FollowUp
from .sending import LEASE, Claim

logger = logging.getLogger(__name__)

#: Seconds between two looks at the database while nothing is known to wait.
SCAN_SECONDS = 2
#: How many rows of one account are read ahead.
READ_AHEAD = 16
#: Seconds without work after which a thread gives its database connection back.
IDLE_SECONDS = 10


@dataclass(frozen=True)
class Task:
    """One exchange with one account: ``do(pk)`` claims the row, talks to the network, writes it down."""

    account: int
    do: Callable[[int], bool]
    pk: int

    @property
    def is_post(self) -> bool:
        """Say whether it is claimed and recorded in a group with others."""
        return self.do is sending.send


class Pool:
    """Threads for the exchanges, as many as requests may be open."""

    def __init__(self, size: int):
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        # Daemons: a network that never ends its answer cannot keep the process from ending.
        self._threads = [
            threading.Thread(target=self._run, name=f"unggahan-{number}", daemon=True) for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, work: Callable[[], None]) -> None:
        """Let the next free thread do this."""
        self._work.put(work)

    def close(self, seconds: float) -> None:
        """Let the threads end, but wait for none longer than this."""
        for _thread in self._threads:
            self._work.put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))

    def _run(self):
        while True:
            try:
                work = self._work.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                connection.close()
                continue
            if work is None:
                connection.close()
                return
            # One that broke, or is too old, is not used again.
            close_old_connections()
            work()


class Dispatcher:
    """Hands out what is due: to ready accounts in turn, to none more than its share of the open requests."""

    def __init__(self, slots: int | None = None, per_account: int | None = None):
        self.slots = slots or settings.SOCIAL_OPEN_REQUESTS
        self.per_account = per_account or settings.SOCIAL_OPEN_REQUESTS_PER_ACCOUNT
        self._changed = threading.Condition()
        self._open: Counter[int] = Counter()
        self._running: set[Task] = set()
        self._results: list[groups.Result] = []
        self._waiting: dict[int, deque[Task]] = {}
        self._turns: deque[int] = deque()
        self._more: set[int] = set()
        self._scan_at = 0.0
        self._pool = Pool(self.slots)

    def run(self, stop: threading.Event) -> None:
        """Hand out until ``stop`` is set; what is open then is finished within the lease."""
        try:
            while not stop.is_set():
                try:
                    self.step()
                except DatabaseError:
                    logger.exception("The database could not be asked; again in a moment")
                    connection.close()
                    stop.wait(1)
                self._wait()
            self._finish()
        finally:
            self._pool.close(1)
            connection.close()

    def step(self) -> int:
        """Write down what ended, fill the free places, and return how many were filled."""
        self._record()
        if time.monotonic() >= self._scan_at:
            self._scan()
        tasks = []
        try:
            while len(self._running) < self.slots and (task := self._take_next()):
                self._running.add(task)
                with self._changed:
                    self._open[task.account] += 1
                tasks.append(task)
            self._start(tasks)
        except DatabaseError:
            # None of them has begun.
            for task in tasks:
                self._end(task)
            raise
        return len(tasks)

    def _start(self, tasks: list[Task]) -> None:
        posts = {task.pk: task for task in tasks if task.is_post}
        claims = groups.claim(list(posts)) if posts else []
        for held in claims:
            self._pool.put(partial(self._exchange, posts.pop(held.delivery.pk), held))
        for task in tasks:
            if not task.is_post or task.pk in posts:
                self._pool.put(partial(self._do, task))

    def _exchange(self, task: Task, held: Claim) -> None:
        result = sending.exchange(held)
        with self._changed:
            self._results.append((held, result))
        self._end(task)

    def _do(self, task: Task) -> None:
        try:
            task.do(task.pk)
        except Exception:
            # The row says what is known: what was begun is looked for when its lease is over.
            logger.exception("Exchange %s of row %s failed", task.do.__name__, task.pk)
            connection.close()
        finally:
            self._end(task)

    def _end(self, task: Task) -> None:
        with self._changed:
            self._running.discard(task)
            self._open[task.account] -= 1
            self._changed.notify()

    def _wait(self) -> None:
        with self._changed:
            if not self._results:
                self._changed.wait(0.2)

    def _record(self) -> None:
        """Write down what came of the posts; a database that is away for a moment is asked again."""
        with self._changed:
            results, self._results = self._results, []
        for group in groups.split(results):
            self._write(group)

    def _write(self, group: list[groups.Result]) -> None:
        try:
            groups.record(group)
        except DatabaseError:
            connection.close()
            if len(group) > 1:
                for pair in group:
                    self._write([pair])
                return
            logger.exception("A result could not be written down yet")
            # After its lease the row is looked for.
            if group[0][0].delivery.lease_until > timezone.now():
                with self._changed:
                    self._results += group
            time.sleep(1)
        except Exception:
            logger.exception("Results could not be written down: %s", [held.delivery.pk for held, _result in group])

    def _finish(self) -> None:
        """Wait for what is open and write it down; what takes longer than a lease is looked for later."""
        deadline = time.monotonic() + LEASE.total_seconds()
        while (self._running or self._results) and time.monotonic() < deadline:
            self._record()
            self._wait()

    def _take_next(self) -> Task | None:
        """Return a task of the account whose turn it is, and let it queue up again behind the others."""
        for _turn in range(len(self._turns)):
            account = self._turns[0]
            self._turns.rotate(-1)
            if self._open[account] >= self.per_account:
                continue
            waiting = self._waiting[account]
            if not waiting and account in self._more:
                self._read_on(account)
            if waiting:
                return waiting.popleft()
        return None

    def _scan(self) -> None:
        """Give up what dead workers held, and read what every ready account has to do."""
        now = timezone.now()
        looking.recover_lost(now)
        acting.clear(now)
        ready = list(Account.objects.ready(now).values_list("pk", flat=True))
        busy = set()
        for rows, account, _do in _get_sources(now):
            busy.update(rows.filter(**{f"{account}__in": ready}).order_by().values_list(account, flat=True).distinct())
        # Whoever waits already keeps its turn.
        turns = [pk for pk in self._turns if pk in busy]
        self._turns = deque(turns + [pk for pk in ready if pk in busy.difference(turns)])
        self._waiting = {pk: self._waiting.get(pk, deque()) for pk in self._turns}
        for account in self._turns:
            self._read(account, now)
        self._scan_at = time.monotonic() + SCAN_SECONDS

    def _read_on(self, account: int) -> None:
        """Read what comes next; an account that was paused or parked meanwhile waits for the next scan."""
        now = timezone.now()
        self._more.discard(account)
        if Account.objects.ready(now).filter(pk=account).exists():
            self._read(account, now)

    def _read(self, account: int, now) -> None:
        """Read ahead what this account has to do: what nobody knows of is looked for first."""
        tasks = []
        for rows, name, do in _get_sources(now):
            if len(tasks) < READ_AHEAD:
                due = rows.filter(**{name: account}).order_by("next_attempt_at", "pk")
                tasks += [Task(account, do, pk) for pk in due.values_list("pk", flat=True)[:READ_AHEAD]]
        waiting = self._waiting[account]
        waiting.clear()
        waiting.extend(task for task in tasks if task not in self._running)
        (self._more.add if len(tasks) >= READ_AHEAD else self._more.discard)(account)


def _get_sources(now) -> list[tuple]:
    """Return what may be due: its rows, the name of their account, and what is done with each."""
    return [
        (Delivery.objects.to_look_for(now), "account", looking.look),
        (Delivery.objects.due(now), "account", sending.send),
        (FollowUp.objects.to_look_for(now), "delivery__account", acting.look),
        (FollowUp.objects.due(now), "delivery__account", acting.act),
    ]


def run(stop: threading.Event) -> None:
    """Dispatch until ``stop`` is set: what a worker process does beside its jobs."""
    Dispatcher().run(stop)
