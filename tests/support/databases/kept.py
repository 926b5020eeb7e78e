"""Puts the database back as it was before a test with real transactions: rows, keys, counters and triggers.

Django's own way (flush, then load what the migrations wrote) takes a second and the triggers refuse
it. SQLite copies its file over in ten milliseconds. A new PostgreSQL database takes half a second,
so there the rows come back from a schema of their own, past every trigger and constraint.
"""

import sqlite3

from django.db import connection
from django.test import TransactionTestCase

from moderation.evidence import triggers

_TABLES = """
SELECT relname AS name, string_agg(format('%I', attname), ', ') AS columns
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname
"""
_KEEP = f"""
DO $$ DECLARE kept record; BEGIN
    CREATE SCHEMA kept;
    CREATE TABLE kept._counters AS SELECT format('%I.%I', schemaname, sequencename) AS name,
        coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS was_used
        FROM pg_sequences WHERE schemaname = 'public';
    FOR kept IN {_TABLES} LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', kept.name, kept.name);
    END LOOP;
END $$
"""
_RESTORE = f"""
DO $$ DECLARE kept record; BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '30s';
    FOR kept IN {_TABLES} LOOP
        EXECUTE format('DELETE FROM public.%I', kept.name);
        EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM kept.%1$I',
            kept.name, kept.columns);
    END LOOP;
    PERFORM setval(name::regclass, value, was_used) FROM kept._counters;
END $$
"""
_TRIGGERS = """
SELECT tgrelid, tgname, tgenabled, md5(prosrc) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE NOT tgisinternal ORDER BY 1, 2
"""


class KeptDatabase:
    """The database of this process's tests as the migrations left it."""

    def __init__(self):
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._triggers = []

    def keep(self) -> None:
        """Copy the database; every later ``restore`` leads back to it."""
        if connection.vendor == "sqlite":
            connection.close()
            _copy(sqlite3.connect(connection.settings_dict["NAME"]), self._copy).close()
        else:
            self._triggers = _fetch(_TRIGGERS)
            _execute(_KEEP)

    def restore(self) -> None:
        """Put back what was kept."""
        if connection.vendor == "sqlite":
            connection.close()
            target = sqlite3.connect(connection.settings_dict["NAME"])
            target.execute("PRAGMA synchronous=OFF")
            _copy(self._copy, target)
            target.close()
        else:
            _execute(_RESTORE)
            if _fetch(_TRIGGERS) != self._triggers:
                triggers.install_all()


def restore_instead_of_flush(patch, kept: KeptDatabase) -> None:
    """Let Django's test case with real transactions end with ``restore``."""
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: kept.restore())


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> sqlite3.Connection:
    source.backup(target)
    return source


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _fetch(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
