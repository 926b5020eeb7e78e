"""Whether this process can serve: the database answers and has the tables of this version."""

import functools
import importlib.util
import pkgutil
import threading
import time

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

#: Seconds for which one look holds: however many ask, the database is asked this often.
HOLDS = 2.0
NO_DATABASE, BEHIND = "basis data tidak menjawab", "migrasi belum dijalankan"
_lock = threading.Lock()
_last: tuple[float, str] | None = None


def find_unready() -> str:
    """Return why this process cannot serve, "" where it can; looked at anew after ``HOLDS`` seconds."""
    global _last
    with _lock:
        if _last is None or time.monotonic() - _last[0] > HOLDS:
            _last = (time.monotonic(), _look())
        return _last[1]


def _look() -> str:
    try:
        return BEHIND if list_unapplied() else ""
    except DatabaseError:
        return NO_DATABASE


def list_unapplied() -> list[str]:
    """Return the migrations of this version that the database does not have, as app.name; one or two statements."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [f"{app}.{name}" for app, name in _list_migrations() if (app, name) not in applied]


@functools.cache
def _list_migrations() -> tuple[tuple[str, str], ...]:
    """Return the names of the migrations on the disk; imports none of them, which would cost each process 15 MB."""
    found = []
    for label in (config.label for config in apps.get_app_configs()):
        name, _is_chosen = MigrationLoader.migrations_module(label)
        if name is None or importlib.util.find_spec(name) is None:
            continue
        modules = pkgutil.iter_modules(importlib.import_module(name).__path__)
        found += [(label, module.name) for module in modules if module.name[0] not in "_~"]
    return tuple(sorted(found))
