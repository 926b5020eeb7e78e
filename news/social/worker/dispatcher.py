"""Dispatch due rows with several requests open, so that a slow network delays no other.

One thread finds due rows, claims them account by account and records the results, with one commit
for each batch. The exchanges run in an executor: threads in production, each with its own database
connection where needed; the calling thread for a single round. The claim on the row excludes other
threads and processes.
"""

import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, models
from django.utils import timezone

from news.social.follow_ups import execution
from news.social.follow_ups.execution import ACT, REPLY_LOOK
from news.social.models import Account, Delivery, FollowUp
from news.social.models.leases import LEASE, Claim
from news.social.outbox import reconciliation
from news.social.outbox.reconciliation import POST_LOOK
from news.social.outbox.sending import POST
from news.social.outbox.settlement import close_finished_items
from news.social.outbox.work import Result, Work

logger = logging.getLogger(__name__)

#: Seconds between two looks at the database while nothing is known to wait.
SCAN_SECONDS = 2
#: How many rows of one account are read ahead.
READ_AHEAD = 16
#: Seconds without work after which a thread gives its database connection back.
IDLE_SECONDS = 10
#: Kinds of work in order: look-ups of uncertain rows first.
WORKS: tuple[Work, ...] = (POST_LOOK, POST, REPLY_LOOK, ACT)


@dataclass(frozen=True)
class Task:
    """One row that is due, read ahead and not yet claimed, or claimed and with the network."""

    work: Work
    account: int
    pk: int


class Executor(Protocol):
    """Interface of what runs the exchanges."""

    def put(self, work: Callable[[], None]) -> None:
        """Run ``work``, now or later."""

    def close(self, seconds: float) -> None:
        """End, but wait for no exchange longer than this."""


class Inline:
    """Runs each exchange in the calling thread, before ``put`` returns."""

    def put(self, work: Callable[[], None]) -> None:
        work()

    def close(self, seconds: float) -> None:
        pass


class Pool:
    """Threads for the exchanges, as many as requests may be open."""

    def __init__(self, size: int):
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        # Daemon threads, so that a network that never ends its answer cannot block the exit.
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
            # Close a broken or too old connection.
            close_old_connections()
            work()


class Dispatcher:
    """Hand out due rows to ready accounts in turn, each with at most its share of the open requests."""

    def __init__(self, slots: int | None = None, per_account: int | None = None, executor: Executor | None = None):
        self.slots = slots or settings.SOCIAL_OPEN_REQUESTS
        self.per_account = per_account or settings.SOCIAL_OPEN_REQUESTS_PER_ACCOUNT
        self._executor = executor or Pool(self.slots)
        self._changed = threading.Condition()
        self._open: Counter[int] = Counter()
        self._running: set[Task] = set()
        self._results: list[tuple[Work, Result]] = []
        self._waiting: dict[int, deque[Task]] = {}
        self._turns: deque[int] = deque()
        self._more: set[int] = set()
        self._scan_at = 0.0
        #: While draining: up to when rows are due, and what was taken up already.
        self._until: datetime | None = None
        self._taken: set[Task] = set()

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
            self._executor.close(1)
            connection.close()

    def drain(self) -> int:
        """Do everything that is due at this moment, each row once, close what is finished; return how many rows moved.

        Returns also when a network asks for no wait or a row fails in ``admit``.
        """
        self._until, done, found = timezone.now(), 0, True
        try:
            while found:
                done += self._clear()
                self._scan()
                found = any(self._waiting.values())
                while self._fill() or self._running or self._results:
                    if self._running:
                        self._wait()
                    done += self._record()
        finally:
            self._until, self._taken = None, set()
        return done + close_finished_items()

    def step(self) -> int:
        """Record finished exchanges, fill the free slots, and return how many rows were taken."""
        self._record()
        if time.monotonic() >= self._scan_at:
            if _has_open_rows():
                self._clear()
                self._scan()
            else:
                self._scan_at = time.monotonic() + SCAN_SECONDS
        return self._fill()

    def _fill(self) -> int:
        tasks: set[Task] = set()
        unclaimed: set[Task] = set()
        try:
            while len(self._running) < self.slots and (task := self._take_next()):
                self._begin(task)
                tasks.add(task)
                unclaimed.add(task)
            for work in WORKS:
                mine = {task.pk: task for task in tasks if task.work is work}
                for claim in work.claim(list(mine)) if mine else ():
                    task = mine[claim.row.pk]
                    unclaimed.remove(task)
                    self._executor.put(partial(self._exchange, task, claim))
        finally:
            for task in unclaimed:
                self._end(task)
        return len(tasks)

    def _exchange(self, task: Task, claim: Claim) -> None:
        try:
            answer = task.work.exchange(claim)
            with self._changed:
                self._results.append((task.work, (claim, answer)))
        except Exception:
            # The row keeps its state: a begun exchange is looked up after its lease.
            logger.exception("%s of row %s failed", type(task.work).__name__, task.pk)
        finally:
            self._end(task)

    def _begin(self, task: Task) -> None:
        with self._changed:
            self._running.add(task)
            self._open[task.account] += 1
        if self._until is not None:
            self._taken.add(task)

    def _end(self, task: Task) -> None:
        with self._changed:
            self._running.discard(task)
            self._open[task.account] -= 1
            self._changed.notify()

    def _wait(self) -> None:
        with self._changed:
            if not self._results:
                self._changed.wait(0.2)

    def _record(self) -> int:
        """Record the exchanges, dispatch the claims that continue, and return the number recorded."""
        with self._changed:
            results, self._results = self._results, []
        for work in WORKS:
            for batch in work.split([result for done, result in results if done is work]):
                self._write(work, batch)
        return len(results)

    def _write(self, work: Work, batch: list[Result]) -> None:
        """Record one batch, with retries while the database is unavailable."""
        try:
            going_on = work.record(batch)
        except Exception as error:
            is_away = isinstance(error, DatabaseError)
            if is_away:
                connection.close()
            if len(batch) > 1:
                for result in batch:
                    self._write(work, [result])
                return
            [(claim, _answer)] = batch
            logger.exception("The result of row %s could not be written down", claim.row.pk)
            # The row is looked up after its lease.
            if is_away and claim.row.lease_until > timezone.now():
                with self._changed:
                    self._results.append((work, batch[0]))
                time.sleep(1)
            return
        for next_work, claim in going_on:
            task = Task(next_work, next_work.get_account(claim.row).pk, claim.row.pk)
            self._begin(task)
            self._executor.put(partial(self._exchange, task, claim))

    def _finish(self) -> None:
        """Wait for open exchanges up to a lease and record them; later ones are looked up."""
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

    def _get_moment(self) -> datetime:
        return self._until or timezone.now()

    def _list_due(self, work: Work) -> models.QuerySet:
        rows = work.list_due(self._get_moment())
        taken = [task.pk for task in self._taken if task.work is work]
        return rows.exclude(pk__in=taken) if taken else rows

    def _clear(self) -> int:
        """Recover rows of dead workers, drop follow-ups without a post, and return their number."""
        now = self._get_moment()
        return reconciliation.recover_lost(now) + execution.clear(now)

    def _scan(self) -> None:
        """Read what every ready account has to do."""
        ready = list(Account.objects.ready(self._get_moment()).values_list("pk", flat=True))
        busy: dict[int, list[Work]] = {}
        for work in WORKS:
            rows = self._list_due(work).filter(**{f"{work.account}__in": ready}).order_by()
            for account in rows.values_list(work.account, flat=True).distinct():
                busy.setdefault(account, []).append(work)
        # Accounts already queued keep their turn.
        turns = [pk for pk in self._turns if pk in busy]
        self._turns = deque(turns + [pk for pk in ready if pk in busy.keys() - set(turns)])
        self._waiting = {pk: self._waiting.get(pk, deque()) for pk in self._turns}
        for account in self._turns:
            self._read(account, busy[account])
        self._scan_at = time.monotonic() + SCAN_SECONDS

    def _read_on(self, account: int) -> None:
        """Read the account's next rows; one paused or parked meanwhile waits for the next scan."""
        self._more.discard(account)
        if Account.objects.ready(self._get_moment()).filter(pk=account).exists():
            self._read(account, WORKS)

    def _read(self, account: int, works: Iterable[Work]) -> None:
        """Read ahead what this account has to do."""
        tasks: list[Task] = []
        for work in works:
            if len(tasks) < READ_AHEAD:
                due = self._list_due(work).filter(**{work.account: account}).order_by("next_attempt_at", "pk")
                tasks += [Task(work, account, pk) for pk in due.values_list("pk", flat=True)[:READ_AHEAD]]
        waiting = self._waiting[account]
        waiting.clear()
        waiting.extend(task for task in tasks if task not in self._running)
        (self._more.add if len(tasks) >= READ_AHEAD else self._more.discard)(account)


def _has_open_rows() -> bool:
    """Return whether any row is to be sent, looked for or recovered, now or later; one query."""
    account = models.OuterRef("pk")
    deliveries = Delivery.objects.in_progress().filter(account=account)
    follow_ups = FollowUp.objects.open().filter(delivery__account=account)
    return Account.objects.filter(models.Exists(deliveries) | models.Exists(follow_ups)).exists()


def run(stop: threading.Event) -> None:
    """Dispatch until ``stop`` is set: what a worker process does beside its jobs."""
    Dispatcher().run(stop)


def drain() -> int:
    """Do everything that is due at this moment in the calling thread, and return how many rows moved.

    One request at a time to each account: what it answers is known before the next one leaves.
    """
    return Dispatcher(per_account=1, executor=Inline()).drain()
