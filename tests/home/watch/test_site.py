"""What citizens receive through a real nginx, altered in the ways in which sites of offices are altered."""

import gzip
import threading
import time
from contextlib import contextmanager

import pytest
from django.utils import timezone
from wagtail.models import Site

from home.watch import addresses, looking, manifest
from home.watch.fetching import Fetcher
from home.watch.looking import look
from moderation.models import Discrepancy, Notification, Watch
from tests.support.front import settings as front_settings
from tests.support.front.nginx import free_port

pytestmark = pytest.mark.nginx
AS_FRONT = (
    "PAGES_ROOT",
    "SENDFILE_BACKEND",
    "SECURE_PROXY_SSL_HEADER",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
)
ADVERT = '<a href="https://slot.example/">Slot gacor</a>'
SCRIPT = '<script src="https://slot.example/a.js"></script>'


@pytest.fixture
def watched(front, settings, monkeypatch):
    """The site with its watch, which does not wait as long as in an office."""
    for name in AS_FRONT:
        setattr(settings, name, getattr(front_settings, name))
    settings.SITE_URL = f"https://127.0.0.1:{front.port}"
    # A test before this one may have left the address of its site in the cache.
    Site.clear_site_root_paths_cache()
    monkeypatch.setattr(looking, "PAUSE", 0.3)
    # Of their own: test_manifest.py.
    monkeypatch.setattr(manifest, "find_changed", lambda **_: [])
    return front


def take_look(front) -> list[Discrepancy]:
    """Look once, and return what differs now."""
    watch, _ = Watch.objects.get_or_create(part="site", defaults={"due_at": "2026-01-01T00:00:00Z"})
    look(watch, Fetcher(front.address, 500), threading.Event())
    return list(Discrepancy.objects.filter(mended_at=None).order_by("pk"))


def look_until(front, is_so) -> list[Discrepancy]:
    """Look until what differs is so; a process of nginx that ends may answer by the old configuration for a while."""
    deadline = time.monotonic() + 90
    while not is_so(found := take_look(front)):
        assert time.monotonic() < deadline, [(each.place, each.aspect) for each in found]
        Watch.objects.exclude(round_ended_at=None).update(cursor="", round_ended_at=None)
    return found


def see_everything(front) -> None:
    """Look until everything was seen once, and find nothing."""
    for _number in range(10):
        assert take_look(front) == [], [(d.place, d.aspect, d.expected, d.received) for d in take_look(front)]
        if Watch.objects.get().round_ended_at:
            return
    raise AssertionError("the round does not end")


@pytest.fixture
def pages_alone(monkeypatch):
    """Leave the views out of every round from now on: they cost most of it, and all were seen."""

    def leave_out():
        views = set(addresses._list_views())
        monkeypatch.setattr(looking, "list_addresses", lambda: sorted(set(addresses.list_addresses()) - views))
        # Nothing is published any more.
        monkeypatch.setattr(looking, "PAUSE", 0.01)

    return leave_out


def altered_file(front, page):
    """The kept page, plain and packed."""

    @contextmanager
    def altering():
        front.warm(page.url)
        plain = front.pages / "live" / "pages" / f"{page.url.strip('/')}/index.html"
        packed = plain.with_name("index.html.gz")
        whole = plain.read_bytes()
        evil = whole.replace(b"</main>", ADVERT.encode() + b"</main>")
        plain.write_bytes(evil)
        packed.write_bytes(gzip.compress(evil))
        yield
        plain.write_bytes(whole)
        packed.write_bytes(gzip.compress(whole))

    return altering


def altered_front(front, lines):
    """The configuration of nginx, for whatever it gives out of the folder of pages."""
    inside = "    location / {\n"
    told = f"    location = /ubah/ {{ return 204; }}\n{inside}{lines}\n"

    def is_altered():
        return front.get("/ubah/").status == 204

    @contextmanager
    def altering():
        front.reconfigure(lambda text: text.replace(inside, told, 1), is_altered)
        yield
        front.reconfigure(lambda text: text.replace(told, inside, 1), lambda: not is_altered())

    return altering


def added_file(front):
    """A page that nobody made; nginx gives it out."""

    @contextmanager
    def altering():
        file = front.pages / "live" / "pages" / "slot-gacor" / "index.html"
        file.parent.mkdir()
        file.write_text(f"<h1>{ADVERT}</h1>")
        assert front.get("/slot-gacor/").status == 200
        yield
        file.unlink()

    return altering


BOTH = "sebagai ponsel dan sebagai mesin pencari"


def list_alterations(front, page):
    """What is altered, where it shows, in which aspect, and as whom one sees it."""
    # nginx alters no packed file: the watch asks for both.
    robot, once = "sebagai mesin pencari", "sub_filter_once on;"
    yield altered_file(front, page), page.url, "tautan", BOTH
    cloak = f"if ($http_user_agent ~ Googlebot) {{ return 200 '{ADVERT}'; }}"
    yield altered_front(front, cloak), page.url, "tautan", robot
    elsewhere = "if ($remote_addr = 127.0.0.2) { return 302 https://slot.example/; }"
    second = "sebagai ponsel dari alamat kedua dan sebagai mesin pencari dari alamat kedua"
    yield altered_front(front, elsewhere), "/", "jawaban", second
    script = f"{once} sub_filter '</body>' '{SCRIPT}</body>';"
    yield altered_front(front, script), "/", "skrip dan bagian aktif", robot
    text = f"{once} sub_filter '<h1' '<p>slot gacor</p><h1';"
    yield altered_front(front, text), page.url, "teks", robot
    header = 'add_header Refresh "0; url=https://slot.example/";'
    yield altered_front(front, header), page.url, "kepala jawaban", BOTH
    entry = f"<url><loc>{front.address}/slot/</loc></url>"
    sitemap = f"{once} sub_filter_types application/xml; sub_filter '</urlset>' '{entry}</urlset>';"
    yield altered_front(front, sitemap), "/sitemap.xml", "alamat di dalamnya", robot
    yield added_file(front), "/slot-gacor/", "alamat yang tidak dikenal situs", BOTH


def test_each_alteration_raises_one_alarm_and_one_more_when_it_is_mended(watched, office, settings, pages_alone):
    settings.WATCH_SECOND_ADDRESS = "127.0.0.2"
    page = office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu")).get_page()
    see_everything(watched)
    pages_alone()
    assert not Notification.objects.filter(subject__contains="warga").exists()
    for alter, path, aspect, seen_as in list_alterations(watched, page):
        Watch.objects.update(cursor="", round_ended_at=None)
        Notification.objects.all().delete()
        place = f"{settings.SITE_URL}{path}"
        with alter():
            found = look_until(watched, lambda seen, place=place: any(each.place == place for each in seen))
            told = next(each for each in found if each.place == place and each.aspect == aspect)
            assert told.seen_as.startswith(seen_as), aspect
            assert "slot" in told.received.lower(), aspect
            assert "slot" not in told.expected.lower(), aspect
            mails = Notification.objects.order_by("pk")
            assert set(mails.values_list("subject", flat=True)) == {
                "Peringatan: yang diterima warga berbeda dari yang diverifikasi"
            }
            body = mails[0].body
            assert body.index("SEHARUSNYA:") < body.index("DITERIMA:")
            assert "slot" in body.lower()
            assert "https://slot" not in body
            while Watch.objects.get().round_ended_at is None:
                take_look(watched)
            mails.all().delete()
            take_look(watched)
            assert not mails.exists(), "the same change is told once"
        look_until(watched, lambda seen: not seen)
        assert mails.filter(subject="Pulih: Situs yang diterima warga").exists()


def test_a_site_that_is_down_is_said_in_a_sentence_of_its_own(watched, office, settings):
    watch = Watch.objects.create(part="site", due_at=timezone.now())
    look(watch, Fetcher(f"http://127.0.0.1:{free_port()}", 50), threading.Event())
    [found] = Discrepancy.objects.all()
    assert (found.place, found.aspect) == (settings.SITE_URL, "situs tidak dapat dibuka")
    assert found.received == "Situs sebagai ponsel dan sebagai mesin pencari: menolak sambungan."
    assert take_look(watched) == []
    assert Notification.objects.filter(subject__startswith="Pulih").exists()
