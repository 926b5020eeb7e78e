"""Bring the machine's folder up to date as soon as something is committed; one process a machine works at a time."""

import contextlib
import fcntl
import threading
import time
from datetime import datetime

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from . import clock_changes, generation, store
from .listening import Listener

#: Seconds after which a change is looked for that nobody announced.
NET_SECONDS = 5
#: Seconds between two tries to become the process that works, and after an error.
PAUSE = 0.2


def start() -> None:
    """Start the thread of a web process, where pages are kept."""
    if store.is_on():
        threading.Thread(target=_take_over_and_run, name="kept-pages", daemon=True).start()


def _take_over_and_run() -> None:
    while generation.is_frozen():
        time.sleep(PAUSE)
    generation.take_over_quietly()
    run(threading.Event())


def run(stop: threading.Event) -> None:
    """Follow every change until ``stop`` is set; a service of the worker."""
    if not store.is_on():
        stop.wait()
        return
    with _only_one(stop):
        follower = Follower()
        while not stop.is_set():
            follower.step(stop)
    connection.close()


@contextlib.contextmanager
def _only_one(stop: threading.Event):
    """Wait until no other process of this machine follows; the system lets go for one that dies."""
    settings.PAGES_ROOT.mkdir(parents=True, exist_ok=True)
    with (settings.PAGES_ROOT / "updater").open("w") as handle:
        while not stop.is_set():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stop.wait(PAUSE)
        yield


class Follower:
    """Catches up, then waits for the next commit or for the next change by the clock."""

    def __init__(self):
        self._listener = Listener()
        #: The generation for which the next change by the clock is known, and that moment.
        self._known: tuple[int, datetime] | None = None

    def step(self, stop: threading.Event) -> None:
        """Catch up once and wait; after an error with a new connection."""
        try:
            moment = self._get_next_moment()
            generation.catch_up(look_at_clock=moment <= timezone.now())
            # Also delete what other processes dropped.
            store.sweep()
            wait = (self._get_next_moment() - timezone.now()).total_seconds()
            self._listener.wait(min(max(wait, 0), NET_SECONDS), stop)
        except (Error, OSError):
            generation.logger.exception("The kept pages could not be brought up to date")
            connection.close()
            stop.wait(PAUSE)

    def _get_next_moment(self) -> datetime:
        """Return when the clock changes a page next, by what was public in the folder's generation."""
        number = store.read_state().number
        if self._known is None or self._known[0] != number or self._known[1] <= timezone.now():
            self._known = (number, clock_changes.find_next(generation.get_settled_at()))
        return self._known[1]
