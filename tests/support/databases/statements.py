"""Statements that no ORM would make, for the tests of the triggers."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


@contextmanager
def refused_by_trigger(message: str):
    """Expect the refusal of the one trigger that says so; a constraint's or another trigger's is a failure."""
    with pytest.raises(IntegrityError, match=message), _taken_back():
        yield


@contextmanager
def _taken_back():
    """Undo what was not refused, which would break the end of the test as well."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def execute(statement: str, *values) -> None:
    """Execute one statement past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def put_in_its_own_place(model) -> None:
    """Insert every row of the table once more under its key: SQLite's REPLACE asks no DELETE trigger."""
    assert model.objects.exists()
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    table = model._meta.db_table
    execute(f"{verb} INTO {table} SELECT * FROM {table}")
