"""The full-text index of each database over the same stems: FTS5 of SQLite, tsvector of PostgreSQL.

Both are kept by the database itself and made after every ``migrate``: a migration that rebuilds the
table would take SQLite's triggers with it.
"""

from django.db import connections

from .models import Entry

TABLE = Entry._meta.db_table
FTS = f"{TABLE}_fts"
_COLUMNS = ("title_stems", "text_stems", "facets")
#: Begins the stems of a title on PostgreSQL; no stem holds this sign.
TITLE_MARK = "="


def install(using="default", **kwargs) -> None:
    """Make the index where it is missing, and fill it."""
    connection = connections[using]
    statements = _get_sqlite(connection) if connection.vendor == "sqlite" else _get_postgresql()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _get_sqlite(connection) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name IN (%s, %s)", [FTS, f"{FTS}_insert"])
        found = {name for (name,) in cursor.fetchall()}
    if found == {FTS, f"{FTS}_insert"}:
        return []
    names = ", ".join(_COLUMNS)
    old, new = (", ".join(f"{row}.{name}" for name in _COLUMNS) for row in ("OLD", "NEW"))
    add = f"INSERT INTO {FTS} (rowid, {names}) VALUES (NEW.id, {new})"
    # An index without its own copy of the text has to be told what it held.
    remove = f"INSERT INTO {FTS} ({FTS}, rowid, {names}) VALUES ('delete', OLD.id, {old})"
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5({names}, content='{TABLE}', content_rowid='id', "
        "detail='column', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")",
        *(f"DROP TRIGGER IF EXISTS {FTS}_{event}" for event in ("insert", "delete", "update")),
        f"CREATE TRIGGER {FTS}_insert AFTER INSERT ON {TABLE} BEGIN {add}; END",
        f"CREATE TRIGGER {FTS}_delete AFTER DELETE ON {TABLE} BEGIN {remove}; END",
        f"CREATE TRIGGER {FTS}_update AFTER UPDATE ON {TABLE} BEGIN {remove}; {add}; END",
        f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')",
    ]


def _get_postgresql() -> list[str]:
    # Stems without a position carry no weight, so those of the title stand a second time under a mark of their own.
    marked = f"regexp_replace(title_stems, '([^ ]+)', '{TITLE_MARK}\\1', 'g')"
    together = " || ' ' || ".join((*_COLUMNS, marked))
    return [
        f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS stems tsvector GENERATED ALWAYS AS "
        f"(array_to_tsvector(array_remove(string_to_array({together}, ' '), ''))) STORED",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_stems ON {TABLE} USING gin (stems)",
    ]
