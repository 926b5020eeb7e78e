"""Runs chosen tests with one piece taken away, each run in a process of its own, some at a time.

The process is a fork of one that has loaded the project. Where the piece is not taken away from what is loaded, or the
fork's outcome is not that a test noticed, the run is made once more in a process that starts from nothing.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.run import get_environment
from tests.support.databases.postgres import temporary_postgres
from tests.support.databases.template import VARIABLE, make_postgres_template

from .loaded import Loaded
from .plugin import REMOVAL, REPORT
from .removal import BASE_DIR, POSTGRESQL, Removal

#: Left out of every run: what needs a browser or another program.
MARKS = "not e2e and not nginx and not validators"
#: How a test says that something is missing: it asserts, looks in vain for a record, or another layer speaks instead.
NOTICING = {"AssertionError", "Failed", "ObjectDoesNotExist"}
NOTICING |= {"GuardViolation", "StepRefused", "IntegrityError", "PermissionDenied"}


class BrokenOff(Exception):
    """A run ended without an outcome, or its outcome says nothing: a fault of the proof, not of the tests."""


@dataclass(frozen=True)
class Outcome:
    """What the tests did with one piece taken away on one database."""

    removal: Removal
    database: str
    red: str
    words: str
    fault: str = ""


class Runner:
    """Makes the runs; a context manager, because the PostgreSQL is its own."""

    def __init__(self, databases, processes: int):
        self._databases = databases
        self._processes = processes
        self._stack = contextlib.ExitStack()
        self._server = self._template = ""
        self._loaded: dict[str, queue.SimpleQueue[Loaded]] = {}

    def __enter__(self):
        if POSTGRESQL in self._databases:
            self._server = self._stack.enter_context(temporary_postgres())
            self._template = make_postgres_template(self._server)
        for database in self._databases:
            self._loaded[database] = queue.SimpleQueue()
            for number in range(self._processes):
                loaded = Loaded(self._get_environment(database, f"loaded_{number}"))
                self._loaded[database].put(self._stack.enter_context(loaded))
        return self

    def __exit__(self, *raised):
        return self._stack.__exit__(*raised)

    def run_baseline(self, pairs) -> None:
        """Raise BrokenOff unless all tests of the table pass on their databases with nothing taken away."""
        chosen: dict[str, list[str]] = {}
        for removal, database in pairs:
            chosen.setdefault(database, []).extend(removal.tests)
        with ThreadPoolExecutor(self._processes) as side_by_side:
            reports = side_by_side.map(lambda item: self._run(*item), chosen.items())
            for database, report in zip(chosen, reports, strict=True):
                if report["failures"] or report["errors"] or not report["passed"]:
                    raise BrokenOff(f"With nothing taken away, on {database}: {report['failures'] + report['errors']}")

    def take_away(self, pairs) -> Iterator[Outcome]:
        """Yield what became of each removal on its database, in the order of the table."""
        with ThreadPoolExecutor(self._processes) as side_by_side:
            yield from side_by_side.map(lambda pair: self._judge(*pair), pairs)

    def _judge(self, removal: Removal, database: str) -> Outcome:
        outcome = self._judge_run(removal, database, self._run)
        return outcome if outcome.red and not outcome.fault else self._judge_run(removal, database, self._run_anew)

    def _judge_run(self, removal: Removal, database: str, run) -> Outcome:
        try:
            report = run(database, removal.tests, removal.name)
        except BrokenOff as error:
            return Outcome(removal, database, "", "", str(error))
        failure = next(iter(report["failures"]), {"test": "", "words": "", "kinds": []})
        fault = "; ".join(f"{error['test']}: {error['words']}" for error in report["errors"])
        if not report["taken"]:
            fault = f"{removal.path} was never imported"
        elif failure["test"] and not NOTICING & set(failure["kinds"]):
            fault = f"{failure['test']} broke on {failure['words']}"
        return Outcome(removal, database, failure["test"], failure["words"], fault)

    def _run(self, database: str, tests, name: str = "") -> dict:
        """Run the tests in a fork, with the named piece taken away, and return the plugin's report."""
        loaded = self._loaded[database].get()
        try:
            return _read(lambda report: loaded.run(_get_arguments(database, tests), report, name))
        finally:
            self._loaded[database].put(loaded)

    def _run_anew(self, database: str, tests, name: str) -> dict:
        """Do the same in a process that starts from nothing."""

        def run(report):
            own = report.parent.name.replace("-", "_")
            environment = self._get_environment(database, own) | {REMOVAL: name, REPORT: str(report)}
            command = [sys.executable, "-m", "pytest", *_get_arguments(database, tests)]
            done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
            return done.stdout + done.stderr

        return _read(run)

    def _get_environment(self, database: str, own: str) -> dict[str, str]:
        """Return the environment of a process; ``own`` names its database of PostgreSQL."""
        if database != POSTGRESQL:
            return get_environment()
        address = f"{self._server.rpartition('/')[0]}/{own}"
        return get_environment() | {"DATABASE_URL": address, VARIABLE: self._template}


def _get_arguments(database: str, tests) -> list[str]:
    left_out = "db_agnostic" if database == POSTGRESQL else "postgresql"
    arguments = ["-q", "-x", "-p", "tests.support.proof.plugin", "-p", "no:cacheprovider"]
    return [*arguments, "-m", f"{MARKS} and not {left_out}", *dict.fromkeys(tests)]


def _read(run: Callable[[Path], str | None]) -> dict:
    """Make a run that writes its report to the path given, and return the report."""
    with tempfile.TemporaryDirectory(prefix="mojogedang-proof-") as folder:
        report = Path(folder) / "report.json"
        output = run(report)
        if output is None:
            raise BrokenOff("only a process of its own can take it away")
        if not report.exists():
            raise BrokenOff(f"pytest broke off: {output[-2000:]}")
        outcome = json.loads(report.read_text())
    if not (outcome["passed"] or outcome["failures"] or outcome["errors"]):
        raise BrokenOff(f"no test ran: {output[-500:]}")
    return outcome


def count_processes() -> int:
    """Return how many runs go side by side."""
    return max(1, os.cpu_count() or 1)
