"""Real worker processes, started and killed quickly: Django is loaded once, each worker is a fork.

As a program it is their parent: each line of its input is an order ("start", "kill 4711", "stop 4711"),
each line of its output the answer (the process's id, or how it ended).
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.load.killed import moments

BASE_DIR = Path(__file__).resolve().parents[3]


class Workers:
    """The parent of the worker processes; those still running at the end are killed."""

    def __init__(self, environment: dict, channels: dict):
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.load.killed.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=BASE_DIR,
            env=environment | {"LOAD_CHANNELS": json.dumps(channels)},
        )
        self.running: list[int] = []
        assert self._hear() == "ready"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for pid in list(self.running):
            self.kill(pid)
        self._parent.stdin.close()
        self._parent.wait(timeout=90)
        self._parent.stdout.close()

    def start(self, kind: str = "worker") -> int:
        """Start one worker, "watched" or not, or a "web" process, and return its process id."""
        pid = int(self._ask(f"start {kind}"))
        self.running.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        """Kill a worker with SIGKILL; when this returns it does nothing any more."""
        self.running.remove(pid)
        assert self._ask(f"kill {pid}") == f"signal {int(signal.SIGKILL)}"

    def prove(self, database: str) -> bool:
        """Say whether a copy of an SQLite database is whole."""
        return self._ask(f"prove {database}") == "exit 0"

    def stop(self, pid: int) -> str:
        """Ask a worker to end, and return how it did."""
        self.running.remove(pid)
        return self._ask(f"stop {pid}")

    def _ask(self, order: str) -> str:
        self._parent.stdin.write(f"{order}\n")
        self._parent.stdin.flush()
        return self._hear()

    def _hear(self) -> str:
        line = self._parent.stdout.readline().strip()
        assert line, "the parent of the workers ended"
        return line


def main() -> None:
    """Load Django, then obey."""
    import django

    django.setup()
    children = set()
    _say("ready")
    for line in sys.stdin:
        order, _space, pid = line.strip().partition(" ")
        if order == "start":
            child = _fork(_PROGRAMS[pid])
            children.add(child)
            _say(str(child))
        elif order == "prove":
            _, status = os.waitpid(_fork(partial(_prove, pid)), 0)
            _say(f"exit {os.waitstatus_to_exitcode(status)}")
        else:
            os.kill(int(pid), signal.SIGKILL if order == "kill" else signal.SIGTERM)
            _, status = os.waitpid(int(pid), 0)
            children.discard(int(pid))
            _say(f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}")
    # Whoever gave the orders is gone.
    for child in children:
        os.kill(child, signal.SIGKILL)
    # Nothing to clean up, and taking so many modules down takes long.
    os._exit(0)


def _work() -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", "worker"])


def _work_watched() -> None:
    moments.watch_worker(moments.Moments(moments.get_own_path()))
    _work()


def _serve() -> None:
    moments.serve(moments.Moments(moments.get_own_path()))


def _prove(database: str) -> None:
    """Open a copy of the database as whoever restores it does, and prove all of it."""
    from django.core.management import call_command
    from django.db import connection, connections

    connections.databases["default"]["NAME"] = connection.settings_dict["NAME"] = database
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
    call_command("verify_audit_log")


#: What a process that is started does.
_PROGRAMS = {"worker": _work, "watched": _work_watched, "web": _serve}


def _fork(program: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        # The orders are the parent's, and so are its answers.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        program()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
