"""Compare the triggers in the database with the ones that were installed.

Finds triggers that were dropped, disabled or emptied by hand; ``migrate`` restores them, and the
nightly run reports them.
"""

from .triggers import PREFIX, create_sql, get_triggers


def find_altered(connection) -> list[str]:
    """Return the names of the triggers that are missing, switched off or altered."""
    expected = get_triggers(connection.vendor)
    if connection.vendor == "sqlite":
        return _find_altered_on_sqlite(connection, expected)
    return _find_altered_on_postgresql(connection, expected)


def _find_altered_on_sqlite(connection, expected) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [PREFIX + "%"])
        installed = dict(cursor.fetchall())
    return [
        trigger.name for trigger in expected if installed.get(PREFIX + trigger.name) != create_sql(trigger, "sqlite")[0]
    ]


def _find_altered_on_postgresql(connection, expected) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, p.proname, p.prosrc FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE n.nspname = current_schema() AND t.tgenabled IN ('O', 'A') AND t.tgname LIKE %s",
            [PREFIX + "%"],
        )
        installed = {name: (table, function, source) for name, table, function, source in cursor.fetchall()}
    altered = []
    for trigger in expected:
        name = PREFIX + trigger.name
        function, *statements = create_sql(trigger, "postgresql")
        body = function.split("$$")[1]
        names = [name, f"{name}_all"][: len(statements)]
        if any(installed.get(found) != (trigger.table, name, body) for found in names):
            altered.append(trigger.name)
    return altered
