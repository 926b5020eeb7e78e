"""What a web process remembers of public pages is never older than what this machine has followed to."""

import os
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from home.models import HomePage, OfficeSettings
from home.pagecache import generation, memory, store
from moderation.chain.transitions import take
from news.memo import cached_until_change
from news.models import NewsCategory
from news.proof.verification import read_proof
from tests.support.factories import slip_past_triggers

pytestmark = pytest.mark.db_agnostic
HOST = {"HTTP_HOST": "situs.contoh", "secure": True}


@pytest.fixture
def pages(settings, tmp_path, db):
    settings.PAGES_ROOT = tmp_path / "pages"
    settings.SITE_URL = "https://situs.contoh"
    settings.SECURE_PROXY_SSL_HEADER = None
    generation.take_over()


@pytest.fixture
def read(pages, client):
    """Read a page past the kept file; the second time all that can be remembered is."""

    def _read(path):
        client.get(f"{path}?a=1", **HOST)
        return client.get(f"{path}?a=1", **HOST).content.decode()

    return _read


def count(read, path):
    read(path)
    with CaptureQueriesContext(connection) as queries:
        read(path)
    return len(queries) / 2


def test_what_stands_around_a_page_is_as_new_as_the_last_change(read, rich_page):
    assert "0271 000" not in read(rich_page.url)
    office = OfficeSettings.objects.get()
    office.phone = "0271 000"
    office.save()
    generation.catch_up()
    assert "0271 000" in read(rich_page.url)


def test_a_list_shows_a_renamed_category_and_no_withdrawn_item(read, office, rich_item, rich_page):
    assert ">Pembangunan" in read("/berita/")
    NewsCategory.objects.filter(pk=rich_page.category_id).update(name="Prasarana")
    generation.catch_up()
    assert ">Prasarana" in read("/berita/")
    assert rich_page.title in read("/berita/")
    take(rich_item, "take_down", office.sekretaris, {"comment": "Foto keliru."})
    generation.catch_up()
    assert rich_page.title not in read("/berita/")


def test_the_register_is_counted_once_and_again_after_each_change(read, office, rich_item, rich_page):
    path = "/ppid/daftar-publikasi/"
    assert "1 baris." in read(path)
    with CaptureQueriesContext(connection) as queries:
        read(path)
    assert not [
        each["sql"] for each in queries if "COUNT(*)" in each["sql"] and "moderation_disposition" in each["sql"]
    ]
    take(rich_item, "take_down", office.sekretaris, {"comment": "Foto keliru."})
    generation.catch_up()
    assert "0 baris." in read(path)


def test_each_page_marks_its_own_place_in_the_remembered_menu(read, rich_page):
    assert 'href="/" aria-current="page"' in read("/")
    assert 'href="/" aria-current="page"' not in read("/berita/")
    assert 'href="/" aria-current="page"' in read("/")


def test_the_front_page_has_its_words_whoever_came_before(read, rich_page):
    HomePage.objects.update(welcome_heading="Selamat datang di kantor kami")
    generation.catch_up()
    read(rich_page.url)
    assert "Selamat datang di kantor kami" in read("/")


def test_what_is_remembered_asks_nothing(read, rich_page):
    assert count(read, rich_page.url) <= 8
    assert count(read, "/berita/") <= 4


def test_another_state_is_seen_at_once(pages, settings):
    path = settings.PAGES_ROOT / "state.json"
    for number in range(50):
        store.write_state(store.State(number, 0, "versi", "mesin"))
        assert store.read_state().number == number
    old = time.time() - 60
    os.utime(path, (old, old))
    assert store.read_state().number == 49
    assert store.read_state().number == 49
    store.write_state(store.State(50, 0, "versi", "mesin"))
    assert store.read_state().number == 50


def test_another_folder_is_another_memory(pages, settings, tmp_path):
    state = store.read_state()
    assert cached_until_change(("fakta",), lambda: "lama") == "lama"
    settings.PAGES_ROOT = tmp_path / "lain"
    store.write_state(state)
    assert cached_until_change(("fakta",), lambda: "baru") == "baru"


def test_the_least_wanted_is_forgotten_first(pages, monkeypatch):
    monkeypatch.setattr(memory, "MAX_BYTES", 3_000)
    for key in ("a", "b", "a", "c"):
        cached_until_change((key,), lambda: "lama" * 250)
    assert [cached_until_change((key,), str) != "" for key in ("a", "c", "b")] == [True, True, False]


def test_what_is_larger_than_all_may_be_is_not_remembered(pages, monkeypatch):
    monkeypatch.setattr(memory, "MAX_BYTES", 3_000)
    cached_until_change(("small",), lambda: "lama")
    cached_until_change(("large",), lambda: ["lama" * number for number in range(100)])
    assert cached_until_change(("large",), list) == []
    assert cached_until_change(("small",), str) == "lama"


def test_an_article_grows_no_more_when_it_was_weighed(read, rich_page):
    read(rich_page.url)
    article, weight = next(kept for key, kept in memory._facts.items() if key[1] == "article")
    assert weight <= memory._weight <= memory.MAX_BYTES
    assert memory.weigh(article, memory.MAX_BYTES) <= 1.25 * weight


def test_an_article_asks_nothing_the_second_time_and_shows_each_change(read, office, rich_item, rich_page):
    # One statement asks whether the page is still to be kept.
    assert count(read, rich_page.url) <= 1
    assert count(read, "/") <= 2
    assert count(read, "/berita/atom.xml") <= 1
    correction = office.open_ralat(rich_item, lead="Jumlah yang benar adalah lima puluh dua kepala keluarga.")
    office.bring_to("done", correction)
    generation.catch_up()
    assert "lima puluh dua kepala" in read(rich_page.url)
    take(correction, "take_down", office.sekretaris, {"comment": "Keliru."})
    generation.catch_up()
    assert rich_page.title not in read(rich_page.url)


def test_whoever_has_a_cookie_reads_the_database(pages, client, rich_page):
    """People who are signed in, and the proof of what citizens get."""
    address = f"{rich_page.url}?a=1"
    client.get(address, **HOST)
    slip_past_triggers(Page.objects.filter(pk=rich_page.pk), title="Diubah")
    assert "Diubah" not in client.get(address, **HOST).content.decode()
    assert "Diubah" in client.get(address, HTTP_COOKIE="_keutuhan=1", **HOST).content.decode()


def test_a_proof_is_that_of_the_version_in_memory(rich_page):
    page = type(rich_page).objects.get(pk=rich_page.pk)
    assert read_proof(page)
    page.live_revision_id = 0
    assert not read_proof(page)
