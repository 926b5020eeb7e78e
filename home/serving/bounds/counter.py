"""Counts requests in a small SQLite file that all processes of a machine share.

The site's database is not asked: a flood would become its load, and on SQLite each count would wait for the one
writer. django-ratelimit and allauth count in Django's cache, which here belongs to one process, and refuse or race on
the database cache; pyrate-limiter keeps a row a request. The algorithm is GCRA: a bucket is the moment at which it
will be empty again, so one statement counts and refuses.
"""

import contextlib
import hashlib
import logging
import os
import sqlite3
import threading
import time
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

_MAKE = "CREATE TABLE IF NOT EXISTS bucket (key BLOB PRIMARY KEY, empty_at REAL NOT NULL) WITHOUT ROWID"
# Half a step is for the rounding. A moment beyond what the bucket can hold was written before the clock was put back.
_COUNT = """
INSERT INTO bucket VALUES (:key, :now + :step)
ON CONFLICT (key) DO UPDATE
SET empty_at = :step + CASE WHEN empty_at BETWEEN :now AND :now + :room + 1 THEN empty_at ELSE :now END
WHERE empty_at NOT BETWEEN :now + :room - 0.5 * :step AND :now + :room + 1
RETURNING 1
"""
#: Requests of one thread after which the buckets that are empty are deleted.
_SWEEP_EVERY = 1000
#: Seconds that a request waits for another process's count.
_PATIENCE = 0.5
_local = threading.local()


def take(kind: str, subject: str, per_minute: int, burst: int) -> bool:
    """Count a request of ``subject`` and say whether it is within its bound.

    A request that cannot be counted (no space, a broken file) is let through: nginx counts too, and a full disk must
    not close the site.
    """
    if (file := settings.BOUNDS_FILE) is None:
        return True
    step = 60 / per_minute
    values = {"key": _hash(f"{kind} {subject}"), "now": time.time(), "step": step, "room": step * burst}
    try:
        return _open(file).execute(_COUNT, values).fetchone() is not None
    except sqlite3.OperationalError as error:
        logger.warning("A request was not counted: %s", error)
    except sqlite3.DatabaseError as error:
        logger.warning("The count of requests begins anew: %s", error)
        _delete(file)
    return True


def _hash(text: str) -> bytes:
    """Return the name of a bucket, which tells nobody the address."""
    return hashlib.blake2b(text.encode(), digest_size=12, key=settings.SECRET_KEY.encode()[:64]).digest()


def _open(file: Path) -> sqlite3.Connection:
    """Return this thread's connection; a process that was forked makes its own."""
    owner = (os.getpid(), file)
    if getattr(_local, "owner", None) != owner:
        connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        # A count lost at a power cut is no loss.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(_MAKE)
        _local.owner, _local.connection, _local.counted = owner, connection, 0
    if _local.counted % _SWEEP_EVERY == 0:
        _local.connection.execute("DELETE FROM bucket WHERE empty_at < ?", [time.time()])
    _local.counted += 1
    return _local.connection


def _delete(file: Path) -> None:
    _local.owner = None
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{file}{ending}").unlink()
