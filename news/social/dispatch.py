"""Keeps several requests open at once: a slow network holds up neither the others nor the office's mails.

One thread reads what is due and hands it out, one account after the other. Each exchange runs in a
thread with a database connection of its own; what keeps two of them from doing the same is the claim
on the row, as it is between processes.
"""

import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from . import acting, looking, sending
from .models import Account, Delivery, FollowUp
from .sending import LEASE

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


class Pool:
    """Threads for the exchanges, as many as requests may be open."""

    def __init__(self, size: int, on_end: Callable[[Task], None]):
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._on_end = on_end
        # Daemons: a network that never ends its answer cannot keep the process from ending.
        self._threads = [
            threading.Thread(target=self._work, name=f"unggahan-{number}", daemon=True) for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, task: Task) -> None:
        """Let the next free thread do this."""
        self._tasks.put(task)

    def close(self, seconds: float) -> bool:
        """Let what is open end, within ``seconds``; says whether all of it did."""
        for _thread in self._threads:
            self._tasks.put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self):
        while True:
            try:
                task = self._tasks.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                connection.close()
                continue
            if task is None:
                connection.close()
                return
            try:
                task.do(task.pk)
            except Exception:
                # The row says what is known: its lease runs out, and it is looked for.
                logger.exception("Exchange %s of row %s failed", task.do.__name__, task.pk)
                connection.close()
            finally:
                self._on_end(task)


class Dispatcher:
    """Hands out what is due: to ready accounts in turn, to none more than its share of the open requests."""

    def __init__(self, slots: int | None = None, per_account: int | None = None):
        self.slots = slots or settings.SOCIAL_OPEN_REQUESTS
        self.per_account = per_account or settings.SOCIAL_OPEN_REQUESTS_PER_ACCOUNT
        self._changed = threading.Condition()
        self._open: Counter[int] = Counter()
        self._running: set[Task] = set()
        self._waiting: dict[int, deque[Task]] = {}
        self._turns: deque[int] = deque()
        self._more: set[int] = set()
        self._scan_at = 0.0
        self._pool = Pool(self.slots, self._end)

    def run(self, stop: threading.Event) -> None:
        """Hand out until ``stop`` is set; what is open then is finished within the lease."""
        try:
            while not stop.is_set():
                self.step()
                with self._changed:
                    self._changed.wait(0.2)
        finally:
            if not self._pool.close(LEASE.total_seconds()):
                logger.warning("Requests were still open at the end; their rows will be looked for.")
            connection.close()

    def step(self) -> int:
        """Read what is due where that is worth a query, fill the free slots, and return how many were filled."""
        if time.monotonic() >= self._scan_at:
            self._scan()
        started = 0
        while len(self._running) < self.slots and (task := self._take_next()):
            with self._changed:
                self._running.add(task)
                self._open[task.account] += 1
            self._pool.put(task)
            started += 1
        return started

    def _end(self, task: Task) -> None:
        with self._changed:
            self._running.discard(task)
            self._open[task.account] -= 1
            self._changed.notify()

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
        self._turns = deque(
            [pk for pk in self._turns if pk in busy] + [pk for pk in ready if pk in busy - {*self._turns}]
        )
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
        with self._changed:
            known = set(self._running)
        waiting = self._waiting[account]
        waiting.clear()
        waiting.extend(task for task in tasks if task not in known)
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
