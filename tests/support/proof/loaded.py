"""A process that has loaded the project and forks for each run of pytest, with one piece taken away.

As a program it reads runs from its input and writes their outcome to its output, both pickled.
"""

import contextlib
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .plugin import REPORT
from .removal import BASE_DIR

#: The exit code of a fork whose piece only a process of its own can take away.
NOT_LIVE = 77


class Loaded:
    """The process, on one database; a context manager."""

    def __init__(self, environment: dict):
        command = [sys.executable, "-m", "tests.support.proof.loaded"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=BASE_DIR, env=environment, **pipes)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self._process.stdin.close()
        self._process.wait(timeout=90)
        self._process.stdout.close()

    def run(self, arguments: list[str], report: Path, name: str = "") -> str | None:
        """Run pytest and return what it printed; None where the piece cannot be taken away from what is loaded."""
        pickle.dump((arguments, str(report), name), self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)


def main() -> None:
    """Load the project, then run what is asked for until the input ends."""
    import django
    from django.conf import settings
    from django.urls import get_resolver

    inbox, outbox = (os.fdopen(os.dup(number), mode) for number, mode in ((0, "rb"), (1, "wb")))
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    django.setup()
    assert get_resolver().url_patterns
    with contextlib.suppress(EOFError):
        while True:
            _empty(Path(settings.DATA_DIR))
            pickle.dump(_run(*pickle.load(inbox)), outbox)
            outbox.flush()


def _empty(folder: Path) -> None:
    """Leave nothing of the run before."""
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _run(arguments, report, name) -> str | None:
    with tempfile.TemporaryFile("w+") as output:
        pid = os.fork()
        if pid == 0:
            _become(arguments, report, name, output.fileno())
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) == NOT_LIVE:
            return None
        output.seek(0)
        return output.read()


def _become(arguments, report, name, output) -> None:
    """Take the piece away and run pytest, in the forked process; never return."""
    code = 1
    try:
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ[REPORT] = report
        import pytest

        from . import live, plugin

        try:
            if name:
                plugin.take_away(name)
        except live.NotLive:
            code = NOT_LIVE
        else:
            code = pytest.main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
