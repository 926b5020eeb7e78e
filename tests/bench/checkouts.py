"""Ask this checkout and an older one the same, in turns: whatever else the machine does meets both."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
THIS, OLDER = "this", "older"


def read_options(about: str | None, *, rounds: int, quick: int) -> argparse.Namespace:
    """Return ``against`` and ``rounds`` from the command line; ``quick`` rounds where it says so."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("--against", type=Path, help="a checkout of an older build that shares this one's .venv")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true", help=f"{quick} rounds instead of {rounds}")
    options = parser.parse_args()
    options.rounds = options.rounds or (quick if options.quick else rounds)
    return options


def list_checkouts(against: Path | None) -> dict[str, Path]:
    """Return this checkout, and the older one where there is one."""
    return {THIS: BASE_DIR} | ({OLDER: against.resolve()} if against else {})


class Driver:
    """A process of tests/bench/drive.py in a checkout."""

    def __init__(self, module: str, path: Path, folder: Path, variables: Mapping[str, str]):
        command = [sys.executable, "-P", str(BASE_DIR / "tests" / "bench" / "drive.py"), module]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {
            "PYTHONPATH": str(path),
            "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test",
            "TEST_DATA_DIR": str(folder),
        }
        self._process = subprocess.Popen(
            command,
            cwd=path,
            env=environment | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> None:
        """Wait until it can answer."""
        self._read()

    def ask(self, word: str) -> dict:
        """Return what the module's function answers to this word."""
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return json.loads(self._read())

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()

    def _read(self) -> str:
        assert self._process.stdout
        if line := self._process.stdout.readline():
            return line
        raise SystemExit("A checkout broke off; its own words stand above.")


@contextmanager
def drive(
    module: str, against: Path | None, prepare: Callable[[str, Path, Path], Mapping[str, str]] | None = None
) -> Iterator[dict[str, Driver]]:
    """Start a driver for each checkout; ``prepare(name, path, folder)`` returns more variables of its environment."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        drivers = {}
        for name, path in list_checkouts(against).items():
            folder = scratch / name
            folder.mkdir()
            variables = prepare(name, path, folder) if prepare else {}
            drivers[name] = Driver(module, path, folder, variables)
            stack.callback(drivers[name].close)
        for driver in drivers.values():
            driver.wait()
        yield drivers


def take_turns(drivers: Mapping[str, Driver], words: list[str], rounds: int) -> dict[str, dict[str, list[dict]]]:
    """Return the answers by word and checkout; the checkouts begin in turns."""
    told: dict[str, dict[str, list[dict]]] = {word: {name: [] for name in drivers} for word in words}
    for turn in range(rounds):
        for word in words:
            for name in sorted(drivers, reverse=bool(turn % 2)):
                told[word][name].append(drivers[name].ask(word))
    return told


def compare(answers: Mapping[str, list[dict]], key: str) -> tuple[float, float | None]:
    """Return this checkout's median and its ratio to the older one's, None without one.

    The ratio is the median of each round's own: what slowed the machine then slowed both.
    """
    value = statistics.median(each[key] for each in answers[THIS])
    if OLDER not in answers:
        return value, None
    rounds = zip(answers[THIS], answers[OLDER], strict=True)
    return value, statistics.median(this[key] / older[key] for this, older in rounds)
