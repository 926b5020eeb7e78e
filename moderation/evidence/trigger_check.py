"""Compare what watches over the tables of the records in the database with what was installed.

Finds triggers that were dropped, disabled or emptied by hand; ``migrate`` restores them. Finds what nobody installed as
well: other triggers, and on PostgreSQL rules, row security and inherited tables, by which a row is changed, hidden or
added without any trigger of ours.
"""

from collections.abc import Callable

from wagtail.models import TaskState, WorkflowState

from moderation.models import SopTaskState

from .triggers import PREFIX, create_sql, get_triggers

#: Table and statements of each trigger by its name in the database.
Statements = dict[str, tuple[str, list[str]]]
_neighbours: list[Callable[[str], Statements]] = []
#: Tables that the proof reads, beside those of the triggers.
_READ = (TaskState, WorkflowState, SopTaskState)


def register_neighbours(list_statements: Callable[[str], Statements]) -> None:
    """Let the triggers of another app stand on the same tables; called from its ``AppConfig.ready``."""
    _neighbours.append(list_statements)


def find_altered(connection) -> list[str]:
    """Return the names of the triggers that are missing, switched off or altered."""
    expected = _list_expected(connection.vendor)
    find = _find_altered_on_sqlite if connection.vendor == "sqlite" else _find_altered_on_postgresql
    return [name.removeprefix(PREFIX) for name in find(connection, expected)]


def find_foreign(connection) -> list[str]:
    """Return what stands on the tables of the records and was not installed by us, one sentence each."""
    expected = _list_expected(connection.vendor)
    tables = sorted({table for table, _statements in expected.values()} | {model._meta.db_table for model in _READ})
    if connection.vendor == "sqlite":
        return _find_foreign_on_sqlite(connection, tables, set(expected))
    return _find_foreign_on_postgresql(connection, tables, {*expected, *(f"{name}_all" for name in expected)})


def _list_expected(vendor) -> Statements:
    own = {PREFIX + one.name: (one.table, create_sql(one, vendor)) for one in get_triggers(vendor)}
    for list_statements in _neighbours:
        own |= list_statements(vendor)
    return own


def _find_altered_on_sqlite(connection, expected) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        installed = dict(cursor.fetchall())
    return [name for name, (_table, statements) in expected.items() if installed.get(name) != statements[0]]


def _find_altered_on_postgresql(connection, expected) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, p.proname, p.prosrc FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE n.nspname = current_schema() AND t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal"
        )
        installed = {name: (table, function, source) for name, table, function, source in cursor.fetchall()}
    altered = []
    for name, (table, (function, *statements)) in expected.items():
        body = function.split("$$")[1]
        names = [name, f"{name}_all"][: len(statements)]
        if any(installed.get(found) != (table, name, body) for found in names):
            altered.append(name)
    return altered


def _find_foreign_on_sqlite(connection, tables, names) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return [
            _name("Pemicu", name, table) for name, table in cursor.fetchall() if table in tables and name not in names
        ]


#: What PostgreSQL may have on a table; each query takes the names of the tables and gives (name, table).
_IN_SCHEMA = "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relname = ANY(%s)"
_TRIGGERS = f"SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid {_IN_SCHEMA}"
_ON_POSTGRESQL = {
    "Aturan": f"SELECT r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class {_IN_SCHEMA}",
    "Kebijakan baris": "SELECT p.polname, c.relname FROM pg_policy p "
    f"JOIN pg_class c ON c.oid = p.polrelid {_IN_SCHEMA}",
    "Pembatasan baris": f"SELECT 'row security', c.relname FROM pg_class c {_IN_SCHEMA} "
    "AND (c.relrowsecurity OR c.relforcerowsecurity)",
    "Tabel turunan": "SELECT h.relname, c.relname FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid "
    f"JOIN pg_class c ON c.oid = i.inhparent {_IN_SCHEMA}",
    "Tabel induk": "SELECT h.relname, c.relname FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhparent "
    f"JOIN pg_class c ON c.oid = i.inhrelid {_IN_SCHEMA}",
    "Bukan tabel biasa": f"SELECT c.relkind::text, c.relname FROM pg_class c {_IN_SCHEMA} AND c.relkind <> 'r'",
}


def _find_foreign_on_postgresql(connection, tables, names) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        cursor.execute(f"{_TRIGGERS} AND NOT t.tgisinternal ORDER BY 1, 2", [tables])
        found += [_name("Pemicu", name, table) for name, table in cursor.fetchall() if name not in names]
        for what, query in _ON_POSTGRESQL.items():
            cursor.execute(f"{query} ORDER BY 1, 2", [tables])
            found += [_name(what, name, table) for name, table in cursor.fetchall()]
        cursor.execute("SHOW session_replication_role")
        role = cursor.fetchone()[0]
        if role != "origin":
            found.append(f"Pengaman basis data tidak dijalankan: session_replication_role adalah {role}.")
    return found


def _name(what: str, name: str, table: str) -> str:
    return f"{what} {name} pada tabel {table} tidak berasal dari aplikasi ini."
