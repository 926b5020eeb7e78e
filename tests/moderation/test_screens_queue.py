"""The queue and the admin's home: who sees what wait, and at what cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.models import Disposition, PublicationPermit
from moderation.queue import count_by_step, get_running, get_waiting_for
from moderation.transitions import take
from tests.factories import WALK, make_user
from tests.many import multiply_item

pytestmark = pytest.mark.django_db

#: Written by hand: for whom an item waits in each state.
WAITS_FOR = {
    "disposed": {"sekretaris", "sekretaris2"},
    "forwarded": {"sekretariat"},
    "received": {"sekretariat"},
    "assigned": {"staf1"},
    "composing": {"staf1"},
    "awaiting_correction": {"sekretaris", "sekretaris2"},
    "awaiting_verification": {"bidang", "bidang2"},
    "verified": {"sekretaris", "sekretaris2"},
    "ordered": {"staf1", "staf2"},
    "done": set(),
}


def look(client, **query):
    return client.get(reverse("moderation:queue"), query)


def test_an_item_waits_for_exactly_the_people_of_its_step(office):
    item = office.issue()
    for state in WAITS_FOR:
        item = office.bring_to("live" if state == "done" else state, item)
        found = {name for name, user in office.people.items() if item in get_waiting_for(user)}
        assert found == WAITS_FOR[state], state


def test_the_cards_say_since_when_in_which_round_and_why(office, log_in):
    item = office.bring_to("awaiting_verification")
    take(item, "return_to_sekretaris", office.bidang, {"comment": "Angka peserta tidak cocok."})

    page = look(log_in(office.sekretaris)).content.decode()
    assert "Menunggu Anda" in page
    assert "Putaran 2" in page
    assert "Angka peserta tidak cocok." in page
    assert "baru saja" in page
    assert "Dikembalikan kepada Sekretaris" in page
    assert item.get_absolute_url() in page


def test_everybody_of_the_desk_sees_what_runs_and_nobody_else(office, log_in):
    item = office.bring_to("verified")
    for name, user in office.people.items():
        response = look(log_in(user))
        assert response.status_code == 200, name
        assert item.subject in response.content.decode(), name
    stranger = make_user("tamu")
    assert look(log_in(stranger)).status_code == 302
    assert log_in(stranger).get(item.get_absolute_url()).status_code == 302


def test_the_observer_has_no_tasks_section(office, log_in):
    office.issue()
    assert "Menunggu Anda" not in look(log_in(office.pemantau)).content.decode()


def test_the_tabs_count_and_filter_by_step(office, log_in):
    at_correction, disposed = office.bring_to("awaiting_correction"), office.issue()
    counts = {step.code: count for step, count in count_by_step(get_running()) if count}
    assert counts == {"correction": 1, "forwarding": 1}

    response = look(log_in(office.pemantau), langkah="correction")
    assert list(response.context["running"]["page"]) == [at_correction]
    response = look(log_in(office.pemantau), langkah="tidak-ada")
    assert set(response.context["running"]["page"]) == {at_correction, disposed}


def test_a_missed_time_is_shown_in_words(office, log_in):
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    item = office.bring_to("ordered", go_live_at=tomorrow.strftime("%Y-%m-%dT%H:%M"))
    client = log_in(office.staf1)
    assert "Waktu tayang terlewat" not in look(client).content.decode()
    assert PublicationPermit.objects.get(disposition=item).go_live_at is not None

    later = tomorrow + datetime.timedelta(hours=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moderation.queue.timezone.now", lambda: later.astimezone(datetime.UTC))
        assert "Waktu tayang terlewat" in look(client).content.decode()


def test_finished_items_are_listed_last(office, log_in):
    item = office.issue("Rencana yang urung")
    take(item, "cancel", office.ppid, {"comment": "Ditunda."})
    response = look(log_in(office.pemantau))
    assert list(response.context["finished"]) == [item]


def test_the_home_counts_what_waits_and_drops_the_stock_panels(office, log_in):
    office.bring_to("awaiting_verification")
    page = log_in(office.bidang).get(reverse("wagtailadmin_home")).content.decode()
    assert "Menunggu verifikasi" in page
    assert reverse("moderation:queue") in page
    for stock in ("workflow-objects-to-moderate", "locked-pages", "Awaiting your review", "guide.wagtail.org"):
        assert stock not in page


@pytest.mark.parametrize("name", ["sekretaris", "pemantau"])
def test_the_queue_costs_the_same_with_ten_and_with_a_thousand_items(office, log_in, name):
    item = office.bring_to("awaiting_correction")
    multiply_item(item, 10)
    client = log_in(office.people[name])
    look(client)
    with CaptureQueriesContext(connection) as few:
        look(client)
        client.get(reverse("wagtailadmin_home"))
    multiply_item(item, 990)
    assert Disposition.objects.count() == 1001
    with CaptureQueriesContext(connection) as many:
        response = look(client)
        client.get(reverse("wagtailadmin_home"))
    assert len(many) == len(few)
    assert len(response.context["running"]["page"]) == 25


def test_pages_of_the_list_follow_each_other_without_overlap(office, log_in):
    multiply_item(office.issue(), 30)
    client = log_in(office.pemantau)
    first, second = look(client), look(client, p="2")
    seen = [*first.context["running"]["page"], *second.context["running"]["page"]]
    assert len(seen) == len(set(seen)) == 31


def test_every_step_of_the_walk_is_named_in_the_table_above():
    assert {state for state, *_rest in WALK} == set(WAITS_FOR) - {"done"}
    assert set(WAITS_FOR) - {"done"} <= set(sop.OPEN_STATES)
