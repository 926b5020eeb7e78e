"""The queue and the admin's home: waiting items by role, and the number of queries."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.chain.deadlines import load_office
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, PublicationPermit, WorkTime
from moderation.records.queue import count_running, get_waiting_for
from tests.support.factories import WALK, make_user
from tests.support.many import multiply_item

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

#: Expected role for which an item waits in each state.
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
    counts = {step.code: count for step, count in count_running(load_office()).steps if count}
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
        patch.setattr("moderation.records.queue.timezone.now", lambda: later.astimezone(datetime.UTC))
        # The session of the day before has ended.
        assert "Waktu tayang terlewat" in look(log_in(office.staf1)).content.decode()


def test_finished_items_are_listed_last(office, log_in):
    item = office.issue("Rencana yang urung")
    take(item, "cancel", office.ppid, {"comment": "Ditunda."})
    response = look(log_in(office.pemantau))
    assert list(response.context["finished"]) == [item]


def test_the_home_counts_what_waits_and_drops_the_stock_panels(office, log_in):
    office.bring_to("awaiting_verification")
    page = log_in(office.bidang).get(reverse("wagtailadmin_home")).content.decode()
    assert "<strong>1</strong> harus diverifikasi" in page
    assert reverse("moderation:queue") in page
    for stock in ("workflow-objects-to-moderate", "locked-pages", "Awaiting your review", "guide.wagtail.org"):
        assert stock not in page


def test_pages_of_the_list_follow_each_other_without_overlap(office, log_in):
    multiply_item(office.issue(), 30)
    client = log_in(office.pemantau)
    first, second = look(client), look(client, p="2")
    seen = [*first.context["running"]["page"], *second.context["running"]["page"]]
    assert len(seen) == len(set(seen)) == 31


def test_every_step_of_the_walk_is_named_in_the_table_above():
    assert {state for state, *_rest in WALK} == set(WAITS_FOR) - {"done"}
    assert set(WAITS_FOR) - {"done"} <= set(sop.OPEN_STATES)


def switch_targets_on():
    settings = WorkTime.load()
    settings.targets_on = True
    settings.save()


def running(response):
    return set(response.context["running"]["page"])


def test_the_list_is_narrowed_by_state_lane_due_time_person_and_words(office, log_in):
    switch_targets_on()
    late, urgent, mine = (
        office.issue("Posyandu"),
        office.bring_to("awaiting_verification"),
        office.bring_to("composing"),
    )
    Disposition.objects.filter(pk=late.pk).update(step_since=timezone.now() - datetime.timedelta(days=20))
    Disposition.objects.filter(pk=urgent.pk).update(is_urgent=True)
    client = log_in(office.staf1)
    assert running(look(client)) == {late, urgent, mine}
    assert running(look(client, terlambat="on")) == {late}
    assert running(look(client, cepat="on")) == {urgent}
    assert running(look(client, saya="on")) == {mine}
    assert running(look(client, status="composing")) == {mine}
    assert running(look(client, q="posyandu")) == {late}
    assert running(look(client, q=urgent.register_number)) == {urgent}
    assert running(look(client, langkah="verification", cepat="on")) == {urgent}
    assert running(look(client, langkah="forwarding", cepat="on")) == set()
    assert "Lewat tenggat" in look(client).content.decode()
    assert "target internal, bukan ketentuan SOP" in look(client).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"status": "live", "langkah": "x", "p": "9999", "m": "-1"},
        {"q": "\x00'\"%_<script>", "status": "\x00"},
        {"q": "a" * 5000, "saya": "on", "cepat": "maybe", "terlambat": "on"},
    ],
)
def test_odd_filters_find_something_or_nothing_and_never_fail(office, log_in, query):
    office.issue()
    for name in ("pemantau", "sekretaris"):
        response = look(log_in(office.people[name]), **query)
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().split("</head>")[1].split("<nav")[-1]


def test_every_counter_of_the_home_leads_to_exactly_what_it_counts(office, log_in):
    switch_targets_on()
    items = [office.issue() for _state in sop.OPEN_STATES]
    for item, state in zip(items, sop.OPEN_STATES, strict=True):
        Disposition.objects.filter(pk=item.pk).update(state=state, assigned_to=office.staf1)
    Disposition.objects.filter(pk__in=[item.pk for item in items[:3]]).update(
        is_urgent=True, step_since=timezone.now() - datetime.timedelta(days=20)
    )
    client = log_in(office.sekretaris)
    home = client.get(reverse("wagtailadmin_home"))
    panel = next(panel for panel in home.context["panels"] if panel.name == "menunggu_anda")
    shown = panel.get_context_data({})
    counters = [*shown["waiting"], *shown["steps"], *shown["alerts"]]
    waiting = {task.label: task for task in shown["waiting"]}
    assert waiting["harus diteruskan"].address == items[sop.OPEN_STATES.index("disposed")].get_absolute_url()
    counters = [counter for counter in counters if counter.address not in {task.address for task in shown["waiting"]}]
    assert {"menunggu koreksi", "menunggu verifikasi", "menunggu perintah tayang", "lewat tenggat", "jalur cepat"} <= {
        counter.label for counter in counters
    }
    page = home.content.decode()
    for counter in counters:
        assert f"<strong>{counter.count}</strong> {counter.label}" in page
        found = client.get(counter.address.split("#")[0]).context["running"]["page"].paginator.count
        assert found == counter.count, counter.label
    assert {counter.count for counter in counters if counter.label in ("lewat tenggat", "jalur cepat")} == {3}


def test_without_targets_nothing_is_called_late(office, log_in):
    item = office.issue()
    Disposition.objects.filter(pk=item.pk).update(step_since=timezone.now() - datetime.timedelta(days=20))
    client = log_in(office.sekretaris)
    for address in (reverse("moderation:queue"), reverse("wagtailadmin_home"), item.get_absolute_url()):
        page = client.get(address).content.decode().lower()
        assert "tenggat" not in page, address
    switch_targets_on()
    assert "Lewat tenggat" in client.get(item.get_absolute_url()).content.decode()


def test_several_tasks_lead_to_the_queue_and_one_to_its_worksheet(office, log_in):
    one, *two = office.bring_to("verified"), office.issue(), office.issue()
    client = log_in(office.sekretaris)
    page = client.get(reverse("moderation:my_work")).content.decode()
    assert f'<a href="{one.get_absolute_url()}"><strong>1</strong> harus diperintahkan tayang</a>' in page
    assert "?status=disposed&amp;saya=on#sedang-berjalan" in page
    assert running(look(client, status="disposed", saya="on")) == set(two)


def test_several_dispositions_are_forwarded_and_received_at_once(office, log_in):
    items = [office.issue(f"Kegiatan {number}") for number in range(3)]
    client, address = log_in(office.sekretaris), reverse("moderation:several_steps")
    page = look(client).content.decode()
    assert page.count('form="beberapa"') == 3
    stale, gone = f"{items[2].pk}:99", "999999:0"
    chosen = [f"{item.pk}:{item.version}" for item in items[:2]]
    shown = client.post(address, {"state": "disposed", "disposed": [*chosen, stale, gone, "x:1", "1"]}, follow=True)
    page = shown.content.decode()
    assert "Disposisi diteruskan: 2." in page
    assert "“Kegiatan 2”" in page
    assert "Salah satu disposisi yang dipilih tidak ada." in page
    states = Disposition.objects.order_by("pk").values_list("state", flat=True)
    assert list(states.all()) == ["forwarded", "forwarded", "disposed"]
    chosen = [f"{item.pk}:{Disposition.objects.get(pk=item.pk).version}" for item in items[:2]]
    # Who may not is refused by the step itself, and no other step can be asked for.
    for person, state in (("staf1", "forwarded"), ("sekretariat", "verified"), ("sekretariat", "")):
        log_in(office.people[person]).post(address, {"state": state, "forwarded": chosen})
        assert list(states.all()) == ["forwarded", "forwarded", "disposed"]
    log_in(office.sekretariat).post(address, {"state": "forwarded", "forwarded": chosen})
    assert list(states.all()) == ["received", "received", "disposed"]
    lines = AuditEntry.objects.filter(action="receive").values_list("actor_name", "row")
    assert list(lines) == [(office.sekretariat.get_username(), 3)] * 2


def test_my_work_lists_what_waits_for_others_and_what_ended_this_month(office, log_in):
    mine, waiting, ended, old = (
        office.bring_to("verified"),
        office.bring_to("awaiting_verification"),
        office.issue(),
        office.issue(),
    )
    office.issue("Belum pernah dipegang")
    for item in (ended, old):
        take(item, "cancel", office.sekretaris, {"comment": "Ditunda."})
    Disposition.objects.filter(pk=old.pk).update(state_since=timezone.now() - datetime.timedelta(days=40))
    shown = log_in(office.sekretaris).get(reverse("moderation:my_work")).context
    assert list(shown["others"]["page"]) == [waiting]
    assert list(shown["finished"]["page"]) == [ended]
    assert {task.label for task in shown["tasks"]} == {"harus diperintahkan tayang", "harus diteruskan"}
    shown = log_in(office.staf1).get(reverse("moderation:my_work")).context
    assert set(shown["others"]["page"]) == {mine, waiting}
    assert log_in(make_user("orang")).get(reverse("moderation:my_work")).status_code == 302


def test_who_carries_out_steps_sees_what_runs_folded(office, log_in):
    office.issue()
    fold = '<details class="desk-section desk-fold" aria-labelledby="sedang-berjalan"'
    for name, is_open in (
        ("staf1", False),
        ("bidang", False),
        ("sekretaris", True),
        ("ppid", True),
        ("pemantau", True),
    ):
        page = look(log_in(office.people[name])).content.decode()
        assert (f"{fold} open>" in page, f"{fold}>" in page) == (is_open, not is_open), name
    assert f"{fold} open>" in look(log_in(office.staf1), langkah="forwarding").content.decode()


def test_the_one_who_issues_finds_the_button_also_while_something_waits(office, log_in):
    office.bring_to("awaiting_verification")
    Disposition.objects.update(state="held_exempt")
    client = log_in(office.ppid)
    for screen in ("moderation:queue", "wagtailadmin_home"):
        page = client.get(reverse(screen)).content.decode()
        assert reverse("moderation:disposition_add") in page.split("<main")[-1], screen
