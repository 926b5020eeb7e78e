"""The proof of many items costs a few statements for each part, which holds no lock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.management.jobs import integrity
from tests.bench.desk.proof import BEFORE, SHARE, kept_files
from tests.support.many import multiply_live_item

pytestmark = pytest.mark.django_db

FEW, MANY = 10, 200
#: Statements of a run over few items: each check of the whole office asks once, PostgreSQL's of more.
WHOLE = {"sqlite": 100, "postgresql": 107}


@pytest.fixture
def front_server():
    with kept_files() as keep:
        yield keep


def prove() -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        check = integrity.run_now()
    assert check.differences == []
    return [query["sql"] for query in queries]


def test_the_statements_for_an_item_and_the_locks(office, front_server):
    item = office.bring_to("live")
    multiply_live_item(item, FEW - 1)
    front_server()
    few = prove()
    multiply_live_item(item, MANY - FEW)
    front_server()
    many = prove()
    assert (len(many) - len(few)) / (MANY - FEW) <= BEFORE * SHARE
    assert len(few) <= WHOLE[connection.vendor]
    assert not any("FOR UPDATE" in statement for statement in many)
    # One savepoint: the end of the run, where nothing is compared any more.
    begin = [place for place, statement in enumerate(many) if statement.startswith("SAVEPOINT")]
    assert len(begin) == 1
    assert len(many) - begin[0] <= 4
