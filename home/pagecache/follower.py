"""One thread of every web process stands by to follow; on each machine one of them does at a time."""

import fcntl
import itertools
import threading
import time

from django.conf import settings
from django.db import close_old_connections

from . import generation, store

EVERY_SECONDS = 0.1
#: Looking at the clock asks more of the database than looking for changes.
CLOCK_EVERY = 5


def start() -> None:
    """Begin with what this version of the program may keep, then follow for as long as the process lives."""
    if store.is_on():
        threading.Thread(target=_run, name="kept-pages", daemon=True).start()


def _run() -> None:
    generation.take_over_quietly()
    settings.PAGES_ROOT.mkdir(parents=True, exist_ok=True)
    with open(settings.PAGES_ROOT / "follower", "w") as handle:
        # Waits until whoever follows on this machine has ended; the system lets go for a process that died.
        fcntl.flock(handle, fcntl.LOCK_EX)
        for number in itertools.count():
            close_old_connections()
            generation.follow_quietly(look_at_clock=number % CLOCK_EVERY == 0)
            # Whoever dropped it, it is out of reach already, and nobody waits for its end.
            store.sweep()
            time.sleep(EVERY_SECONDS)
