"""The end that an order names: the page goes down by the clock, in nobody's name, for the order's reason."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from moderation.chain import withdrawals
from moderation.chain.transitions import take
from moderation.evidence import audit
from moderation.management.jobs import scheduling
from moderation.management.proof import items, live
from moderation.models import AuditEntry, Notification, PublicationPermit, Withdrawal
from moderation.ports.exceptions import GuardViolation, StepRefused
from moderation.ports.official_step import official_step
from moderation.records import register
from news.models import NewsPage
from tests.moderation.chain.test_concurrency import at_once
from tests.moderation.evidence.test_each_trigger import forge_permit
from tests.support.databases.statements import refused_by_trigger
from tests.support.factories import fill_in, slip_past_triggers

pytestmark = pytest.mark.django_db

REASON = "Masa pendaftaran selesai."
NAMED = "perintah tayang berakhir sendiri hanya pada waktu yang disebutnya"


@pytest.fixture(scope="module")
def end():
    """The same time for each test, so that the walk there is taken once."""
    return timezone.now().replace(microsecond=0) + timedelta(days=2)


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def _at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return _at


@pytest.fixture
def item(office, end):
    return office.bring_to("live", ends_at=end.isoformat(), end_reason=REASON)


def order(office, item, **data):
    sent = {"channels": [], "left_out_reason": "Cukup di website.", **data}
    return take(item, "order", office.sekretaris, fill_in("order", sent))


def prove(item) -> list[str]:
    """Return what the nightly proof says of the item."""
    pages = list(NewsPage.objects.live().filter(pk=item.page_id))
    return items.find_differences([item.pk]) + live.find_differences(pages)


def test_the_page_goes_down_at_the_end_and_not_before(office, item, end, at, client, log_in):
    at(end - timedelta(seconds=1))
    assert scheduling.end_due() == 0
    assert (prove(item), AuditEntry.objects.filter(action="end_failed").exists()) == ([], False)
    Notification.objects.all().delete()
    at(end + timedelta(seconds=1))

    assert scheduling.end_due() == 1
    assert scheduling.end_due() == 0

    item.refresh_from_db()
    permit, withdrawal = item.permits.get(), Withdrawal.objects.get()
    assert (item.state, item.get_page().live, item.last_note) == ("taken_down", False, REASON)
    assert (permit.has_run_out, permit.revoked_by, permit.revoke_reason) == (True, None, REASON)
    assert (withdrawal.permit, withdrawal.by, withdrawal.is_public) == (permit, None, False)
    line = AuditEntry.objects.get(action="take_down")
    assert (line.actor_name, line.actor_id, line.role, line.reason) == ("Sistem", None, "", REASON)
    assert (line.data["order"], line.data["ordered_by"]) == (permit.number, "sekretaris")
    assert client.get(item.get_page().get_url()).status_code == 410
    told = Notification.objects.filter(subject__startswith="Berita turun pada batas tayangnya")
    assert sorted(told.values_list("recipient__username", flat=True)) == ["sekretaris", "sekretaris2", "staf1"]
    assert prove(item) == []
    cells = register.get_rows(register.get_items({}))[0]["cells"]
    assert "tayang sampai" in cells["order"]
    assert REASON in cells["remark"]
    desk = log_in(office.pemantau)
    assert REASON in desk.get(item.get_absolute_url()).content.decode()
    assert "oleh sistem, menurut perintah" in desk.get(f"/admin/cetak/berkas-materi/{item.pk}/").content.decode()
    # A ralat makes it live again, by a new order.
    assert take(item, "open_correction", office.sekretaris, {"comment": "Diperpanjang."}).state == "composing"


def test_a_ralat_carries_the_end_on_and_may_change_it(office, item, end, at, log_in):
    ralat = office.bring_to("verified", office.open_ralat(item))
    page = log_in(office.sekretaris).get(item.get_absolute_url()).content.decode()
    assert f'value="{timezone.localtime(end):%Y-%m-%dT%H:%M}"' in page
    assert REASON in page
    later = end + timedelta(days=7)
    ralat = order(office, ralat, ends_at=later.isoformat(), end_reason="Diperpanjang sepekan.")
    take(ralat, "publish", office.staf1)
    at(end + timedelta(hours=1))
    assert scheduling.end_due() == 0
    at(later)
    assert scheduling.end_due() == 1
    assert prove(item) == []


def test_a_running_ralat_ends_with_what_it_corrects(office, item, end, at):
    ralat = office.bring_to("ordered", office.open_ralat(item))
    at(end)
    assert scheduling.end_due() == 1
    ralat.refresh_from_db()
    assert (ralat.state, ralat.correcting, ralat.get_page().live) == ("taken_down", False, False)
    assert prove(item) == []


def test_what_an_order_may_say_of_its_end(office, end, at):
    item = office.bring_to("verified")
    past, begins = timezone.now() - timedelta(minutes=1), end + timedelta(hours=1)
    for data, field in (
        ({"ends_at": end.isoformat()}, "end_reason"),
        ({"ends_at": end.isoformat(), "end_reason": "  "}, "end_reason"),
        ({"end_reason": REASON}, "end_reason"),
        ({"ends_at": past.isoformat(), "end_reason": REASON}, "ends_at"),
        ({"ends_at": end.isoformat(), "end_reason": REASON, "go_live_at": begins.isoformat()}, "ends_at"),
        ({"ends_at": "besok", "end_reason": REASON}, "ends_at"),
    ):
        with pytest.raises(StepRefused) as refusal:
            order(office, item, **data)
        assert set(refusal.value.fields) == {field}, data
    ordered = order(office, item, ends_at=end.isoformat(), end_reason=REASON)
    at(end)
    with pytest.raises(StepRefused, match="sudah lewat"):
        take(ordered, "publish", office.staf1)


def test_nothing_ends_that_no_genuine_line_ordered(item, end, at, monkeypatch):
    Notification.objects.all().delete()
    at(end)
    monkeypatch.setattr(audit, "is_genuine", lambda line: False)
    for _number in range(2):
        assert scheduling.end_due() == 0
    item.refresh_from_db()
    assert item.get_page().live
    assert AuditEntry.objects.filter(action="end_failed").count() == 1
    assert Notification.objects.filter(recipient__username="sekretaris").count() == 1
    monkeypatch.undo()
    at(end + live.END_GRACE + timedelta(seconds=1))
    assert "batas tayang dalam perintahnya sudah lewat" in (live.find_difference(NewsPage, item.page_id) or "")
    assert scheduling.end_due() == 1


def test_what_breaks_off_leaves_the_page_as_it_was(item, end, at):
    at(end)
    permit = item.permits.get()
    with transaction.atomic():
        count = _run_out(permit)
        transaction.set_rollback(True)
    # The last statement only releases the savepoint of the test.
    for number in {1, count // 4, count // 2, 3 * count // 4, count - 1}:
        with pytest.raises(KeyboardInterrupt):
            _run_out(permit, dies_at=number)
        item.refresh_from_db()
        assert (item.state, item.get_page().live, Withdrawal.objects.count()) == ("done", True, 0)
        assert not AuditEntry.objects.filter(action="take_down").exists()
        assert item.permits.get().revoke_reason == ""
    assert scheduling.end_due() == 1


def _run_out(permit, dies_at=0) -> int:
    """End the order and return how many statements that took; die at one of them."""
    statements = 0

    def count(execute, *statement):
        nonlocal statements
        statements += 1
        if statements == dies_at:
            raise KeyboardInterrupt
        return execute(*statement)

    with connection.execute_wrapper(count):
        assert withdrawals.run_out(permit)
    return statements


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_does_it(item, end, at):
    at(end)
    permit = item.permits.get()
    results = at_once(*[lambda: withdrawals.run_out(permit)] * 2)
    assert (results.count(True), results.count(False)) == (1, 1)
    assert AuditEntry.objects.filter(action="take_down").count() == 1
    assert Withdrawal.objects.count() == 1


class TestInTheDatabase:
    def test_an_end_is_named_with_its_reason_and_lies_ahead(self, office, end):
        item = office.bring_to("verified")
        for changes in (
            {"ends_at": end},
            {"end_reason": REASON},
            {"ends_at": timezone.now() - timedelta(minutes=1), "end_reason": REASON},
        ):
            with refused_by_trigger("batas tayang disebut dengan alasan dan belum lewat"):
                forge_permit(item, office, **changes)

    def test_an_order_keeps_its_end(self, item, end):
        for changes in ({"ends_at": end - timedelta(days=1)}, {"end_reason": "Lain."}, {"ends_at": None}):
            with refused_by_trigger("perintah tayang tidak dapat diubah"):
                item.permits.update(**changes)

    def test_a_page_goes_down_by_nobody_only_for_the_orders_reason(self, office, item):
        endless = office.bring_to("live")
        for one, reason in ((item, "Lain."), (endless, REASON)):
            one.permits.update(revoke_reason=reason)
            with refused_by_trigger("berita diturunkan hanya oleh Sekretaris"):
                Page.objects.filter(pk=one.page_id).update(live=False)

    def test_nor_through_the_orm_before_its_time(self, item):
        item.permits.update(revoke_reason=REASON)
        page = item.get_page()
        page.live = False
        with official_step(), pytest.raises(GuardViolation, match="hanya dapat diturunkan oleh Sekretaris"):
            page.save(clean=False)

    def test_an_order_runs_out_at_its_time_alone(self, office, item, end):
        slip_past_triggers(Page.objects.filter(pk=item.page_id), live=False)
        with refused_by_trigger(NAMED):
            item.permits.update(revoke_reason=REASON, revoked_at=end - timedelta(seconds=1))
        endless = office.bring_to("live")
        slip_past_triggers(Page.objects.filter(pk=endless.page_id), live=False)
        with refused_by_trigger(NAMED):
            endless.permits.update(revoke_reason=REASON, revoked_at=end)

    def test_a_take_down_by_nobody_is_that_of_an_order_that_ran_out(self, office, item, end):
        item = take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        withdrawal = Withdrawal.objects.get()
        assert withdrawal.by == office.sekretaris
        withdrawal.pk, withdrawal.by = None, None
        permits = PublicationPermit.objects.filter(pk=withdrawal.permit_id)
        with refused_by_trigger("catatan penurunan tetap"):
            Withdrawal.objects.bulk_create([withdrawal])
        slip_past_triggers(permits, revoked_by=None, ends_at=None)
        assert "penurunan tanpa pejabat" in prove(item)[0]
