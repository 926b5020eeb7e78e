"""Delete what a backup, a proof, a restore or a move left behind when its process died: copies of the site's data."""

import contextlib
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string

#: How the names of their files and folders in DATA_DIR begin.
_NAMES = (".backup-*", ".prove-*", ".restore-*", ".move-*")
_SCHEMA = re.compile(r"prove_(\d+)_[a-z0-9]+")


def name_schema() -> str:
    """Return a new name for the schema of a proof; it says since when the schema is there."""
    return f"prove_{int(time.time())}_{get_random_string(8).lower()}"


def delete_leftovers(older_than: float) -> int:
    """Delete them where they are older than so many seconds; return how many there were."""
    oldest, count = time.time() - older_than, 0
    for path in _list_files():
        # A backup at work takes its own away meanwhile.
        with contextlib.suppress(FileNotFoundError):
            if path.lstat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                count += 1
    return count + _drop_schemas(oldest)


def _list_files() -> Iterator[Path]:
    for name in _NAMES:
        yield from Path(settings.DATA_DIR).glob(name)
    yield from Path(settings.BACKUP_DIR).glob("*.partial")


def _drop_schemas(oldest: float) -> int:
    if connection.vendor != "postgresql":
        return 0
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'prove!_%' ESCAPE '!'")
        for (name,) in cursor.fetchall():
            if (found := _SCHEMA.fullmatch(name)) and int(found[1]) < oldest:
                cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(name)} CASCADE")
                count += 1
    return count
