"""How often the site asks the database while nothing happens."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.pagecache import updater
from home.watch import looking
from moderation.ports import jobs
from moderation.privacy import pictures
from moderation.uploads import picture_text
from news.social import post_watch
from news.social.accounts import health_checks
from news.social.worker import dispatcher

#: Statements a minute; 2,580 before pages followed a NOTIFY.
MOST = 258
#: What one round of each service does while nothing is due, and the seconds to the next.
ROUNDS = {
    "unggahan": (lambda: dispatcher.Dispatcher(executor=dispatcher.Inline()).step(), dispatcher.SCAN_SECONDS),
    "halaman tersimpan": (lambda: FOLLOWER.step(threading.Event()), updater.NET_SECONDS),
    "kanal": (health_checks.watch, health_checks.PAUSE),
    "penjaga kanal": (post_watch.look_if_due, 30),
    "penjaga situs": (looking.look_if_due, 10),
    "tulisan di gambar": (pictures.read_next, pictures.EVERY_SECONDS),
}
FOLLOWER = updater.Follower()


@pytest.fixture
def quiet(office, settings, tmp_path, monkeypatch):
    """A site with a live item, on which everything that was due is done."""
    settings.PAGES_ROOT = tmp_path / "pages"
    monkeypatch.setattr(updater, "NET_SECONDS", 0)
    office.bring_to("live")
    # A machine that reads pictures, with none that waits.
    monkeypatch.setattr(picture_text, "find_program", lambda: "tesseract")
    for _round in range(3):
        jobs.run_once()
        for look, _seconds in ROUNDS.values():
            look()


def count(look) -> int:
    with CaptureQueriesContext(connection) as captured:
        look()
    return len([each for each in captured if "PRAGMA data_version" not in each["sql"]])


def test_each_service_is_looked_at():
    assert set(ROUNDS) == set(jobs._services)


def test_an_idle_minute_takes_few_statements(quiet):
    rounds = ROUNDS | {job.name: (job.function, job.every_seconds) for job in jobs._jobs.values()}
    found = {name: round(60 / every * count(look), 1) for name, (look, every) in rounds.items()}
    assert sum(found.values()) <= MOST, found
