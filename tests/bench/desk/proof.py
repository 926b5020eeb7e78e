"""What the proof of 10,000 live items costs, and how long it holds a lock: ``make bench-proof``.

The front server answers from its kept files, as where ``PROOF_ADDRESS`` is set. Prints for each database the statements
for each item, the longest statement that writes (with the whole transaction where it is one: what another writer waits
for), the longest transaction of any kind, and the longest part, in milliseconds of the clock and of the processor; then
one line of JSON. Times are no test: on a machine with other work they count its waits too.
"""

import sys
import time
from contextlib import contextmanager
from unittest import mock

#: Statements for each live item of a plain text before the proof looked both ways, and the share that is allowed.
BEFORE, SHARE = 6.5, 0.25
#: Copies made at once.
AT_ONCE = 500


def main() -> int:
    """Measure on each database in a process of its own."""
    from tests.load.databases import measure_items

    found = measure_items("tests.bench.desk.proof", __doc__, 10_000, _run_here)
    return int(any(each["statements_an_item"] > each["allowed"] or each["differences"] for each in found.values()))


def _run_here(count: int) -> dict:
    import django

    django.setup()
    from tests.support.factories import Office
    from tests.support.many import multiply_live_item

    item = Office.open().bring_to("live")
    for made in range(1, count, AT_ONCE):
        multiply_live_item(item, min(AT_ONCE, count - made))
    with kept_files() as keep:
        keep()
        return measure(count)


@contextmanager
def kept_files():
    """Let a front server answer with everything that the proof looks for; yield what fills its files."""
    from home.served import items, lists
    from home.served.fetching import Answer
    from moderation.models import PublicationPermit
    from moderation.ports.seal import shorten
    from news.models import NewsPage

    page = b""

    def keep() -> None:
        nonlocal page
        seals = map(shorten, PublicationPermit.objects.values_list("seal", flat=True))
        paths = [lists._write_path(path) for path in NewsPage.objects.values_list("url_path", flat=True)]
        links = [f'<a href="{path}"></a><loc>{path}</loc>' for path in paths]
        page = " ".join([*seals, *links]).encode()

    def answer(path) -> Answer:
        return Answer(404) if path.startswith("/sitemap-") else Answer(200, page)

    with mock.patch.object(items, "fetch", answer), mock.patch.object(lists, "fetch", answer):
        yield keep


def measure(count: int) -> dict:
    """Take a whole run in parts, as the worker does, and return the figures."""
    from django.db import connection
    from django.utils import timezone

    from moderation.management.jobs import integrity
    from moderation.models import IntegrityCheck

    times, parts = _Times(), _Longest()
    check = IntegrityCheck.objects.create(requested_at=timezone.now(), held_until=timezone.now() + integrity.LEASE)
    with connection.execute_wrapper(times), times.watch():
        while check.finished_at is None:
            stage = check.stage
            with parts.time(stage):
                integrity.take_part(check)
    figures = {"items": count, "parts": parts.count, "statements_an_item": round(times.count / count, 3)}
    figures |= {"allowed": BEFORE * SHARE, "differences": check.difference_count}
    longest = {"write": times.writes, "transaction": times.transactions, "read": times.reads, "part": parts}
    return figures | {f"longest_{name}": found.describe() for name, found in longest.items()}


class _Longest:
    """The longest of several spans, in seconds of the clock and of the processor, and what it was."""

    def __init__(self):
        self.count, self.clock, self.processor, self.what = 0, 0.0, 0.0, ""

    @contextmanager
    def time(self, what: str):
        clock, processor = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.note(what, time.perf_counter() - clock, time.process_time() - processor)

    def note(self, what: str, clock: float, processor: float) -> None:
        self.count += 1
        if clock > self.clock:
            self.clock, self.what = clock, what
        self.processor = max(self.processor, processor)

    def describe(self) -> dict:
        return {"ms": round(self.clock * 1000, 1), "cpu_ms": round(self.processor * 1000, 1), "what": self.what}


class _Times:
    """How long each statement and each transaction of a connection takes."""

    def __init__(self):
        self.count, self.reads, self.writes, self.transactions = 0, _Longest(), _Longest(), _Longest()
        self._began = None

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if context["connection"].in_atomic_block and self._began is None:
            self._began = time.perf_counter(), time.process_time(), sql[:60]
        is_read = sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "DECLARE", "FETCH"))
        with (self.reads if is_read else self.writes).time(sql[:60]):
            return execute(sql, params, many, context)

    @contextmanager
    def watch(self):
        """Time transactions from their first statement to their end."""
        from django.db.backends.base.base import BaseDatabaseWrapper

        def then(end):
            def end_and_note(connection):
                end(connection)
                if self._began is not None:
                    clock, processor, sql = self._began
                    self.transactions.note(sql, time.perf_counter() - clock, time.process_time() - processor)
                    self._began = None

            return end_and_note

        commit, rollback = then(BaseDatabaseWrapper._commit), then(BaseDatabaseWrapper._rollback)
        with (
            mock.patch.object(BaseDatabaseWrapper, "_commit", commit),
            mock.patch.object(BaseDatabaseWrapper, "_rollback", rollback),
        ):
            yield


if __name__ == "__main__":
    sys.exit(main())
