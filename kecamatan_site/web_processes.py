"""gunicorn's configuration: one process loads the site, and the processes that it forks share its memory.

Usage: gunicorn --config python:kecamatan_site.web_processes kecamatan_site.wsgi

With WORKER_WITH_WEB one of them is the worker; gunicorn replaces it where it ends, as it does web processes.

A reload (SIGHUP) starts that process anew in its place: it reads ``.env`` and the code again while the old web
processes go on answering, which end once a new one answers.
"""

import gc
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

#: What this process was started with, before the settings put the words of ``.env`` beside it.
_environment = dict(os.environ)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.production")

from django.conf import settings  # noqa: E402 - only now, for the environment above

from kecamatan_site.settings.env import SettingsMissing  # noqa: E402 - as above

try:
    bind, workers, timeout = settings.WEB_BIND, settings.WEB_WORKERS, settings.REQUEST_SECONDS
except SettingsMissing as error:
    sys.exit(str(error))
preload_app = True
# systemd alone tells gunicorn what to do; a socket of its own in the data folder would be one door more.
control_socket_disable = True

#: What asks gunicorn's first process to stop, beside SIGHUP, which asks it to reload.
_STOPS = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}
#: Seconds between two requests to end: a process that has just begun does not hear the first.
_AGAIN = 1
#: A reload does not change when the system says that the process began.
_began = time.clock_gettime(time.CLOCK_BOOTTIME)
#: While this file lies in DATA_DIR an upgrade is under way, and nothing may be posted (kecamatan_site/production).
_UPGRADING = "pemeliharaan"
_is_to_stop = False


def _list_children(pid: int) -> set[int]:
    """Return the processes that this one started, none where it has ended."""
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except (FileNotFoundError, ProcessLookupError):
        return set()


#: Children of a process that has only begun: the web processes of before a reload.
_before = _list_children(os.getpid()) if os.environ.get("GUNICORN_PID") == str(os.getpid()) else set()


def when_ready(server) -> None:
    """Load what the first request would, then let the collector leave alone what is shared with the forks."""
    from django.db import connections
    from django.urls import get_resolver

    from kecamatan_site.health import processes

    def stop(number, frame):
        global _is_to_stop
        _is_to_stop = True
        server.signal(number, frame)

    # Filled by the first question for an address.
    get_resolver().reverse_dict  # noqa: B018 - asking fills it
    processes.note_start(_began)
    # Beside the web processes, whether their number came from .env or from the command line.
    server.num_workers += settings.WORKER_WITH_WEB
    # Who ended while nobody listened.
    server.reap_workers()
    # A connection belongs to one process.
    connections.close_all()
    gc.collect()
    gc.freeze()
    for number in _STOPS:
        signal.signal(number, stop)
    # What came during a reload is heard now.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS | {signal.SIGHUP})


def pre_fork(server, worker) -> None:
    """Let the last that is missing be the worker, where none is."""
    is_last = len(server.WORKERS) == server.num_workers - 1
    worker.runs_jobs = (
        settings.WORKER_WITH_WEB and is_last and not any(each.runs_jobs for each in server.WORKERS.values())
    )


def post_worker_init(worker) -> None:
    """Follow what is committed, and end the web processes of before a reload now that this one answers."""
    from home.pagecache import updater
    from home.serving.frame_stack import with_room

    if worker.runs_jobs:
        worker.run = partial(_run_jobs, worker)
        return
    updater.start()
    worker.run = with_room(worker.run)
    if _before:
        threading.Thread(target=_end, args=(_before, os.getppid()), name="reload", daemon=True).start()


def _run_jobs(worker) -> None:
    """Run the worker's jobs until gunicorn asks to stop, or has ended."""
    from kecamatan_site.health import processes
    from moderation.ports import jobs

    processes.name_worker()
    for listener in worker.sockets:
        listener.close()
    stop = threading.Event()
    for number in _STOPS:
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_beat, args=(worker, stop), name="beat", daemon=True).start()
    while (settings.DATA_DIR / _UPGRADING).exists():
        if stop.wait(_AGAIN):
            return
    jobs.run_until(stop)


def _beat(worker, stop: threading.Event) -> None:
    """Tell gunicorn that this process lives, however long a job takes."""
    while True:
        worker.notify()
        if os.getppid() != worker.ppid:
            stop.set()
        time.sleep(_AGAIN)


def _end(processes: set[int], parent: int) -> None:
    """Let each finish what it answers, and kill what has not ended after the time that a request may take."""
    deadline = time.monotonic() + settings.REQUEST_SECONDS
    while left := processes & _list_children(parent):
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(_AGAIN)


def on_reload(server) -> None:
    """Become the same program with the same sockets and children; gunicorn's own reload keeps what was loaded."""
    # What comes from now on waits in the kernel until the new program is ready.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS | {signal.SIGHUP})
    if _is_to_stop:
        # As gunicorn's handler of SIGTERM does; becoming another program would forget it.
        raise StopIteration
    sockets = ",".join(str(listener.fileno()) for listener in server.LISTENERS)
    environment = _environment | {"GUNICORN_PID": str(os.getpid()), "GUNICORN_FD": sockets}
    command = [sys.executable, "-m", "gunicorn", *sys.argv[1:]]
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is meant
