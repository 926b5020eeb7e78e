"""Wait for a commit that changed what a page shows, without asking the tables for it.

PostgreSQL says so on a channel (home/pagecache/triggers.py). SQLite counts the commits of other connections, which a
process reads without touching the disk.
"""

import threading
import time

from django.db import connection

#: The channel on which PostgreSQL says that a ``PageChange`` was committed.
CHANNEL = "page_change"
#: Seconds between two looks at SQLite's count, and between two at ``stop``.
PAUSE = 0.25


class Listener:
    """Listens over the connection of the thread that made it."""

    def __init__(self):
        #: The database connection that listens; a new one may have missed something.
        self._listening = None
        self._seen = None

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Return when something may have been committed, when ``seconds`` are over, or when ``stop`` is set.

        Raise django.db.Error where the connection broke.
        """
        has_changed = self._has_heard if connection.vendor == "postgresql" else self._has_counted
        deadline = time.monotonic() + seconds
        while not stop.is_set() and not has_changed() and time.monotonic() < deadline:
            pass

    def _has_heard(self) -> bool:
        connection.ensure_connection()
        if connection.connection is not self._listening:
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._listening = connection.connection
            return True
        with connection.wrap_database_errors:
            return any(True for _heard in self._listening.notifies(timeout=PAUSE, stop_after=1))

    def _has_counted(self) -> bool:
        time.sleep(PAUSE)
        before = self._seen
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            self._seen = cursor.fetchone()
        return before != self._seen
