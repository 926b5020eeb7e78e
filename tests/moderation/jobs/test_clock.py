"""A clock that ran ahead and was corrected: what is the last order, who holds a role, what waits, and who is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation import sop
from moderation.chain import corrections, permits
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.management.jobs import clock as clock_watch
from moderation.management.jobs import integrity, order_check, scheduling
from moderation.management.proof import live
from moderation.models import ActingOfficer, AuditEntry, IntegrityCheck, Notification, PublicationPermit, roles
from moderation.people import appointments
from news.models import NewsPage
from tests.support.audit_log import find_first_break
from tests.support.clock import DAY, HOUR, Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def publish_ralat(office, item, lead):
    return office.bring_to("live", office.open_ralat(item, lead=lead))


class TestTheLastOrder:
    @pytest.fixture
    def item(self, office, clock):
        """Published while the clock ran a day ahead, then corrected by a ralat on a clock that is right."""
        clock.wrong_by = DAY
        item = office.bring_to("live")
        clock.wrong_by = timedelta(0)
        return publish_ralat(office, item, "Ringkasan setelah ralat pertama.")

    def test_a_ralat_starts_from_the_text_of_the_last_ralat(self, office, item):
        first, second = item.permits.order_by("pk")
        assert first.executed_at > second.executed_at
        item = take(item, "open_correction", office.sekretaris, {"comment": "Angka keliru."})
        assert item.get_draft().lead == "Ringkasan setelah ralat pertama."
        assert permits.find_current(item) == second
        assert [permit.pk for permit in corrections.list_executed(item.page)] == [second.pk, first.pk]
        item = take(item, "drop_correction", office.sekretaris, {"comment": "Tidak perlu."})
        assert item.get_draft().lead == "Ringkasan setelah ralat pertama."
        assert not item.get_page().has_unpublished_changes

    def test_the_second_ralat_takes_its_place(self, office, item):
        item = publish_ralat(office, item, "Ringkasan setelah ralat kedua.")
        page = item.get_page()
        assert (page.live, page.lead) == (True, "Ringkasan setelah ralat kedua.")
        assert not page.has_unpublished_changes
        assert [permit.is_correction for permit in corrections.list_published(item)] == [True, True]
        assert corrections.list_published(item)[0].revision_id == page.live_revision_id
        assert integrity.run_now().is_whole

    def test_orders_that_stand_otherwise_than_their_lines_are_named(self, office, item):
        assert order_check.find_problems() == []
        first, second = item.permits.order_by("pk")
        triggers.drop_all()
        PublicationPermit.objects.filter(pk=first.pk).update(revision=second.revision)
        PublicationPermit.objects.filter(pk=second.pk).update(revision=first.revision)
        triggers.install_all()
        assert [first.number in problem for problem in order_check.find_problems()] == [True]
        assert any("urutan perintah" in problem for problem in integrity.run_now().differences)


class TestWhatItEnded:
    def appoint(self, office, **more):
        today = timezone.localdate()
        facts = {"user": office.staf2, "role": sop.Role.SEKRETARIS.value, "kind": "Plh.", "decree_number": "800/12"}
        dates = {"decree_date": today, "starts_on": today, "ends_on": today}
        return appointments.appoint(office.ppid, facts | dates | more)

    def holds_role(self, user):
        return roles.has_role(type(user).objects.get(pk=user.pk), sop.Role.SEKRETARIS)

    def test_an_appointment_goes_on_and_is_told(self, office, clock):
        appointment = self.appoint(office)
        clock.wrong_by = 2 * DAY
        assert appointments.close_expired() == 1
        clock.wrong_by = timedelta(0)
        Notification.objects.all().delete()
        assert clock_watch.watch() == 1
        assert self.holds_role(office.staf2)
        assert list(AuditEntry.objects.values_list("action", flat=True))[-2:] == ["acting_resumed", "clock_set_back"]
        told = Notification.objects.filter(subject__startswith="Penunjukan berlaku kembali")
        assert sorted(told.values_list("recipient__username", flat=True)) == ["ppid", "staf2"]
        warned = Notification.objects.filter(subject="Peringatan: jam server salah")
        assert sorted(warned.values_list("recipient__username", flat=True)) == [
            "ppid",
            "sekretaris",
            "sekretaris2",
            "staf2",
        ]
        assert clock_watch.watch() == 0
        clock.wait(2 * DAY)
        assert appointments.close_expired() == 1
        assert not self.holds_role(office.staf2)
        appointment.refresh_from_db()
        assert appointment.end_reason == appointments.EXPIRED
        assert find_first_break() is None

    def test_what_a_person_ended_stays_ended(self, office, clock):
        clock.wrong_by = DAY
        appointment = appointments.end(
            self.appoint(office, ends_on=timezone.localdate() + DAY), office.ppid, "Selesai."
        )
        clock.wrong_by = timedelta(0)
        assert clock_watch.watch() == 1
        appointment.refresh_from_db()
        assert appointment.ended_by == office.ppid
        assert not self.holds_role(office.staf2)

    @pytest.mark.parametrize("change", [{"ended_at": None}, {"ended_by": None}, {"ended_by": None, "ended_at": None}])
    def test_the_database_reopens_nothing_that_a_person_ended(self, office, change):
        appointment = appointments.end(self.appoint(office), office.ppid, "Selesai.")
        with pytest.raises(IntegrityError, match="tidak dapat diubah"), transaction.atomic():
            ActingOfficer.objects.filter(pk=appointment.pk).update(**change)

    def test_the_night_is_run_again(self, office, clock):
        night = timezone.localtime().replace(hour=3, minute=0)
        clock.wrong_by = night - timezone.now() - HOUR / 2 + DAY
        for _part in range(20):
            integrity.run_due()
        clock.wrong_by += HOUR / 2
        assert IntegrityCheck.objects.get().night == timezone.localdate()
        clock.wrong_by -= HOUR
        for _part in range(20):
            integrity.run_due()
        assert [check.is_whole for check in IntegrityCheck.objects.all()] == [True, True]

    def test_a_run_is_not_held_until_a_day_that_is_far(self, office, clock):
        check = integrity.request(None)
        clock.wrong_by = DAY
        assert integrity._claim(timezone.now()).pk == check.pk
        clock.wrong_by = timedelta(0)
        assert integrity._claim(timezone.now()).pk == check.pk


def test_mails_do_not_wait_for_the_wrong_day(office, clock):
    clock.wrong_by = DAY
    item = office.issue()
    clock.wrong_by = timedelta(0)
    waiting = Notification.objects.filter(disposition=item, sent_at=None)
    assert waiting.filter(next_attempt_at__gt=timezone.now() + HOUR).exists()
    clock_watch.watch()
    assert not waiting.filter(next_attempt_at__gt=timezone.now()).exists()


def test_what_went_live_before_its_time_is_told(office, clock):
    when = timezone.now() + 5 * HOUR
    item = take(office.bring_to("ordered", go_live_at=when.isoformat()), "schedule", office.staf1)
    clock.wrong_by = DAY
    assert scheduling.publish_due() == 1
    clock.wrong_by = timedelta(0)
    assert clock_watch.watch() == 1
    told = Notification.objects.filter(subject="Peringatan: jam server salah").first()
    assert f"putuskan apakah diturunkan:\n- {item.permits.get().number}: {item.subject}" in told.body


@pytest.mark.parametrize("wrong_by", [HOUR, DAY, -HOUR, -DAY])
def test_publication_ralat_and_take_down_whatever_the_clock_says(office, clock, wrong_by):
    """The clock is wrong at every second step, and right again at the next."""

    def walk(item):
        for state in ("composing", "awaiting_correction", "awaiting_verification", "verified", "ordered", "live"):
            clock.wrong_by = wrong_by - clock.wrong_by
            clock_watch.watch()
            item = office.bring_to(state, item)
        return item

    item = walk(office.issue())
    for number in (1, 2):
        clock.wrong_by = wrong_by - clock.wrong_by
        item = walk(office.open_ralat(item, lead=f"Ringkasan setelah ralat {number}."))
        assert NewsPage.objects.get(pk=item.page_id).lead == f"Ringkasan setelah ralat {number}."
        assert live.find_difference(NewsPage, item.page_id) is None
    clock.wrong_by = wrong_by - clock.wrong_by
    item = take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
    assert item.state == "taken_down"
    assert not NewsPage.objects.get(pk=item.page_id).live
    item = walk(office.open_ralat(item, lead="Ringkasan setelah diturunkan."))
    page = NewsPage.objects.get(pk=item.page_id)
    assert (page.live, page.lead) == (True, "Ringkasan setelah diturunkan.")
    assert [permit.revoked_at is None for permit in item.permits.carried_out()] == [True, False, False, False]
    assert integrity.run_now().is_whole
