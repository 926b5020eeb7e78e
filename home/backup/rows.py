"""Reads the rows of one moment, and puts rows back."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, transaction

from .values import find_kind, make_comparable, pack, unpack

#: Made from other rows, or of no worth elsewhere: sessions, the search's indexes, the notes of kept pages, the
#: heartbeats of workers.
DERIVED_APPS = {"sessions", "usersessions", "wagtailsearch", "site_search", "pagecache", "health"}
#: Rows that go into the database at once.
_BATCH = 500
_MODULUS = 2**256


@dataclass(frozen=True)
class Table:
    """A table: its columns, what each holds, and the column that numbers its rows, "" for none."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: str


@dataclass
class Tally:
    """How many rows a table has and their sum as numbers of SHA-256, whatever their order."""

    count: int = 0
    total: int = 0
    kinds: tuple[str, ...] = field(default=(), repr=False)

    def add(self, row: list) -> None:
        digest = hashlib.sha256(make_comparable(row, list(self.kinds)).encode()).digest()
        self.count, self.total = self.count + 1, (self.total + int.from_bytes(digest)) % _MODULUS

    def describe(self) -> str:
        return f"{self.count}:{self.total:064x}"


def list_tables() -> list[Table]:
    """Return the tables whose rows are backed up."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in DERIVED_APPS
    ]
    return sorted(map(_describe, models), key=lambda table: table.name)


def _describe(model) -> Table:
    fields = model._meta.local_concrete_fields
    numbered = model._meta.auto_field
    return Table(
        model._meta.db_table,
        tuple(each.column for each in fields),
        tuple(find_kind(each) for each in fields),
        numbered.column if numbered is not None and numbered in fields else "",
    )


class Snapshot:
    """All rows as they were at one moment; whoever writes meanwhile is not held up."""

    def __init__(self, execute):
        self._execute = execute

    def read(self, table: Table) -> Iterator[list]:
        """Yield the packed rows of a table."""
        names = ", ".join(map(_quote, table.columns))
        for row in self._execute(f"SELECT {names} FROM {_quote(table.name)}"):
            yield [pack(value, kind) for value, kind in zip(row, table.kinds, strict=True)]

    def list_migrations(self) -> list[list[str]]:
        """Return the applied migrations."""
        return sorted([app, name] for app, name in self._execute("SELECT app, name FROM django_migrations"))

    def read_counters(self, tables: Iterable[Table]) -> dict[str, int]:
        """Return the highest number that each table ever gave: a number of a deleted row is not given again."""
        numbered = {table.name: table.key for table in tables if table.key}
        if connection.vendor == "sqlite":
            found = dict(self._execute("SELECT name, seq FROM sqlite_sequence"))
            return {name: found[name] for name in numbered if name in found}
        counters = {}
        for name, key in numbered.items():
            [[sequence]] = self._execute(f"SELECT pg_get_serial_sequence('{_quote(name)}', '{key}')")
            [[last, is_given]] = self._execute(f"SELECT last_value, is_called FROM {sequence}")
            [[highest]] = self._execute(f"SELECT max({_quote(key)}) FROM {_quote(name)}")
            # A row whose number was named asks no sequence; SQLite counts it.
            if is_given or highest is not None:
                counters[name] = max(last if is_given else 0, highest or 0)
        return counters


@contextlib.contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Hold the rows of this moment until the block ends."""
    if connection.vendor == "sqlite":
        # Django's own connection begins with the lock for writing.
        own = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True, isolation_level=None)
        try:
            own.execute("BEGIN")
            own.execute("SELECT count(*) FROM django_migrations").fetchall()
            yield Snapshot(own.execute)
        finally:
            own.close()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # PostgreSQL's moment is that of the first query.
        cursor.execute("SELECT count(*) FROM django_migrations")
        yield Snapshot(_execute_in_pieces)


def _execute_in_pieces(query: str) -> Iterator[tuple]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_BATCH):
            yield from rows


@contextlib.contextmanager
def emptied() -> Iterator[None]:
    """Take every row and every guard of the database away; put the guards back when the block ends, or nothing.

    One transaction: whatever fails leaves the database as it was.
    """
    names = [name for name in connection.introspection.django_table_names(only_existing=True) if not _is_kept(name)]
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                with _without_triggers(cursor):
                    for name in names:
                        cursor.execute(f"DELETE FROM {_quote(name)}")
                        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                    yield
                connection.check_constraints()
                return
            for name in names:
                cursor.execute(f"ALTER TABLE {_quote(name)} DISABLE TRIGGER USER")
            cursor.execute(f"TRUNCATE {', '.join(map(_quote, names))} RESTART IDENTITY")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in names:
                cursor.execute(f"ALTER TABLE {_quote(name)} ENABLE TRIGGER USER")
    finally:
        connection.enable_constraint_checking()


def _is_kept(name: str) -> bool:
    """Return whether a table belongs to this machine: the notes of kept pages only go forward."""
    return name.startswith("pagecache_")


@contextlib.contextmanager
def _without_triggers(cursor) -> Iterator[None]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {_quote(name)}")
    yield
    for _name, sql in triggers:
        cursor.execute(sql)


def put(table: Table, rows: Iterable[list]) -> None:
    """Insert packed rows, with their numbers."""
    names = ", ".join(map(_quote, table.columns))
    places = ", ".join(["%s"] * len(table.columns))
    statement = f"INSERT INTO {_quote(table.name)} ({names}) VALUES ({places})"
    waiting: list[list] = []
    with connection.cursor() as cursor:
        for row in rows:
            waiting.append([unpack(value, kind, connection) for value, kind in zip(row, table.kinds, strict=True)])
            if len(waiting) == _BATCH:
                cursor.executemany(statement, waiting)
                waiting = []
        if waiting:
            cursor.executemany(statement, waiting)


def set_counters(counters: dict[str, int], tables: Iterable[Table]) -> None:
    """Let each table go on numbering where it was."""
    with connection.cursor() as cursor:
        for table in tables:
            last = counters.get(table.name)
            if not table.key or last is None:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table.name, table.key, last])


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
