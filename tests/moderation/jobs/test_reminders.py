"""Reminders: to the holder only, never twice, with any number of workers."""

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction

from moderation.chain.transitions import take
from moderation.management.jobs.reminders import BATCH, send_reminders
from moderation.models import Disposition, Notification, StepReminder, WorkTime
from moderation.people import notifications
from moderation.ports import jobs
from tests.support.many import multiply_item

WIB = ZoneInfo("Asia/Jakarta")
pytestmark = pytest.mark.django_db


def at(day, clock):
    """Return a time in November 2026; the 23rd is a Monday."""
    hour, minute = map(int, clock.split("."))
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


@pytest.fixture
def settings_of_time(db):
    settings = WorkTime.load()
    settings.targets_on = True
    settings.save()
    return settings


def waiting(office, reached, since, **fields):
    """Return an item that has been in a state since then, without reminders so far."""
    item = office.issue()
    fields = {"assigned_to": office.staf1, "state": reached, "step_since": since} | fields
    Disposition.objects.filter(pk=item.pk).update(**fields)
    Notification.objects.all().delete()
    item.refresh_from_db()
    return item


def told():
    return sorted(Notification.objects.values_list("recipient__username", "subject"))


@pytest.mark.db_agnostic
def test_the_holder_is_reminded_once_before_the_due_time_and_once_a_working_day_after(office, settings_of_time):
    item = waiting(office, "awaiting_verification", at(26, "14.00"))  # Thursday, due Thursday 16.00
    assert send_reminders(at(26, "15.44")) == 0
    assert send_reminders(at(26, "15.46")) == 1
    assert told() == [(name, f"Pengingat verifikasi: {item.subject}") for name in ("bidang", "bidang2")]
    assert (
        "Tenggat hari ini pukul 16.00 WIB (target internal, bukan ketentuan SOP)" in Notification.objects.first().body
    )

    Notification.objects.all().delete()
    # No further mail on the same day, after hours, before opening or at the weekend.
    for moment in (at(26, "15.59"), at(26, "20.00"), at(27, "06.00")):
        assert send_reminders(moment) == 0
    assert send_reminders(at(27, "07.30")) == 1
    assert told() == [(name, f"Lewat tenggat: {item.subject}") for name in ("bidang", "bidang2")]
    for moment in (at(27, "09.00"), at(27, "16.29"), at(28, "09.00"), at(29, "09.00")):
        assert send_reminders(moment) == 0
    assert send_reminders(at(30, "07.31")) == 1
    assert send_reminders(at(30, "15.00")) == 0
    assert StepReminder.objects.filter(disposition=item).count() == 3


@pytest.mark.db_agnostic
def test_nothing_is_sent_while_targets_or_reminders_are_off(office):
    waiting(office, "disposed", at(2, "08.00"))
    assert send_reminders(at(23, "09.00")) == 0
    WorkTime.objects.update(targets_on=True, reminders_on=False)
    assert send_reminders(at(23, "09.00")) == 0
    WorkTime.objects.update(reminders_on=True)
    assert send_reminders(at(23, "09.00")) == 1


@pytest.mark.db_agnostic
def test_only_the_assigned_staf_is_reminded_and_the_next_holder_afresh(office, settings_of_time):
    item = office.bring_to("composing")
    Disposition.objects.filter(pk=item.pk).update(step_since=at(19, "08.00"))
    Notification.objects.all().delete()
    send_reminders(at(23, "09.00"))
    assert told() == [("staf1", f"Lewat tenggat: {item.subject}")]
    item = take(item, "hand_over", office.staf1)
    Notification.objects.all().delete()
    Disposition.objects.filter(pk=item.pk).update(step_since=at(23, "09.01"))
    assert send_reminders(at(23, "09.30")) == 0
    assert send_reminders(at(23, "11.00")) == 1
    assert [name for name, _subject in told()] == ["sekretaris", "sekretaris2"]


@pytest.mark.db_agnostic
def test_the_fast_lane_reminds_at_night(office, settings_of_time):
    item = waiting(office, "awaiting_verification", at(28, "22.00"), is_urgent=True)
    assert send_reminders(at(28, "22.07")) == 0
    assert send_reminders(at(28, "22.09")) == 1  # at the latest half of the fifteen minutes before
    assert told()[0] == ("bidang", f"[Jalur cepat] Pengingat verifikasi: {item.subject}")
    assert send_reminders(at(29, "03.00")) == 0
    assert send_reminders(at(30, "07.30")) == 1


@pytest.mark.db_agnostic
def test_one_person_gets_one_mail_for_all_that_is_overdue(office, settings_of_time):
    for _number in range(3):
        item = waiting(office, "disposed", at(19, "08.00"))
    Notification.objects.all().delete()
    assert send_reminders(at(23, "09.00")) == 3
    assert told() == [(name, "Lewat tenggat: 3 materi") for name in ("sekretaris", "sekretaris2")]
    notifications.send_due_notifications()
    assert item.subject in mail.outbox[0].body
    assert "/admin/antrean/?terlambat=on&saya=on#sedang-berjalan" in mail.outbox[0].body


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    ("state", "superiors"),
    [("awaiting_verification", {"sekretaris", "sekretaris2"}), ("awaiting_correction", {"ppid"})],
)
def test_a_superior_is_told_once_and_only_if_the_office_wants_it(office, settings_of_time, state, superiors):
    holders = {"awaiting_verification": {"bidang", "bidang2"}, "awaiting_correction": {"sekretaris", "sekretaris2"}}
    waiting(office, state, at(16, "08.00"))
    send_reminders(at(19, "09.00"))
    assert {name for name, _subject in told()} == holders[state]

    settings_of_time.escalate_after_days = 4
    settings_of_time.save()
    Notification.objects.all().delete()
    send_reminders(at(20, "09.00"))
    assert {name for name, _subject in told()} == holders[state] | superiors
    Notification.objects.all().delete()
    send_reminders(at(23, "09.00"))
    assert {name for name, _subject in told()} == holders[state]


@pytest.mark.db_agnostic
def test_what_waits_for_nobody_is_not_reminded_of(office, settings_of_time):
    waiting(office, "live", at(2, "08.00"))
    waiting(office, "scheduled", at(2, "08.00"))
    assert send_reminders(at(23, "09.00")) == 0


@pytest.mark.db_agnostic
def test_someone_without_a_mail_address_stops_nobody_elses_reminder(office, settings_of_time):
    waiting(office, "awaiting_verification", at(19, "08.00"))
    office.bidang.email = ""
    office.bidang.save()
    assert send_reminders(at(23, "09.00")) == 1
    assert notifications.send_due_notifications() == 1
    assert mail.outbox[0].to == ["bidang2@contoh.go.id"]


@pytest.mark.db_agnostic
def test_many_overdue_items_are_taken_in_portions_with_a_bounded_cost(
    office, settings_of_time, django_assert_max_num_queries
):
    item = waiting(office, "disposed", at(19, "08.00"))
    multiply_item(item, BATCH + 20)
    assert send_reminders(at(23, "09.00")) == BATCH
    assert send_reminders(at(23, "09.00")) == 21
    with django_assert_max_num_queries(5):
        assert send_reminders(at(23, "09.01")) == 0
    subjects = {subject for _name, subject in told()}
    assert subjects == {f"Lewat tenggat: {BATCH} materi", "Lewat tenggat: 21 materi"}


def test_the_database_refuses_a_second_row(office, settings_of_time):
    item = office.issue()
    row = {"disposition": item, "step_since": item.step_since, "kind": "due", "number": 0}
    StepReminder.objects.create(**row, written_at=at(23, "09.00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        StepReminder.objects.create(**row, written_at=at(23, "09.01"))


def test_the_job_is_the_workers(office, settings_of_time):
    assert jobs._jobs["pengingat"].function is send_reminders


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_the_same_instant_write_each_reminder_once(office):
    WorkTime.objects.update_or_create(pk=WorkTime.load().pk, defaults={"targets_on": True})
    for _number in range(6):
        waiting(office, "awaiting_verification", at(19, "08.00"))
    Notification.objects.all().delete()
    gate, results = threading.Barrier(4), []

    def run():
        try:
            gate.wait(timeout=60)
            results.extend(send_reminders(at(23, "09.00")) for _round in range(3))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == 12
    assert sum(results) == StepReminder.objects.count() == 6
    listed = Notification.objects.filter(recipient=office.bidang).values_list("body", "subject")
    for item in Disposition.objects.all():
        assert sum(item.register_number in body for body, _subject in listed) == 1
