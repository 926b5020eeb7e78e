"""Readers before a real nginx, while the office publishes, corrects and takes down behind it."""

import http.client
import shutil
import signal
import time
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from moderation.chain.transitions import take
from news.models import Attachment
from news.picture_files import prerender
from tests.bench.public import site
from tests.support.factories import make_photo
from tests.support.front.stack import Answer, reading

#: Answers to each path that are looked at after a change.
ENOUGH = 20
pytestmark = pytest.mark.nginx


@pytest.fixture
def live(front, office):
    """A live item."""
    return office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu"))


@dataclass
class Watch:
    """What readers got once one change was followed, ``since`` which moment on."""

    answers: dict
    since: float

    def __post_init__(self):
        """Wait until each page was read often enough, however slow the machine."""
        deadline = time.monotonic() + 120
        while min(len(self._get_late(path)) for path in self.answers) < ENOUGH:
            assert time.monotonic() < deadline, "the readers are too slow"
            time.sleep(0.05)

    def _get_late(self, path):
        return [answer for answer in list(self.answers[path]) if answer.asked_at > self.since]

    def expect(self, paths, *shown, gone=()):
        """Every reader sees the new and nothing of the old."""
        for path in paths:
            late = self._get_late(path)
            right = [all(text in a.text for text in shown) and not any(text in a.text for text in gone) for a in late]
            assert all(right), f"{path}: {right.count(False)} of {len(late)} are stale"


def test_no_reader_sees_an_old_page_once_the_change_was_followed(front, live, office):
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
        watch = Watch(answers, front.settle())
        watch.expect([*lists, slug], "Kerja bakti saluran irigasi Buntar")
        watch.expect(["/sitemap.xml"], slug)

        take(ralat, "publish", office.staf1)
        Watch(answers, front.settle()).expect([*lists, page.url], "Ringkasan setelah ralat.")

        waiting.refresh_from_db()
        take(waiting, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
        watch = Watch(answers, front.settle())
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
    deadline = time.monotonic() + 60
    while front.get(page.url).status == 200:
        assert time.monotonic() < deadline, "nobody follows"
        time.sleep(0.05)
    assert front.get(page.url).status == 410
    assert page.title not in front.get("/").text


#: What nginx makes itself, or tells of the connection alone.
OF_NGINX = {"date", "server", "etag", "last-modified", "connection", "accept-ranges", "content-length", "vary"}


def get_said(answer):
    """The headers that a reader's browser acts upon."""
    return {name: value for name, value in answer.headers.items() if name not in OF_NGINX}


def test_a_shared_link_is_the_kept_page(front, live):
    page = live.get_page()
    front.warm(page.url)
    kept = front.get(page.url)
    for query in ("utm_source=wa&utm_medium=sosial", "fbclid=IwAR0_x-y&a=%C3%A9", "ref"):
        shared = front.get(f"{page.url}?{query}")
        assert (shared.is_kept, shared.text) == (True, kept.text), query
    read = ["q=air", "utm_source=wa&halaman=2", "%71=air", "a=1&"]
    assert [query for query in read if front.get(f"{page.url}?{query}").is_kept] == []


def test_the_front_server_says_what_django_says_and_asks_it_for_whoever_is_not_anybody(front, office):
    item = office.bring_to("composing")
    document = Attachment(title="Daftar hadir")
    document.file.save("hadir.pdf", ContentFile(b"%PDF-1.4"))
    page = office.write(
        item,
        main_image=make_photo(),
        main_image_alt="Saluran",
        main_image_credit="Dokumentasi",
        body=[("document", {"document": document, "title": ""})],
    )
    photo = page.main_image.get_rendition("max-480x640|format-webp")
    assert [front.get(path).status for path in (photo.url, document.url)] == [404, 404]
    page = office.bring_to("live", item).get_page()
    # Or else the first answer takes seconds, on a busy machine very many.
    prerender.make_all()

    for path in ("/", page.url, "/berita/atom.xml", "/berita/rss.xml", "/sitemap.xml", "/robots.txt"):
        front.warm(path)
        state = front.read_state()
        made, kept = front.get_from_django(path), front.get(path)
        # Nothing changes here; files of the program that somebody edits meanwhile are another release, which drops all.
        assert kept.is_kept, f"{path}: {state} became {front.read_state()}"
        assert not made.is_kept
        assert get_said(kept) == get_said(made), path
        assert kept.text == made.text
    front.warm(page.url)
    packed = front.get(page.url, Accept_Encoding="gzip")
    assert packed.is_kept
    assert packed.headers["content-encoding"] == "gzip"
    again = front.get(page.url, If_None_Match=front.get(page.url).headers["etag"])
    assert again.status == 304
    assert front.get(page.url, method="HEAD").is_kept
    assert front.get(page.url, Cookie="_ga=GA1.2; _pk_id.1=a").is_kept

    for different in (
        {"Cookie": "sessionid=x"},
        {"Cookie": "__Host-sessionid=x"},
        {"Cookie": "_ga=1; __Host-csrftoken=x"},
        {"Cookie": "_ga=1; lain=2"},
        {"Authorization": "Basic eDp5"},
        {"method": "POST"},
        {"method": "OPTIONS"},
    ):
        assert not front.get(page.url, **different).is_kept, different
    for host in ("127.0.0.1", f"127.0.0.1:{front.port + 1}"):
        assert not front.get("/", Host=host).is_kept
    with pytest.raises(http.client.RemoteDisconnected):
        front.get("/", Host="lain.contoh")

    front.warm(photo.url)
    assert front.get(photo.url).headers["content-type"] == "image/webp"
    assert get_said(front.get(photo.url)) == get_said(front.get(f"{photo.url}?q"))
    download = front.get(document.url)
    assert (download.status, download.text) == (200, "%PDF-1.4")
    assert download.headers["content-disposition"].startswith("attachment")
    for answer in (front.get(photo.url), download):
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"
    for path in (page.main_image.file.name, document.file.name, photo.file.name):
        for folder in ("berkas-dalam", "pages", "static/../media", "media/../media"):
            reached = front.get(f"/{folder}/{path}")
            assert reached.status in {400, 404} or path == photo.file.name, (folder, path)
    for path in ("/none/index.html", "/pages/index.html", "/groups/umum/", "/../state.json", "/state.json"):
        assert front.get(path).status in {400, 404}, path

    assert front.get_from_django("/metrics").text.startswith("# HELP situs_")
    assert front.get("/metrics").status == 404
    for path in ("/healthz/live", "/healthz/ready", "/healthz/ready"):
        ready = front.get(path)
        assert (ready.status, ready.headers["cache-control"], ready.is_kept) == (200, "no-store", False), path


def test_readers_of_an_upgrade_get_kept_pages_and_a_plain_word(front, live):
    page = live.get_page()
    front.warm(page.url, "/")
    shown = front.pages.parent / "static" / "home" / "pemeliharaan.html"
    shown.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(settings.BASE_DIR / "home" / "static" / "home" / "pemeliharaan.html", shown)
    flag = front.pages.parent / "pemeliharaan"
    flag.touch()
    try:
        answers = {503: front.get("/cari/?q=air"), 502: None}
    finally:
        flag.unlink()
    front.stop_app()
    answers[502] = front.get("/cari/?q=air")
    for status, answer in answers.items():
        assert answer.status == status
        assert "Situs sedang diperbarui" in answer.text
        assert answer.headers["retry-after"] == "120"
        assert answer.headers["cache-control"] == "no-store"
    assert front.get(page.url).is_kept
    assert front.get("/.pemeliharaan").status == 404


@pytest.mark.parametrize(("headers", "status"), [({"etag": "1", "last-modified": "2"}, 200), ({}, 503)])
def test_the_bench_stops_where_django_did_not_answer(monkeypatch, headers, status):
    monkeypatch.setattr(site, "put_load", lambda *_args, **_more: SimpleNamespace(errors=0, requests=1))
    asked = SimpleNamespace(
        address="",
        front_pid=0,
        app=SimpleNamespace(pid=0),
        get=lambda _path, **_headers: Answer(0, status, headers, ""),
    )
    with pytest.raises(SystemExit, match="not answered by Django"):
        site._ask_django(asked, "/", 0, 1)
