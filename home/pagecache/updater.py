"""A thread of every web process that brings the machine's folder up to date; one a machine works at a time."""

import fcntl
import itertools
import threading
import time

from django.conf import settings
from django.db import close_old_connections

from . import generation, store

EVERY_SECONDS = 0.1
#: Check the clock in every fifth round: it costs more queries than looking for changes.
CLOCK_EVERY = 5


def start() -> None:
    """Start the thread, where pages are kept."""
    if store.is_on():
        threading.Thread(target=_run, name="kept-pages", daemon=True).start()


def _run() -> None:
    generation.take_over_quietly()
    settings.PAGES_ROOT.mkdir(parents=True, exist_ok=True)
    with (settings.PAGES_ROOT / "updater").open("w") as handle:
        # Blocks while another process of this machine holds the lock; the system releases it when a process dies.
        fcntl.flock(handle, fcntl.LOCK_EX)
        for number in itertools.count():
            close_old_connections()
            generation.catch_up_quietly(look_at_clock=number % CLOCK_EVERY == 0)
            # Also delete what other processes dropped.
            store.sweep()
            time.sleep(EVERY_SECONDS)
