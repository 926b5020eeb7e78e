"""Plugin of pytest: takes a piece of the project away, and writes down what became of the tests.

In a process of its own it is loaded before Django stands, so whoever imports a name gets what stands instead of it.
"""

import json
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

import pytest

from . import live

#: The name of the removal; "" for a run with nothing taken away.
REMOVAL = "PROOF_REMOVAL"
#: Where to write the outcome of the run.
REPORT = "PROOF_REPORT"


class _EditedLoader(SourceFileLoader):
    """Loads a module without the piece, past all bytecode that is kept."""

    def __init__(self, fullname, path, removal):
        super().__init__(fullname, path)
        self._removal = removal

    def get_code(self, fullname):
        source = self._removal.edit(self.get_data(self.path).decode())
        report.taken = True
        return compile(source, self.path, "exec", dont_inherit=True)


class _Taker(MetaPathFinder):
    """Finds the one module that a removal edits."""

    def __init__(self, removal):
        self._removal = removal

    def find_spec(self, fullname, path, target=None):
        if fullname != self._removal.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        spec.loader = _EditedLoader(fullname, spec.origin, self._removal)
        return spec


class _Report:
    """What became of the run."""

    def __init__(self):
        self.taken = False
        self.passed = 0
        self.failures = []
        self.errors = []

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(vars(self)))


report = _Report()


def pytest_collectreport(report: pytest.CollectReport):
    """Note what could not be collected."""
    if report.failed:
        _note_error(report.nodeid, str(report.longrepr))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note a passed test, a failed one with the kind of its exception, and a fixture's error."""
    outcome = yield
    if call.excinfo is None:
        report.passed += call.when == "call"
        return outcome
    kinds = [kind.__name__ for kind in call.excinfo.type.__mro__]
    words = " ".join(call.excinfo.exconly().split())
    if call.when == "call" and outcome.failed:
        report.failures.append({"test": item.nodeid, "kinds": kinds, "words": words})
    elif item.nodeid not in {failure["test"] for failure in report.failures}:
        # The end of a test that has failed breaks on what the missing guard let through.
        _note_error(f"{item.nodeid} ({call.when})", words)
    return outcome


def pytest_sessionfinish(session):
    """Write the outcome."""
    report.write(Path(os.environ[REPORT]))


def _note_error(where: str, words: str) -> None:
    report.errors.append({"test": where, "words": words})


def take_away(name: str) -> None:
    """Take the piece of this name away, before it is imported or after; ``live.NotLive`` where that is too late."""
    from .table import REMOVALS

    removal = next(removal for removal in REMOVALS if removal.name == name)
    if removal.module in sys.modules:
        live.take_away(removal)
        report.taken = True
    else:
        sys.meta_path.insert(0, _Taker(removal))


if name := os.environ.get(REMOVAL):
    take_away(name)
