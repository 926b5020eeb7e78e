"""Start programs of this project without loading Django each time: a process that has loaded it forks.

As a program it reads orders from its input and writes answers to its output, both pickled.
"""

import os
import pickle
import runpy
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class ForkServer:
    """A process that has loaded Django, with the settings that ``environment`` names."""

    def __init__(self, environment: dict):
        command = [sys.executable, "-m", "tests.support.fork_server"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=BASE_DIR, env=environment
        )

    def start(self, module: str, *arguments: str, log: Path, **settings) -> "Forked":
        """Run ``python -m module`` in a session of its own; ``settings`` differ, the output is added to ``log``."""
        return Forked(self, self.ask("start", module, arguments, log, settings))

    def ask(self, *order):
        """Give an order and return the answer."""
        pickle.dump(order, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)

    def close(self) -> None:
        """End; what was started must have ended."""
        self._process.stdin.close()
        self._process.wait(timeout=90)
        self._process.stdout.close()


@dataclass
class Forked:
    """A process of the fork server, with as much of ``subprocess.Popen`` as the tests use."""

    server: ForkServer
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal; None while the process runs."""
        if self.returncode is None:
            self.returncode = self.server.ask("poll", self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait for the end, at most ``timeout`` seconds, and return the exit code."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.02)
        return code


def main() -> None:
    """Load Django, then obey until the input ends."""
    _load()
    orders = {"start": _start, "poll": _poll}
    # Whoever is started must not read orders or write answers.
    inbox, outbox = (os.fdopen(os.dup(number), mode) for number, mode in ((0, "rb"), (1, "wb")))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    while True:
        try:
            name, *arguments = pickle.load(inbox)
        except EOFError:
            # Nothing to clean up, and taking so many modules down takes long.
            os._exit(0)
        pickle.dump(orders[name](*arguments), outbox)
        outbox.flush()


def _load() -> None:
    """Import what a web process needs before its first request, but open no connection and start no thread."""
    import gunicorn.app.wsgiapp
    import gunicorn.workers.gthread  # noqa: F401 - loaded here for the forks
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    get_wsgi_application()
    assert get_resolver().url_patterns


def _start(module, arguments, log, settings) -> int:
    pid = os.fork()
    if pid == 0:
        _run(module, arguments, log, settings)
    return pid


def _run(module, arguments, log, settings) -> None:
    """Become the program, in the forked process; never return."""
    code: object = 1
    try:
        os.setsid()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        from django import conf

        for name, value in settings.items():
            setattr(conf.settings, name, value)
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        if code:
            # Python prints it at an end of its own alone.
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)


def _poll(pid) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


if __name__ == "__main__":
    main()
