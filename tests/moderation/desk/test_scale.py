"""Queue and home need as few queries with a thousand open items as with a few, for every role.

Their times with 50 and with 5,000 are printed by ``make bench-desk``.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log

from moderation.models import Disposition, Holiday, WorkTime
from tests.bench.desk.screens import PEOPLE, STATES
from tests.support.many import multiply_open_items

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]
MOST_QUERIES = 20


def count_queries(clients) -> dict:
    """Return the number of queries of each screen for each person, after a first request."""
    counted = {}
    for screen in ("moderation:queue", "wagtailadmin_home"):
        for name, client in clients.items():
            client.get(reverse(screen))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(screen)).status_code == 200
            counted[screen, name] = len(queries)
    return counted


def test_queue_and_home_cost_at_most_twenty_queries_however_many_items(office):
    WorkTime.objects.update_or_create(pk=WorkTime.load().pk, defaults={"targets_on": True})
    Holiday.objects.create(date="2026-12-25", name="Hari Raya Natal")
    items = [office.bring_to(state) for state in STATES]
    multiply_open_items(items, 30)
    clients = {}
    for name in PEOPLE:
        clients[name] = Client()
        clients[name].force_login(office.people[name])
        # Wagtail's home lists each user's recent edits.
        for item in items:
            if item.page_id:
                log(item.get_page(), "wagtail.edit", user=office.people[name])
    few = count_queries(clients)
    multiply_open_items(items, 1_000)
    assert Disposition.objects.open().count() == 1_039
    many = count_queries(clients)
    assert len(clients["pemantau"].get(reverse("moderation:queue")).context["running"]["page"]) == 25
    assert many == few
    assert max(many.values()) <= MOST_QUERIES, many


def test_every_list_of_the_desk_has_pages(office, log_in):
    """No screen lists a thousand rows on one page."""
    multiply_open_items([office.bring_to(state) for state in STATES], 120)
    client = log_in(office.sekretaris)
    for screen, query in (
        ("moderation:queue", {}),
        ("moderation:queue", {"langkah": "correction"}),
        ("moderation:queue", {"q": "kerja"}),
        ("moderation:disposition_list", {}),
        ("moderation:register", {}),
        ("moderation:audit_log", {}),
        ("moderation:calendar", {"bulan": "2026-09"}),
        ("moderation:calendar", {"bulan": "2026-09", "tampilan": "daftar"}),
    ):
        page = client.get(reverse(screen), query).content.decode()
        assert page.count("<tr") <= 90, (screen, query)
        assert page.count("UJI") <= 100, (screen, query)
