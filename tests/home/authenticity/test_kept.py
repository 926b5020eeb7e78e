"""What a question finds kept in the process: it saves queries, and no verdict comes from it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.pagecache import generation
from moderation.chain.transitions import take

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]
LEAD = "Bantuan langsung tunai disalurkan kepada 52 keluarga di Desa Pendem tanpa potongan biaya apa pun."


@pytest.fixture
def item(office, settings, tmp_path):
    """A live item with this lead, on a machine that keeps what it read."""
    settings.PAGES_ROOT = tmp_path / "pages"
    item = office.bring_to("composing")
    office.write(item, title="Penyaluran BLT Dana Desa", lead=LEAD)
    item = office.bring_to("live", item)
    generation.take_over()
    return item


def ask(client, text):
    response = client.post(reverse("genuine"), {"text": text})
    return response.context["finding"].verdict, response.content.decode()


def test_a_second_question_asks_only_for_versions_and_posts(item, client):
    ask(client, LEAD)
    for text, verdict in ((LEAD, "asli"), (LEAD.replace("tanpa", "dengan"), "mirip")):
        with CaptureQueriesContext(connection) as queries:
            assert ask(client, text)[0] == verdict
        assert len(queries) == 4, [query["sql"][:120] for query in queries]


def test_a_verdict_is_of_this_moment_though_the_machine_has_not_caught_up(item, office, client):
    assert ask(client, LEAD)[0] == "asli"
    correction = office.bring_to("done", office.open_ralat(item, lead=LEAD.replace("52", "62")))
    assert ask(client, LEAD)[0] == "diralat"
    assert ask(client, LEAD.replace("52", "62"))[0] == "asli"
    take(correction, "take_down", office.sekretaris, {"comment": "Keliru."})
    verdict, html = ask(client, LEAD.replace("52", "62"))
    assert verdict == "diturunkan"
    assert "Penyaluran BLT" not in html


def test_what_is_shown_of_the_item_follows_it(item, office, client):
    ask(client, LEAD)
    office.bring_to("done", office.open_ralat(item, "Jumlah keluarga keliru.", lead=LEAD.replace("52", "62")))
    assert generation.catch_up() == 1
    verdict, html = ask(client, LEAD)
    assert verdict == "diralat"
    assert f"<p>{LEAD.replace('52', '62')}</p>" in html
    assert "Jumlah keluarga keliru." in html
