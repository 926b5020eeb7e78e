"""Ralat and take-down concurrent with other steps: one outcome, and a valid order for every live page.

Real threads with connections of their own, and a worker that is killed, on SQLite and on PostgreSQL.
"""

import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.chain.transitions import take
from moderation.management.jobs import scheduling
from moderation.management.proof import live
from moderation.models import PublicationPermit
from news.models import NewsPage
from tests.support.audit_log import find_first_break

from .test_concurrency import at_once, lines, winners

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 2


def assert_whole(item):
    """Assert that the page is live under exactly one order that covers it, or down without one."""
    item.refresh_from_db()
    page = NewsPage.objects.get(pk=item.page_id)
    assert page.live == (item.state != "taken_down")
    assert PublicationPermit.objects.executed().filter(page=page).count() == int(page.live)
    assert live.find_difference(NewsPage, page.pk) is None
    assert find_first_break() is None
    return page


def bring(office, state):
    item = office.bring_to("live")
    return office.bring_to(state, office.open_ralat(item, "Angka diperbaiki.", lead="Ralat."))


def test_publication_of_a_ralat_against_a_take_down_a_drop_and_a_second_click(office):
    for _ in range(ROUNDS):
        item = bring(office, "ordered")
        at_once(
            lambda item=item: take(item, "publish", office.staf1, expected_version=item.version),
            lambda item=item: take(item, "publish", office.sekretaris, expected_version=item.version),
            lambda item=item: take(item, "take_down", office.sekretaris2, {"comment": "Turun."}),
            lambda item=item: take(item, "drop_correction", office.ppid, {"comment": "Tidak jadi."}),
        )
        page = assert_whole(item)
        assert not item.correcting
        # The first publication and possibly the ralat, but never the ralat twice.
        assert lines(item, "publish") <= 2
        assert lines(item, "drop_correction", "publish") == 2 or item.state == "taken_down"
        if page.live:
            assert (page.lead == "Ralat.") == (lines(item, "publish") == 2)


def test_two_sekretaris_open_one_ralat(office):
    for _ in range(ROUNDS):
        item = office.bring_to("live")
        results = at_once(
            lambda item=item: take(item, "open_correction", office.sekretaris, {"comment": "Angka."}),
            lambda item=item: take(item, "open_correction", office.sekretaris2, {"comment": "Nama."}),
        )
        assert len(winners(results)) == 1
        assert lines(item, "open_correction") == 1
        assert_whole(item)


def test_a_scheduled_ralat_that_is_due_while_it_is_dropped(office, monkeypatch):
    items = [schedule(office) for _ in range(ROUNDS)]
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for item in items:
        at_once(scheduling.publish_due, lambda item=item: take(item, "drop_correction", office.ppid, {"comment": "x"}))
        page = assert_whole(item)
        assert item.state == "done"
        assert (page.lead == "Ralat.") == (lines(item, "publish") == 2)


def schedule(office):
    """Schedule a ralat for an hour from now."""
    item = office.open_ralat(office.bring_to("live"), "Angka diperbaiki.", lead="Ralat.")
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    return take(office.bring_to("ordered", item, go_live_at=later), "schedule", office.staf1)


def test_a_worker_that_is_killed_in_the_middle_of_a_ralat(office, programs, tmp_path):
    """After a kill between two statements the old version is live; the next worker publishes the new one."""
    item = schedule(office)
    before = item.permits.get(revoked_at=None, executed_at__isnull=False)

    def publish(last):
        said = tmp_path / f"{last}.log"
        code = programs.start("tests.load.killed.dying_publisher", str(last), log=said).wait(timeout=90)
        return code, said.read_text()

    for point in (25, 60):
        code, said = publish(point)
        assert code == -signal.SIGKILL, said
        page = assert_whole(item)
        assert (page.live_revision_id, item.state) == (before.revision_id, "scheduled")
    code, said = publish(0)
    assert code == 0, said
    published, count = map(int, said.split())
    assert (published, count > 70) == (1, True)
    assert assert_whole(item).lead == "Ralat."
