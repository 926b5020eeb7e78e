"""Runs chosen tests with one piece taken away, each run in a process of its own, some at a time."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.run import get_environment
from tests.support.databases.postgres import temporary_postgres
from tests.support.databases.template import VARIABLE, make_postgres_template

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

    def __enter__(self):
        if POSTGRESQL in self._databases:
            self._server = self._stack.enter_context(temporary_postgres())
            self._template = make_postgres_template(self._server)
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
        try:
            report = self._run(database, removal.tests, removal.name)
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
        """Run the tests with the named piece taken away and return the plugin's report."""
        with tempfile.TemporaryDirectory(prefix="mojogedang-proof-") as folder:
            report = Path(folder) / "report.json"
            environment = get_environment() | {REMOVAL: name, REPORT: str(report)}
            marks = f"{MARKS} and not postgresql"
            if database == POSTGRESQL:
                own = f"{self._server.rpartition('/')[0]}/{Path(folder).name.replace('-', '_')}"
                environment |= {"DATABASE_URL": own, VARIABLE: self._template}
                marks = f"{MARKS} and not db_agnostic"
            command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.support.proof.plugin"]
            command += ["-p", "no:cacheprovider", "-m", marks, *dict.fromkeys(tests)]
            run = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
            if not report.exists():
                raise BrokenOff(f"pytest broke off: {(run.stdout + run.stderr)[-2000:]}")
            outcome = json.loads(report.read_text())
        if not (outcome["passed"] or outcome["failures"] or outcome["errors"]):
            raise BrokenOff(f"no test ran on {database}: {run.stdout[-500:]}")
        return outcome


def count_processes() -> int:
    """Return how many runs go side by side."""
    return max(1, os.cpu_count() or 1)
