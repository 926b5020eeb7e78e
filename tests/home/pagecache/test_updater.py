"""Who follows the changes: at once, by the clock, one process a machine, and without asking while nothing happens."""

import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import OfficeSettings
from home.open_data.sitemaps import NEWS_AGE
from home.pagecache import clock_changes, generation, store, updater
from home.pagecache.listening import Listener
from home.pagecache.models import PageChange
from news.models import NewsPage
from tests.support.factories import slip_past_triggers

#: However slow the machine.
LONG = 60


@pytest.fixture
def pages(settings, tmp_path, transactional_db):
    """A folder for kept pages that is up to date."""
    settings.PAGES_ROOT = tmp_path / "pages"
    generation.take_over()
    return settings.PAGES_ROOT


@pytest.fixture
def threads():
    """Starts threads that end with the test, each with a connection of its own."""
    stop, started = threading.Event(), []

    def _start(work):
        def run():
            try:
                work(stop)
            finally:
                connections.close_all()

        started.append(threading.Thread(target=run))
        started[-1].start()

    yield _start
    stop.set()
    for thread in started:
        thread.join(LONG)
        assert not thread.is_alive()


def wait_until(is_so):
    deadline = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_commit_is_followed_without_waiting_for_the_net(pages, threads, monkeypatch):
    monkeypatch.setattr(updater, "NET_SECONDS", 10 * LONG)
    threads(updater.run)
    for number in range(3):
        before = store.read_state().number
        PageChange.objects.create(group=f"contoh{number}")
        wait_until(lambda: store.read_state().number > before)  # noqa: B023 - called within the same round


def test_another_follows_when_the_first_ends(pages, threads):
    first = threading.Event()
    threads(lambda _stop: updater.run(first))
    wait_until(lambda: (pages / "updater").exists())
    threads(updater.run)
    first.set()
    before = store.read_state().number
    PageChange.objects.create(group="contoh")
    wait_until(lambda: store.read_state().number > before)


def test_while_nothing_happens_a_step_asks_one_question(pages, monkeypatch):
    monkeypatch.setattr(updater, "NET_SECONDS", 0.01)
    follower, stop = updater.Follower(), threading.Event()
    for _round in range(3):
        follower.step(stop)
    with CaptureQueriesContext(connection) as captured:
        follower.step(stop)
    asked = [each["sql"] for each in captured if "PRAGMA" not in each["sql"]]
    assert len(asked) == 1, asked


def test_a_broken_connection_is_replaced(pages, monkeypatch):
    monkeypatch.setattr(updater, "NET_SECONDS", 0.01)
    follower, stop = updater.Follower(), threading.Event()
    follower.step(stop)
    connection.connection.close()
    follower.step(stop)
    before = store.read_state().number
    PageChange.objects.create(group="contoh")
    follower.step(stop)
    assert store.read_state().number == before + 1


def test_a_listener_returns_when_its_time_is_over_or_it_is_stopped(transactional_db):
    listener, stop = Listener(), threading.Event()
    listener.wait(0, stop)
    started = time.monotonic()
    listener.wait(0.1, stop)
    assert time.monotonic() - started >= 0.1
    stop.set()
    listener.wait(10 * LONG, stop)


NOON = datetime.fromisoformat("2026-11-30T12:00:00+07:00")


@pytest.fixture
def live(office):
    """A live item that changes by the clock at no time of its own."""
    page = office.bring_to("live").get_page()
    set_columns(page, first_published_at=NOON - timedelta(days=9), ends_at=None)
    return page


def set_columns(page, **values):
    slip_past_triggers(NewsPage.objects.filter(pk=page.pk), **values)


def set_banner(page, **values):
    settings = OfficeSettings.objects.get()
    settings.alerts = [("alert", {"level": "info", "page": page, "starts_at": None, "ends_at": None} | values)]
    settings.save()


@pytest.mark.parametrize(
    ("change", "hours"),
    [
        (lambda page: None, 12),
        (lambda page: set_banner(page, starts_at=NOON + timedelta(hours=3), ends_at=NOON + timedelta(hours=5)), 3),
        (lambda page: set_banner(page, starts_at=NOON - timedelta(hours=3), ends_at=NOON + timedelta(hours=5)), 5),
        (lambda page: OfficeSettings.objects.update(hours="Senin–Minggu pukul 07.30–16.00 WIB"), 4),
        (lambda page: set_columns(page, ends_at=NOON + timedelta(hours=4)), 4),
        (lambda page: set_columns(page, first_published_at=NOON + timedelta(hours=6) - NEWS_AGE), 6),
    ],
    ids=["midnight", "banner begins", "banner ends", "office closes", "event ends", "news grows old"],
)
def test_the_next_moment_is_the_first_at_which_the_clock_changes_a_page(live, monkeypatch, change, hours):
    change(live)
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    moment = clock_changes.find_next(NOON)
    assert moment == NOON + timedelta(hours=hours)
    monkeypatch.setattr(timezone, "now", lambda: moment - timedelta(seconds=1))
    assert clock_changes.find_group(NOON) is None
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert clock_changes.find_group(NOON)


def test_a_clock_set_back_by_a_day_is_noticed_at_once(live, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    assert clock_changes.find_next(NOON + timedelta(days=1)) == NOON
