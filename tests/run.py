"""`make test`: the whole suite on SQLite and, side by side, on a PostgreSQL of its own, then one total.

Usage: python -m tests.run [--fast] [pytest's own arguments]

What a test needs is got or the run fails: nothing passes by being left out.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ElementTree
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .moderation.uploads.tesseract import TesseractMissing, find_or_install_tesseract
from .support import crashes
from .support.chromium import ChromiumMissing, find_or_install_chromium
from .support.databases.postgres import PostgresMissing, temporary_postgres
from .support.databases.template import VARIABLE, make_postgres_template
from .support.front.nginx import NginxMissing, find_or_install_nginx
from .support.node_packages import PackagesMissing, find_or_install_packages

BASE_DIR = Path(__file__).resolve().parent.parent
#: The processes of each database: a core waits whenever a test does, and one process alone would end last.
WORKERS = dict.fromkeys(("SQLite", "PostgreSQL"), max(2, os.cpu_count() or 2))
#: Where Python keeps what it compiled, so that each of the many processes does not compile anew.
BYTECODE = BASE_DIR / ".pytest_cache" / "bytecode"
NO_TESTS_COLLECTED = 5
#: What is shown of the error of one test, in characters.
SHOWN_OF_ERROR = 400
_printing = threading.Lock()


#: What is installed where it is missing: how, the exception where it cannot be, what is said then, and its tests.
PROGRAMS = (
    (find_or_install_chromium, ChromiumMissing, "Chromium: {}. The browser tests", "e2e"),
    (find_or_install_nginx, NginxMissing, "nginx: {}. The tests of the front server", "nginx"),
    (find_or_install_tesseract, TesseractMissing, "tesseract: {}. The tests of the writing in pictures", "tesseract"),
)


def main(arguments):
    """Returns 0 only where every test ran and passed, on both databases; the validators may be out of reach."""
    strict = os.environ.get("CI") == "true"
    if "--fast" in arguments:
        return run_fast([argument for argument in arguments if argument != "--fast"])
    missing, not_asked, not_passed = [], [], []
    total = Counter()
    without = ""
    for find_or_install, absence, sentence, mark in PROGRAMS:
        try:
            find_or_install()
        except absence as error:
            missing.append(f"{sentence.format(error)} do not run.")
            without += f" and not {mark}"
    try:
        for name in ("validators", "networks"):
            find_or_install_packages(name)
    except PackagesMissing as error:
        # A second opinion from another registry than Python's, which a machine may not reach.
        not_asked.append(f"Validators: {error}. Nu checker, schemas and the networks' programs look at nothing.")
        without += " and not validators"
    with contextlib.ExitStack() as stack:
        passes = {"SQLite": (None, f"not postgresql{without}")}
        try:
            database_url = stack.enter_context(temporary_postgres())
            passes["PostgreSQL"] = (database_url, f"not db_agnostic and (not e2e or both_databases){without}")
        except PostgresMissing as error:
            missing.append(f"PostgreSQL: {error}. Its half of the tests does not run.")
        _announce(missing + not_asked)
        if missing and strict:
            print("CI=true: a missing component is a failure.", file=sys.stderr)
            passes = {}
        with ThreadPoolExecutor() as side_by_side:
            runs = [side_by_side.submit(_run_pass, name, *how, arguments) for name, how in passes.items()]
        for run in runs:
            counts, names = run.result()
            total += counts
            not_passed += names
    _announce(missing + not_asked)
    _name_once_more(not_passed)
    failed = total["failed"] + total["skipped"] + len(missing)
    if total["skipped"]:
        print(f"{total['skipped']} tests were skipped; a skipped test counts as failed.", file=sys.stderr)
    sys.stderr.flush()
    print(f"{total['passed']} passed, {failed} failed", flush=True)
    return 1 if failed or not total["passed"] else 0


def run_fast(arguments):
    """Run what is marked fast, on SQLite; return 0 only where all of it passed."""
    counts, not_passed = _run_pass("SQLite", None, "fast", arguments)
    _name_once_more(not_passed)
    failed = counts["failed"] + counts["skipped"]
    print(f"{counts['passed']} passed, {failed} failed", flush=True)
    return 1 if failed or not counts["passed"] else 0


def _announce(missing):
    for line in missing:
        print(f"\n!!! MISSING: {line}\n", file=sys.stderr, flush=True)


def _name_once_more(not_passed):
    """Write each test that did not pass, and why, above the total: of a long log often only the end is kept."""
    for name in not_passed:
        print(f"not passed: {name}", flush=True)


def _run_pass(name, database_url, marks, arguments):
    """Run pytest on one database; return its counts and what did not pass, by name and error.

    A run that breaks off counts as one more failure.
    """
    environment = get_environment()
    if database_url:
        environment |= {"DATABASE_URL": database_url, VARIABLE: make_postgres_template(database_url)}
    with tempfile.TemporaryDirectory(prefix="mojogedang-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", f"-n{WORKERS[name]}", "--dist=worksteal", "--durations=30"]
        command += [f"--junitxml={report}", "-m", marks, *arguments]
        with subprocess.Popen(
            command, cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            crashed = [line.rstrip() for line in crashes.read_crashes(_show(name, process.stdout))]
        counts, not_passed = _count(report)
        not_passed += filter(None, crashed)
    # A choice of files may leave one of the two runs without a test; that is no failure.
    chose = any(not argument.startswith("-") for argument in arguments)
    if process.returncode and not counts["failed"] and not (chose and process.returncode == NO_TESTS_COLLECTED):
        counts["failed"] += 1
        not_passed.append(f"the run itself ended with {process.returncode}")
    return counts, [f"{name} | {line}" for line in not_passed]


def _show(name, lines):
    """Print each line as it comes, and hand it on."""
    for line in lines:
        with _printing:
            print(f"{name:10} | {line}", end="", flush=True)
        yield line


def get_environment() -> dict[str, str]:
    """Return the environment of a run of pytest: settings of the tests, data of its own, bytecode kept."""
    left_out = ("DATABASE_URL", "DATA_DIR", "PYTHONDONTWRITEBYTECODE")
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    environment["DJANGO_SETTINGS_MODULE"] = "kecamatan_site.settings.test"
    environment.setdefault("PYTHONPYCACHEPREFIX", str(BYTECODE))
    return environment


def _count(report):
    """Return pytest's own report as three numbers, and who did not pass and why.

    An error in a fixture is a failed test.
    """
    counts, not_passed = Counter(), []
    if not report.exists():
        return counts, not_passed
    for suite in ElementTree.parse(report).iter("testsuite"):
        counts["skipped"] += int(suite.get("skipped"))
        counts["failed"] += int(suite.get("failures")) + int(suite.get("errors"))
        counts["passed"] += int(suite.get("tests")) - sum(int(suite.get(k)) for k in ("skipped", "failures", "errors"))
        for case in suite.iter("testcase"):
            errors = [error for outcome in ("failure", "error", "skipped") for error in case.iter(outcome)]
            not_passed += [f"{case.get('classname')}::{case.get('name')}: {_summarize(error)}" for error in errors]
    return counts, not_passed


def _summarize(error):
    """Return the assertion or exception of a test as one line, without the trace that led to it."""
    line = " ".join(error.get("message", "").split())
    return line if len(line) <= SHOWN_OF_ERROR else f"{line[:SHOWN_OF_ERROR]} …"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
