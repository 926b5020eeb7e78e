"""What is kept of the public pages, for whom, and which change drops what."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Page, PageViewRestriction, Site

from home.models import HomePage, OfficeSettings, StandardPage
from home.pagecache import generation, store
from home.pagecache.groups import EVERYTHING, GENERAL, MEDIA
from home.pagecache.models import PageChange, PageGeneration
from moderation.chain.transitions import take
from news.models import NewsCategory, NewsPage
from tests.support.factories import make_photo, slip_past_triggers

pytestmark = pytest.mark.db_agnostic
HOST = {"HTTP_HOST": "situs.contoh", "secure": True}


@pytest.fixture
def read(pages, client):
    """Read a page as anybody, and say whether it is kept now."""

    def _read(path, **extra):
        client.get(path, **HOST | extra)
        return is_kept(pages, path)

    return _read


def is_kept(pages, path):
    return any((pages / f"{path}{ending}".lstrip("/")).exists() for ending in ("index.html", ".atom", ".rss", ".xml"))


@pytest.fixture
def noted(pages):
    """Settle what was noted so far; then return the groups noted by what is called."""

    def _noted(change=lambda: None):
        generation.catch_up()
        change()
        return set(PageChange.objects.filter(generation=None).values_list("group", flat=True))

    return _noted


def test_public_pages_are_kept_plain_and_compressed(news, read, pages):
    generation.catch_up()
    for path in ("/", "/berita/", news.url, "/berita/atom.xml", "/berita/rss.xml", "/sitemap.xml"):
        assert read(path), path
    kept = pages / news.url.lstrip("/")
    assert news.title in (kept / "index.html").read_text()
    assert (kept / "index.html.gz").exists()


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "lain=1"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
        {"HTTP_HOST": "situs.contoh:8443"},
        {"HTTP_HOST": "lain.contoh"},
        {"QUERY_STRING": "utm_source=x&halaman=2"},
        {"secure": False},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
    ],
)
def test_what_anything_sets_apart_is_not_kept(read, client, extra):
    assert not read("/", **extra)
    client.cookies.clear()
    assert read("/")


def test_the_office_own_screens_searches_and_lost_addresses_are_not_kept(news, read, log_in, office, pages):
    for path in ("/cari/", "/admin/login/", "/tidak-ada/", "/berita"):
        assert not read(path), path
    log_in(office.admin)
    assert not read("/")
    assert not is_kept(pages, "/")


def test_a_preview_and_a_closed_page_are_not_kept(read, office, pages):
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Profil"))
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.PASSWORD, password="x")
    assert not read(page.url)
    draft = office.bring_to("ordered").get_page()
    assert not read(draft.url)


def test_a_withdrawn_item_answers_410_and_is_not_kept(office, read, client):
    item = office.bring_to("live")
    page = item.get_page()
    take(item, "take_down", office.sekretaris, {"comment": "Keliru.", "public_notice": False})
    generation.catch_up()
    assert not read(page.url)
    assert client.get(page.url, **HOST).status_code == 410


def test_the_way_of_an_item_is_noted_only_where_citizens_see_it(office, noted):
    # The first draft makes the category, too.
    item = office.bring_to("composing")
    assert noted(lambda: office.write(item)) == set()
    assert noted(lambda: office.bring_to("ordered", item)) == set()
    item.refresh_from_db()
    page = item.get_page()
    category = f"kategori-{page.category_id}"
    assert noted(lambda: take(item, "publish", office.staf1)) == {GENERAL, category}
    item.refresh_from_db()
    ralat = lambda: office.open_ralat(item)  # noqa: E731
    assert noted(ralat) == set()
    item.refresh_from_db()
    withdraw = {"comment": "Keliru.", "public_notice": False}
    assert noted(lambda: take(item, "take_down", office.sekretaris, withdraw)) >= {GENERAL, category, MEDIA}


def test_a_new_item_leaves_other_categories_and_plain_pages_alone(office, news, read, pages):
    other = NewsCategory.objects.create(name="Kesehatan", slug="kesehatan")
    plain = HomePage.objects.get().add_child(instance=StandardPage(title="Profil"))
    waiting = office.bring_to("composing")
    office.write(waiting, category=other)
    waiting = office.bring_to("ordered", waiting)
    generation.catch_up()
    assert all([read("/"), read(news.url), read(plain.url)])
    take(waiting, "publish", office.staf1)
    generation.catch_up()
    assert [is_kept(pages, path) for path in ("/", news.url, plain.url)] == [False, True, True]


@pytest.mark.parametrize(
    "change",
    [
        lambda news: OfficeSettings.objects.update(phone="0271"),
        lambda news: NewsCategory.objects.update(name="Lain"),
        # The words of a verified item are frozen: only past the triggers.
        lambda news: slip_past_triggers(Tag.objects.all(), name="lain"),
        lambda news: Site.objects.update(site_name="Lain"),
        lambda news: HomePage.objects.update(welcome_heading="Lain"),
        lambda news: Page.objects.filter(pk=news.get_parent().pk).update(title="Lain"),
        lambda news: HomePage.objects.get().add_child(instance=StandardPage(title="Baru")),
        lambda news: news.main_image.renditions.first().delete(),
        lambda news: type(news.main_image).objects.filter(pk=news.main_image_id).update(title="Lain"),
        lambda news: PageViewRestriction.objects.create(
            page=StandardPage.objects.first(), restriction_type=PageViewRestriction.LOGIN
        ),
    ],
    ids=["office", "category", "tag", "site", "front", "list", "new page", "rendition", "picture", "restriction"],
)
def test_whatever_stands_on_many_pages_drops_them_all(office, noted, client, change):
    HomePage.objects.get().add_child(instance=StandardPage(title="Profil"))
    item = office.bring_to("composing")
    page = office.write(item, main_image=make_photo(), main_image_alt="Saluran", main_image_credit="Dokumentasi")
    page.tags.add("irigasi")
    page.save_revision(user=office.staf1)
    page = office.bring_to("live", item).get_page()
    client.get(page.url)
    assert EVERYTHING in noted(lambda: change(NewsPage.objects.get(pk=page.pk)))


def test_an_item_in_a_menu_or_banner_stands_on_every_page(office, noted):
    item = office.bring_to("live")
    settings = OfficeSettings.objects.get()
    settings.menu = [("entry", {"page": item.get_page(), "label": "Penting"})]
    settings.save()
    withdraw = {"comment": "Keliru.", "public_notice": False}
    assert EVERYTHING in noted(lambda: take(item, "take_down", office.sekretaris, withdraw))


def test_a_render_that_began_before_a_change_is_never_kept(pages):
    began = store.read_state()
    assert generation.keep_page("/a/index.html", GENERAL, b"a", began)
    # Noted without a number; numbered, the machine not caught up; caught up: each time it is too late.
    PageChange.objects.create(group="kategori-1")
    assert not generation.keep_page("/b/index.html", GENERAL, b"b", began)
    generation.assign_generation()
    assert not generation.keep_page("/b/index.html", GENERAL, b"b", began)
    assert not generation.keep_page("/b/index.html", GENERAL, b"b", store.read_state())
    generation.catch_up()
    assert not generation.keep_page("/b/index.html", GENERAL, b"b", began)
    assert generation.keep_page("/b/index.html", GENERAL, b"b", store.read_state())
    assert (pages / "a/index.html").read_text() == "a"


def test_two_machines_each_follow(pages, settings, tmp_path):
    here, there = settings.PAGES_ROOT, tmp_path / "there"
    for root in (there, here):
        settings.PAGES_ROOT = root
        generation.take_over()
        assert generation.keep_page("/a/index.html", GENERAL, b"a", store.read_state())
    PageChange.objects.create(group=GENERAL)
    generation.catch_up()
    assert not (here / "live/pages/a/index.html").exists()
    assert (there / "live/pages/a/index.html").exists()
    settings.PAGES_ROOT = there
    generation.catch_up()
    assert not (there / "live/pages/a/index.html").exists()


@pytest.mark.parametrize(
    "state",
    [
        lambda now: store.State(now.number + 5, now.began, now.release, now.boot),
        lambda now: store.State(now.number - generation.KEPT_GENERATIONS, now.began, now.release, now.boot),
        lambda now: store.State(now.number, now.began, now.release, "another start"),
        lambda now: store.State(now.number, now.began, "another version", now.boot),
        lambda now: store.State(),
    ],
    ids=["restored database", "long behind", "power cut", "new version", "lost"],
)
def test_who_cannot_know_begins_empty(pages, state):
    assert generation.keep_page("/a/index.html", "kategori-9", b"a", store.read_state())
    with store.locked():
        store.write_state(state(store.read_state()))
    generation.take_over()
    assert not (pages / "a/index.html").exists()
    assert generation.keep_page("/a/index.html", "kategori-9", b"a", store.read_state())


def test_an_old_process_keeps_nothing_after_a_new_version_took_over(pages, monkeypatch):
    monkeypatch.setattr(generation, "get_release", lambda: "new")
    generation.take_over()
    monkeypatch.undo()
    assert not generation.keep_page("/a/index.html", GENERAL, b"a", store.read_state())


def test_while_an_upgrade_runs_nothing_is_dropped_or_kept_and_afterwards_all_is(pages, monkeypatch):
    assert generation.keep_page("/a/index.html", GENERAL, b"a", store.read_state())
    call_command("freeze_pages")
    monkeypatch.setattr(generation, "get_release", lambda: "new")
    generation.take_over()
    PageChange.objects.create(group=EVERYTHING)
    assert generation.catch_up() == 0
    assert (pages / "a/index.html").read_bytes() == b"a"
    assert not generation.keep_page("/b/index.html", GENERAL, b"b", store.read_state())

    (settings.PAGES_ROOT / "frozen").unlink()
    generation.take_over()
    assert not (pages / "a/index.html").exists()
    assert generation.keep_page("/b/index.html", GENERAL, b"b", store.read_state())


def test_a_restart_of_the_machine_ends_the_freeze(pages, monkeypatch):
    generation.keep_page("/a/index.html", GENERAL, b"a", store.read_state())
    generation.freeze()
    monkeypatch.setattr(generation, "get_boot", lambda: "another start")
    generation.take_over()
    assert not (pages / "a/index.html").exists()


def test_copies_of_two_contents_never_carry_the_same_moment(pages):
    began = []
    for _number in range(3):
        PageChange.objects.create(group=GENERAL)
        generation.catch_up()
        began.append(store.read_state().began)
    assert len(set(began)) == 3


def set_clock_back(**ago):
    PageGeneration.objects.update(settled_at=timezone.now() - timedelta(**ago))


def test_midnight_changes_the_pages(pages):
    generation.catch_up()
    number = PageGeneration.objects.get().number
    set_clock_back(days=1)
    assert generation.catch_up() == 1
    assert PageGeneration.objects.get().number == number + 1
    assert generation.catch_up() == 0


def test_a_banner_that_ends_changes_the_pages(office, pages):
    page = office.bring_to("live").get_page()
    now = timezone.now()
    settings = OfficeSettings.objects.get()
    settings.alerts = [
        ("alert", {"level": "info", "page": page, "starts_at": None, "ends_at": now - timedelta(seconds=5)})
    ]
    settings.save()
    generation.catch_up()
    assert generation.catch_up() == 0
    PageGeneration.objects.update(settled_at=now - timedelta(seconds=10))
    assert generation.catch_up() == 1


def test_a_folder_that_cannot_be_written_costs_the_reader_nothing(settings, client, pages, caplog):
    (pages.parent.parent / "state.json").unlink()
    settings.PAGES_ROOT = pages.parent.parent / "lock"
    assert client.get("/", **HOST).status_code == 200
