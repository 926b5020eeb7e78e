"""Readers before a real nginx, while the office publishes, corrects and takes down behind it."""

import signal
import time
from dataclasses import dataclass

import pytest

from moderation.transitions import take
from tests.front import reading, running_front

#: What the readers must see of a change, at the latest after this many seconds.
PATIENCE = 1.0
ENOUGH = 6
pytestmark = pytest.mark.nginx


@pytest.fixture
def front(run_manage, settings, tmp_path):
    """The site behind nginx, on this test's database and files."""
    environment = run_manage("check", DJANGO_SETTINGS_MODULE="tests.front_settings")["env"]
    with running_front(tmp_path, environment, settings.DATA_DIR) as site:
        yield site


@pytest.fixture
def live(front, office):
    """A live item."""
    return office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu"))


@dataclass
class Watch:
    """What readers got after one change, from a second later on."""

    answers: dict
    since: float

    def __post_init__(self):
        """Wait until each page was read often enough, however slow the machine."""
        deadline = time.monotonic() + 40
        while min(len(self._get_late(path)) for path in self.answers) < ENOUGH:
            assert time.monotonic() < deadline, "the readers are too slow"
            time.sleep(0.05)

    def _get_late(self, path):
        return [answer for answer in list(self.answers[path]) if answer.asked_at > self.since + PATIENCE]

    def expect(self, paths, *shown, gone=()):
        """Every reader sees the new and nothing of the old."""
        for path in paths:
            late = self._get_late(path)
            right = [all(text in a.text for text in shown) and not any(text in a.text for text in gone) for a in late]
            assert all(right), f"{path}: {right.count(False)} of {len(late)} are stale"


def test_no_reader_sees_an_old_page_for_longer_than_a_second(front, live, office):
    page = live.get_page()
    shared = ["/", "/berita/", "/berita/atom.xml", "/sitemap.xml"]
    front.warm(*shared, page.url)
    waiting = office.bring_to("ordered", office.issue("Kerja bakti saluran irigasi Buntar"))
    ralat = office.open_ralat(live, lead="Ringkasan setelah ralat.")
    for action, person, data in (
        ("hand_over", office.staf1, {"warnings_checked": True}),
        ("declare_corrected", office.sekretaris, {"warnings_checked": True}),
    ):
        ralat = take(ralat, action, person, data)
    ralat = office.bring_to("ordered", ralat)
    slug = waiting.get_page().url
    paths = [*shared, page.url, slug]
    lists = ["/", "/berita/", "/berita/atom.xml"]
    with reading(front, paths) as answers:
        take(waiting, "publish", office.staf1)
        watch = Watch(answers, time.monotonic())
        watch.expect([*lists, slug], "Kerja bakti saluran irigasi Buntar")
        watch.expect(["/sitemap.xml"], slug)

        take(ralat, "publish", office.staf1)
        Watch(answers, time.monotonic()).expect([*lists, page.url], "Ringkasan setelah ralat.")

        waiting.refresh_from_db()
        take(waiting, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
        watch = Watch(answers, time.monotonic())
        watch.expect(lists, "Ringkasan setelah ralat.", gone=["Kerja bakti saluran"])
        watch.expect(["/sitemap.xml"], page.url, gone=[slug])
        watch.expect([slug], "Berita ini tidak lagi tersedia", gone=["Kerja bakti saluran"])
    for path in (*shared, page.url):
        kept = sum(answer.is_kept for answer in answers[path])
        assert kept > len(answers[path]) * 0.6, f"{path}: {kept} of {len(answers[path])} without Django"
    assert {answer.status for path in shared for answer in answers[path]} == {200}


def test_a_change_whose_process_died_is_followed_by_another(front, live, office):
    """The web processes end the hardest way; nobody follows until others start, and those begin with the drop."""
    page = live.get_page()
    front.warm("/", page.url)
    front.stop_app(signal.SIGKILL)
    take(live, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
    assert front.get(page.url).is_kept
    front.start_app()
    assert front.get_from_django("/robots.txt?").status == 200
    started = time.monotonic()
    while front.get(page.url).status == 200:
        assert time.monotonic() < started + PATIENCE
    assert front.get(page.url).status == 410
    assert page.title not in front.get("/").text
