"""Targets: off by default, in working time, and described in words."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from moderation import sop
from moderation.chain import deadlines
from moderation.chain.transitions import take
from moderation.models import Disposition, Holiday, WorkTime
from tests.support.many import multiply_item

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]
WIB = ZoneInfo("Asia/Jakarta")


def at(day, clock):
    """Return a time in November 2026; the 23rd is a Monday."""
    hour, minute = map(int, clock.split("."))
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


@pytest.fixture
def switched_on(db):
    settings = WorkTime.load()
    settings.targets_on = True
    settings.save()
    return settings


def waiting(office, state, since, **fields):
    """Return an item that has been in a state since then, without its steps."""
    item = office.issue()
    fields = {"assigned_to": office.staf1, "state": state, "step_since": since} | fields
    Disposition.objects.filter(pk=item.pk).update(**fields)
    item.refresh_from_db()
    return item


@pytest.mark.db_agnostic
def test_without_the_offices_decision_nothing_is_due(office):
    item = waiting(office, "disposed", at(2, "08.00"))
    at_work = deadlines.load_office(at(23, "09.00"))
    assert deadlines.describe_due(item, at_work) == ""
    assert not deadlines.is_overdue(item, at_work)
    assert not Disposition.objects.filter(at_work.find_overdue()).exists()


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    ("state", "since", "now", "words"),
    [
        ("disposed", at(23, "13.30"), at(23, "13.45"), "Tenggat hari ini pukul 14.00 WIB"),
        ("disposed", at(20, "16.20"), at(20, "16.25"), "Tenggat Senin, 23 November 2026 pukul 07.50 WIB"),
        ("disposed", at(22, "20.00"), at(22, "21.00"), "Tenggat besok pukul 08.00 WIB"),
        ("disposed", at(23, "13.30"), at(23, "14.00"), "Tenggat hari ini pukul 14.00 WIB"),
        ("awaiting_verification", at(23, "07.45"), at(23, "13.00"), "Lewat tenggat 2 jam 15 menit (jam kerja)"),
        ("awaiting_verification", at(19, "15.00"), at(23, "07.45"), "Lewat tenggat 6 jam 45 menit (jam kerja)"),
        ("awaiting_verification", at(18, "15.00"), at(23, "07.45"), "Lewat tenggat 2 hari kerja"),
        # The weekend does not count, and the text says so.
        ("awaiting_verification", at(20, "14.30"), at(21, "09.00"), "Lewat tenggat sejak kemarin pukul 16.30 WIB"),
        ("awaiting_verification", at(20, "14.30"), at(23, "07.45"), "Lewat tenggat 15 menit (jam kerja)"),
    ],
)
def test_due_and_overdue_in_words(office, switched_on, state, since, now, words):
    item = waiting(office, state, since)
    at_work = deadlines.load_office(now)
    assert deadlines.describe_due(item, at_work) == words
    assert deadlines.is_overdue(item, at_work) is words.startswith("Lewat")


@pytest.mark.db_agnostic
def test_the_fast_lane_has_its_own_targets_and_does_not_wait_for_the_office(office, switched_on):
    item = waiting(office, "awaiting_verification", at(28, "22.00"), is_urgent=True)
    at_night = deadlines.load_office(at(28, "22.40"))
    assert deadlines.get_due(item, at_night) == at(28, "22.15")
    assert deadlines.describe_due(item, at_night) == "Lewat tenggat 25 menit (waktu berjalan)"

    switched_on.urgent_runs_always = False
    switched_on.save()
    assert deadlines.get_due(item, deadlines.load_office(at(28, "22.40"))) == at(30, "07.45")


@pytest.mark.db_agnostic
def test_holidays_and_chosen_targets_count(office, switched_on):
    item = waiting(office, "disposed", at(23, "15.50"))
    Holiday.objects.create(date=date(2026, 11, 24), name="Cuti bersama", is_joint_leave=True)
    assert deadlines.get_due(item, deadlines.load_office(at(23, "15.55"))) == at(25, "07.50")
    switched_on.targets = {"forwarding": [5, 5]}
    switched_on.save()
    assert deadlines.get_due(item, deadlines.load_office(at(23, "15.52"))) == at(23, "15.55")


@pytest.mark.db_agnostic
def test_every_state_in_which_somebody_is_waited_for_has_a_target():
    without = {state.code for state in sop.STATES if state.step is not None and deadlines.get_key(state.code) is None}
    assert without == {"scheduled"}
    labels = {deadlines.get_label(deadlines.get_key(code)) for code in sop.OPEN_STATES if code not in without}
    assert labels == {target.label for target in deadlines.TARGETS}


@pytest.mark.db_agnostic
def test_a_stay_begins_when_the_item_reaches_its_holder_and_not_when_he_opens_it(office):
    assigned = office.bring_to("assigned")
    composing = office.bring_to("composing", assigned)
    assert composing.step_since == assigned.step_since
    assert composing.state_since > assigned.state_since

    handed_over = office.bring_to("awaiting_correction", composing)
    assert handed_over.step_since == handed_over.state_since
    returned = take(handed_over, "return_to_staf", office.sekretaris, {"comment": "Lengkapi kutipan."})
    assert returned.step_since == returned.state_since > handed_over.step_since


@pytest.mark.db_agnostic
def test_another_staf_gets_the_whole_target(office):
    item = office.bring_to("composing")
    Disposition.objects.filter(pk=item.pk).update(step_since=at(2, "08.00"))
    item = take(item, "reassign", office.sekretariat, {"staf": office.staf2.pk, "comment": "Cuti."})
    assert item.state == "composing"
    assert item.step_since > at(2, "08.00")


def test_the_database_finds_exactly_what_is_overdue(office, switched_on):
    """The query agrees with each item's own due time, on both databases."""
    multiply_item(office.issue(), 300)
    chance, states = random.Random(11), [state.code for state in sop.STATES]
    Holiday.objects.create(date=date(2026, 11, 18), name="Hari libur")
    items = list(Disposition.objects.all())
    for item in items:
        item.state, item.is_urgent = chance.choice(states), chance.random() < 0.3
        minutes = chance.choice([1, 10, 100, 1000, 10_000]) * chance.random()
        item.step_since = at(23, "09.00") - timedelta(minutes=minutes)
    Disposition.objects.bulk_update(items, ["state", "is_urgent", "step_since"])

    for now in (at(23, "09.00"), at(22, "12.00"), at(23, "08.59") + timedelta(microseconds=1)):
        at_work = deadlines.load_office(now)
        expected = {item.pk for item in items if deadlines.is_overdue(item, at_work)}
        assert set(Disposition.objects.filter(at_work.find_overdue()).values_list("pk", flat=True)) == expected
        assert 0 < len(expected) < len(items)


@pytest.mark.db_agnostic
def test_items_on_the_edge_of_their_due_time(office, switched_on):
    item = waiting(office, "disposed", at(23, "13.30"))
    for moment, overdue in ((at(23, "14.00"), False), (at(23, "14.00") + timedelta(microseconds=1), True)):
        at_work = deadlines.load_office(moment)
        assert Disposition.objects.filter(at_work.find_overdue(), pk=item.pk).exists() is overdue
        assert deadlines.is_overdue(item, at_work) is overdue


@pytest.mark.db_agnostic
def test_the_clock_costs_two_queries_however_many_items(office, switched_on, django_assert_num_queries):
    items = [office.issue() for _number in range(5)]
    with django_assert_num_queries(2):
        at_work = deadlines.load_office()
        for item in items:
            deadlines.describe_due(item, at_work)


@pytest.mark.db_agnostic
def test_hours_that_cannot_be_are_refused(db):
    settings = WorkTime.load()
    settings.friday = "pagi sampai sore"
    with pytest.raises(ValidationError, match=r"07\.30"):
        settings.full_clean()
    for name in ("monday", "tuesday", "wednesday", "thursday", "friday"):
        setattr(settings, name, "")
    with pytest.raises(ValidationError, match="Sedikitnya satu hari"):
        settings.full_clean()
