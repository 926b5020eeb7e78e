"""Scheduled publication (row 8) by the worker, item by item."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.chain import permits
from moderation.chain.transitions import take
from moderation.management.jobs import scheduling
from moderation.models import AuditEntry, Notification, PublicationPermit
from moderation.ports import jobs
from moderation.ports.exceptions import StepRefused
from moderation.ports.seal import get_media
from moderation.ports.signals import page_went_live
from news.models import NewsPage
from tests.bench.desk.due import fail
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db

#: Half of what one item cost before: 190.
MOST_QUERIES_AN_ITEM = 95


@pytest.fixture
def later():
    return timezone.now() + timedelta(hours=2)


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def _at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return _at


def schedule(office, when, item=None):
    return office.bring_to("scheduled", item, go_live_at=when.isoformat())


def test_the_worker_publishes_when_the_time_has_come(office, later, at):
    item = schedule(office, later)
    assert item.state == "scheduled"
    call_command("worker", "--once")
    item.refresh_from_db()
    assert not NewsPage.objects.get(pk=item.page_id).live
    assert item.schedule_error == ""

    at(later + timedelta(seconds=1))
    call_command("worker", "--once")

    item.refresh_from_db()
    assert item.state == "done"
    assert NewsPage.objects.get(pk=item.page_id).live
    line = AuditEntry.objects.get(action="publish")
    assert (line.actor_name, line.role, line.data["by_worker"]) == ("staf1", "Staf Sekretariat", True)


def test_one_that_fails_does_not_stop_the_others_and_is_told_once(office, later, at):
    broken = office.bring_to("composing")
    page = broken.get_draft()
    page.main_image, page.main_image_alt, page.main_image_credit = make_photo(), "Saluran", "Dokumentasi"
    page.save(clean=False)
    page.save_revision(user=office.staf1)
    broken = schedule(office, later, broken)
    photo = get_media(broken.get_draft())[0]
    photo.file.storage.delete(photo.file.name)
    photo.file.storage.save(photo.file.name, ContentFile(b"lain"))
    good = schedule(office, later + timedelta(minutes=1))
    Notification.objects.all().delete()

    at(later + timedelta(hours=1))
    assert scheduling.publish_due() == 1
    assert scheduling.publish_due() == 0

    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.state, good.state) == ("scheduled", "done")
    assert "telah berubah" in broken.schedule_error
    assert AuditEntry.objects.filter(action="schedule_failed").count() == 1
    told = Notification.objects.filter(subject__startswith="Penayangan terjadwal gagal")
    assert sorted(told.values_list("recipient__username", flat=True)) == ["sekretaris", "sekretaris2", "staf1"]


def test_a_missed_time_shows(office, later):
    item = office.bring_to("ordered", go_live_at=later.isoformat())
    permit = PublicationPermit.objects.get(disposition=item)
    assert not permits.is_missed(permit, later)
    assert permits.is_missed(permit, later + timedelta(minutes=6))


def test_an_unconfirmed_time_is_not_carried_out(office, later, at):
    """Row 8 is the Staf's: without their confirmation the worker does nothing."""
    item = office.bring_to("ordered", go_live_at=later.isoformat())
    at(later + timedelta(hours=1))
    assert scheduling.publish_due() == 0
    assert take(item, "publish", office.staf1).state == "done"


def test_a_staf_who_lost_the_role_publishes_nothing(office, later, at):
    item = schedule(office, later)
    office.staf1.groups.clear()
    at(later + timedelta(minutes=1))
    assert scheduling.publish_due() == 0
    item.refresh_from_db()
    assert "hanya dapat dilakukan oleh" in item.schedule_error


def test_an_order_without_a_time_cannot_be_scheduled(office):
    item = office.bring_to("ordered")
    with pytest.raises(StepRefused, match="tidak memuat waktu"):
        take(item, "schedule", office.staf1)


def test_the_staf_cannot_publish_before_the_ordered_time_but_the_sekretaris_can(office, later):
    item = schedule(office, later)
    with pytest.raises(StepRefused, match="Perintah tayang menetapkan waktu"):
        take(item, "publish", office.staf1)
    assert take(item, "publish", office.sekretaris).state == "done"


def test_a_time_in_the_past_is_refused(office):
    item = office.bring_to("verified")
    past = (timezone.now() - timedelta(minutes=1)).isoformat()
    with pytest.raises(StepRefused, match="setelah waktu sekarang"):
        take(
            item,
            "order",
            office.sekretaris,
            {"channels": [], "left_out_reason": "Cukup di website.", "go_live_at": past},
        )


def test_returning_a_scheduled_item_ends_the_schedule(office, later, at):
    item = schedule(office, later)
    take(item, "return_to_correction", office.sekretaris, {"comment": "Judul keliru."})
    at(later + timedelta(minutes=1))
    assert scheduling.publish_due() == 0
    assert not NewsPage.objects.get(pk=item.page_id).live


@pytest.fixture(scope="module")
def when():
    """The same time for each test, so that the walk there is taken once."""
    return timezone.now() + timedelta(hours=2)


class TestManyForOneMinute:
    """Nine items ordered for one minute, three of them broken in different ways."""

    @pytest.fixture
    def items(self, office, when):
        items = [office.bring_to("composing") for _number in range(9)]
        office.write(items[1], main_image=make_photo(), main_image_alt="Saluran", main_image_credit="Dokumentasi")
        # The last ordered is due a minute before the others.
        times = [when] * 8 + [when - timedelta(minutes=1)]
        return [schedule(office, due, item) for due, item in zip(times, items, strict=True)]

    @pytest.fixture
    def broken(self, items):
        broken = [items[1], items[3], items[6]]
        with fail(broken):
            yield broken

    def test_in_their_order_past_the_broken_and_mails_in_between(self, items, broken, at, monkeypatch, mailoutbox):
        monkeypatch.setattr(scheduling, "BATCH", 4)
        at(timezone.now() + timedelta(hours=3))
        Notification.objects.update(sent_at=timezone.now())
        good = [items[8], *(item for item in items[:8] if item not in broken)]

        def list_published():
            lines = AuditEntry.objects.filter(action="publish").order_by("sequence")
            return list(lines.values_list("disposition_id", flat=True))

        jobs.run_once()
        assert list_published() == [item.pk for item in good[:3]]
        assert {mail.subject for mail in mailoutbox} == {f"Penayangan terjadwal gagal: {broken[0].subject}"}
        # The witness of the day before is a later job of the same round.
        assert not Notification.objects.filter(sent_at=None).exclude(subject__startswith="Saksi jejak audit").exists()
        try:
            while scheduling.publish_due():
                pass
        except (DatabaseError, KeyError) as error:
            pytest.fail(f"the error of one order stopped the others: {error!r}")
        assert list_published() == [item.pk for item in good]
        for item, reason in zip(broken, ("hilang", "Gangguan sistem", "Gangguan sistem (KeyError)"), strict=True):
            item.refresh_from_db()
            assert item.state == "scheduled"
            assert reason in item.schedule_error
            assert not NewsPage.objects.get(pk=item.page_id).live
        assert AuditEntry.objects.filter(action="schedule_failed").count() == 3

    def test_what_failed_is_tried_again_after_the_others(self, items, at, monkeypatch):
        monkeypatch.setattr(scheduling, "BATCH", 3)
        at(timezone.now() + timedelta(hours=3))
        failures = iter([True])

        def fail_once(sender, page, **kwargs):
            if page.pk == items[0].page_id and next(failures, False):
                raise KeyError("unforeseen")

        page_went_live.connect(fail_once)
        try:
            with CaptureQueriesContext(connection) as queries:
                while scheduling.publish_due():
                    pass
            assert AuditEntry.objects.filter(action="publish").count() == 8
            assert len(queries) <= 9 * MOST_QUERIES_AN_ITEM
            assert scheduling.publish_due() == 1
        finally:
            page_went_live.disconnect(fail_once)
        assert AuditEntry.objects.filter(action="publish").latest("sequence").disposition_id == items[0].pk
        items[0].refresh_from_db()
        assert (items[0].state, items[0].schedule_error) == ("done", "")
