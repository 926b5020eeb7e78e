"""How many queries each screen of the desk may ask, and which index answers where items are many."""

from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.records import queue
from tests.support.many import multiply_item

#: More than the page of Wagtail's list holds.
ROWS = 60


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(call) -> list[str]:
    """Return the statements of a request, once its process is warm."""
    call()
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.django_db
def test_the_explorer_asks_no_more_for_fifty_pages_than_for_one(office):
    item = office.bring_to("live")
    address = reverse("wagtailadmin_explore", args=[item.get_page().get_parent().pk])
    call = partial(sign_in(office.admin).get, address)
    few = ask(call)
    multiply_item(item, ROWS)
    many = ask(call)
    assert call().content.decode().count("/edit/") > 50
    assert len(many) == len(few) <= 30, many


@pytest.mark.django_db
def test_an_index_answers_what_the_queue_asks_of_ended_items(office):
    item = office.bring_to("live")
    multiply_item(item, 3_000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE moderation_disposition")
    assert "disposition_latest" in queue.get_finished()[:10].explain()
    assert "disposition_asked" in queue.get_waiting_for(office.bidang).explain()
