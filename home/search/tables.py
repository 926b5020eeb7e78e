"""Full-text indexes over the same stems: FTS5 on SQLite, tsvector on PostgreSQL.

The database maintains them. They are created after every ``migrate``: SQLite drops triggers when a migration
rebuilds a table.
"""

from dataclasses import dataclass

from django.db import connections

from .models import Entry

#: Prefix of title stems on PostgreSQL; no stem contains it.
TITLE_MARK = "="


@dataclass(frozen=True)
class Index:
    """Full-text index of one table; the stems of column ``marked`` are indexed a second time, with ``TITLE_MARK``."""

    table: str
    key: str
    columns: tuple[str, ...]
    marked: str = ""

    @property
    def fts(self) -> str:
        """Name of SQLite's virtual table."""
        return f"{self.table}_fts"


ENTRIES = Index(Entry._meta.db_table, "id", ("title_stems", "text_stems", "facets"), marked="title_stems")


def install(using="default", **kwargs) -> None:
    """Create the search's index if it is missing, and fill it."""
    install_one(connections[using], ENTRIES)


def install_one(connection, index: Index) -> None:
    """Create an index if it is missing, and fill it."""
    statements = _get_sqlite(connection, index) if connection.vendor == "sqlite" else _get_postgresql(index)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _get_sqlite(connection, index) -> list[str]:
    table, fts = index.table, index.fts
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name IN (%s, %s)", [fts, f"{fts}_insert"])
        found = {name for (name,) in cursor.fetchall()}
    if found == {fts, f"{fts}_insert"}:
        return []
    names = ", ".join(index.columns)
    old, new = (", ".join(f"{row}.{name}" for name in index.columns) for row in ("OLD", "NEW"))
    add = f"INSERT INTO {fts} (rowid, {names}) VALUES (NEW.{index.key}, {new})"
    # An external-content FTS5 table needs the old values to delete a row.
    remove = f"INSERT INTO {fts} ({fts}, rowid, {names}) VALUES ('delete', OLD.{index.key}, {old})"
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {fts} USING fts5({names}, content='{table}', content_rowid='{index.key}', "
        "detail='column', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
        *(f"DROP TRIGGER IF EXISTS {fts}_{event}" for event in ("insert", "delete", "update")),
        f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {add}; END",
        f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {remove}; END",
        f"CREATE TRIGGER {fts}_update AFTER UPDATE ON {table} BEGIN {remove}; {add}; END",
        f"INSERT INTO {fts} ({fts}) VALUES ('rebuild')",
    ]


def _get_postgresql(index) -> list[str]:
    parts = list(index.columns)
    if index.marked:
        # Stems without positions carry no weight: title stems are indexed again with their mark.
        parts.append(f"regexp_replace({index.marked}, '([^ ]+)', '{TITLE_MARK}\\1', 'g')")
    together = " || ' ' || ".join(parts)
    return [
        f"ALTER TABLE {index.table} ADD COLUMN IF NOT EXISTS stems tsvector GENERATED ALWAYS AS "
        f"(array_to_tsvector(array_remove(string_to_array({together}, ' '), ''))) STORED",
        f"CREATE INDEX IF NOT EXISTS {index.table}_stems ON {index.table} USING gin (stems)",
    ]
