"""A repeated walk writes the same rows as the real steps, and only in an unchanged database."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests.support import factories
from tests.support.factories import Office
from tests.support.replay import replay

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


class Walked(Exception):
    """Raised when the real steps are taken."""


@pytest.fixture(autouse=True)
def _nothing_noted():
    replay.walks.clear()


@pytest.fixture
def no_step(monkeypatch):
    def refuse():
        def take(*arguments):
            raise Walked

        monkeypatch.setattr(factories, "take", take)

    return refuse


def read_all() -> dict:
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = cursor.fetchall()
    return rows


def live_through(state, before=lambda office: None):
    """Bring an item to the state in a transaction to roll back; return the content of the database."""
    with transaction.atomic():
        replay.begin()
        office = Office.open()
        before(office)
        item = office.bring_to(state)
        assert item.state == state
        assert office.staf1.groups.get().name == "Staf Sekretariat"
        rows = read_all()
        transaction.set_rollback(True)
    return rows


@pytest.mark.parametrize("state", ["composing", "verified", "done", "exempted"])
def test_a_repeated_walk_leaves_the_very_rows_of_the_steps(state, no_step):
    empty = read_all()
    first = live_through(state)
    assert first != empty
    no_step()
    assert live_through(state) == first


def test_a_further_state_goes_on_from_the_nearest(no_step):
    live_through("verified")
    no_step()
    live_through("composing")
    with pytest.raises(Walked):
        live_through("ordered")


@pytest.mark.parametrize(
    "before",
    [
        lambda office: Group.objects.create(name="Lain"),
        lambda office: office.sekretaris.save(),
        lambda office: office.issue("Perihal lain"),
        lambda office: office.issue(activity_place="Desa Lain"),
    ],
)
def test_after_anything_else_every_step_is_real(before, no_step):
    live_through("forwarded")
    no_step()
    with pytest.raises(Walked):
        live_through("forwarded", before)
