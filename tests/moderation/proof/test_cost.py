"""The proof of many items costs a few statements for each part, which holds no lock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.served import items, lists
from home.served.fetching import Answer
from moderation.management.jobs import integrity
from moderation.models import PublicationPermit
from moderation.ports.seal import shorten
from news.models import NewsPage
from tests.support.many import multiply_live_item

pytestmark = pytest.mark.django_db

#: Statements for each live item of a plain text before the proof looked both ways, and the share that is allowed.
BEFORE, SHARE = 6.5, 0.25
FEW, MANY = 10, 200
#: Statements of a run over few items: each check of the whole office asks once, PostgreSQL's of more.
WHOLE = {"sqlite": 98, "postgresql": 105}


@pytest.fixture
def front_server(monkeypatch):
    """Let a front server answer with everything that the proof looks for, as it does from its kept files."""

    def answer(path) -> Answer:
        if path.startswith("/sitemap-"):
            return Answer(404)
        return Answer(200, page[0])

    page = [b""]
    for module in (items, lists):
        monkeypatch.setattr(module, "fetch", answer)

    def keep() -> None:
        seals = map(shorten, PublicationPermit.objects.values_list("seal", flat=True))
        paths = [lists._write_path(path) for path in NewsPage.objects.values_list("url_path", flat=True)]
        links = [f'<a href="{path}"></a><loc>{path}</loc>' for path in paths]
        page[0] = " ".join([*seals, *links]).encode()

    return keep


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
