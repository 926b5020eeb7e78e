"""The front page, plain pages, search, and what machines and errors get."""

import re

import pytest
from django.test import Client
from django.urls import path, reverse
from wagtail.models import Page, Site

from home.models import HomePage, OfficeSettings, StandardPage
from home.search.views import RESULTS_PER_PAGE
from home.starter import make_starter_pages
from kecamatan_site import urls
from tests.support.factories import PASSWORD


def fail(request):
    raise RuntimeError("the view is broken")


class BrokenUrls:
    """The site's addresses, and one whose view raises."""

    urlpatterns = [path("rusak/", fail), *urls.urlpatterns]


@pytest.fixture
def standard_page(db):
    """A plain page below the front page, in the menu."""
    page = StandardPage(
        title="Profil", introduction="Tiga belas desa.", show_in_menus=True, body=[("paragraph", "<p>Sewurejo.</p>")]
    )
    return HomePage.objects.get().add_child(instance=page)


def test_a_fresh_site_has_a_front_page_and_a_list_of_news(db):
    site = Site.objects.get()
    assert site.root_page.specific == HomePage.objects.get()
    assert [child.slug for child in site.root_page.get_children()] == ["berita", "pengumuman", "agenda", "galeri"]
    assert Page.find_problems() == ([], [], [], [], [])
    assert OfficeSettings.objects.filter(site=site).exists()


def test_the_front_page_shows_the_latest_news(news, client):
    text = client.get("/").content.decode()
    assert news.title in text
    assert news.lead in text
    assert f'href="{news.url}"' in text


def test_citizens_see_nothing_of_what_the_office_has_not_said(db, client):
    make_starter_pages()
    for address in ("/", "/kontak/", "/layanan/", "/desa/"):
        text = client.get(address).content.decode()
        assert "belum diisi" not in text
        assert not re.search(r">(Telepon|Surel|Jam layanan|Ikuti|Datang ke kantor)<", text)
    settings = OfficeSettings.objects.get()
    settings.phone, settings.email = "(0271) 495000", "kantor@contoh.go.id"
    settings.address, settings.hours = "Jalan Contoh 1", "Senin–Jumat"
    settings.social_accounts = [("account", {"label": "Mastodon", "address": "https://sosial.example/@kantor"})]
    settings.save()
    for address in ("/", "/kontak/"):
        text = client.get(address).content.decode()
        assert 'href="tel:0271495000"' in text
        assert all(said in text for said in ("Jalan Contoh 1", "Senin–Jumat", "kantor@contoh.go.id", "Mastodon"))


def test_the_demo_says_that_it_is_one(db, client):
    banner = "Situs contoh. Seluruh berita adalah data rekaan."
    assert banner not in client.get("/").content.decode()
    OfficeSettings.objects.update(is_demo=True)
    assert banner in client.get("/").content.decode()


def test_a_plain_page_is_in_the_menu_and_shows_its_text(standard_page, client):
    text = client.get(standard_page.url).content.decode()
    assert "Tiga belas desa." in text
    assert "<p>Sewurejo.</p>" in text
    assert f'<a href="{standard_page.url}" aria-current="page">Profil</a>' in text


def assert_own_scripts_alone(text):
    """One file of the site's own, and descriptions for machines, which run nothing."""
    for tag in re.findall(r"<script[^>]*>", text):
        assert tag in ('<script src="/static/home/site.js" defer>', '<script type="application/ld+json">')
    assert not re.search(r"<[^>]+\son\w+=", text)


@pytest.mark.parametrize("address", ["/", "/berita/", "/cari/", "/cari/?q=stunting", "/berita/atom.xml", "/tidak-ada/"])
def test_visitors_get_no_cookie_no_foreign_script_and_no_third_party(news, client, address):
    response = client.get(address)
    text = response.content.decode()
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert_own_scripts_alone(text)
    assert 'src="http' not in text.replace('src="http://testserver', "")


def test_an_article_gives_visitors_no_cookie_and_no_foreign_script(news, client):
    response = client.get(news.url)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert_own_scripts_alone(response.content.decode())


def test_the_userbar_is_for_those_who_are_logged_in(news, office):
    staff = Client()
    assert "wagtail-userbar" not in staff.get("/").content.decode()
    staff.login(username=office.admin.username, password=PASSWORD)
    assert "wagtail-userbar" in staff.get("/").content.decode()


def test_search_finds_news_and_pages(news, standard_page, client):
    text = client.get("/cari/?q=stunting").content.decode()
    assert f'href="{news.url}"' in text
    assert "Penyuluhan <mark>stunting</mark>" in text
    assert standard_page.url in client.get("/cari/?q=Sewurejo").content.decode()


def test_search_finds_nothing_that_is_not_live(office, client):
    office.bring_to("ordered", office.issue("Rahasia dapur kantor"))
    assert "Tidak ada hasil" in client.get("/cari/?q=dapur").content.decode()


@pytest.mark.parametrize(
    "words", ["", "   ", "tidakada", '"', "'", "*", "a AND", "(", "%00", "-", "^ NEAR(", "x" * 5000]
)
def test_search_answers_whatever_is_typed(news, client, words):
    response = client.get("/cari/", {"q": words})
    assert response.status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "abc", "999"])
def test_search_answers_for_any_page_number(news, client, number):
    assert client.get("/cari/", {"q": "stunting", "halaman": number}).status_code == 200


def test_search_repeats_the_words_without_running_them(db, client):
    text = client.get("/cari/", {"q": "<script>x</script>"}).content.decode()
    assert "<script>" not in text


def test_search_keeps_the_words_from_page_to_page(office, client):
    for number in range(RESULTS_PER_PAGE + 1):
        HomePage.objects.get().add_child(instance=StandardPage(title=f"Sumur & air {number}"))
    text = client.get("/cari/", {"q": "sumur & air"}).content.decode()
    assert 'href="?q=sumur%20%26%20air&amp;halaman=2"' in text


def test_the_sitemap_lists_live_pages_alone(news, office, client, settings):
    draft = office.bring_to("ordered").get_page()
    text = client.get("/sitemap.xml").content.decode()
    assert f"<loc>{settings.SITE_URL}{news.url}</loc>" in text
    assert draft.slug not in text
    for name in ("genuine", "public_information", "public_register", "open_data"):
        assert f"<loc>{settings.SITE_URL}{reverse(name)}</loc>" in text


def test_robots_are_kept_from_the_office_and_told_of_the_sitemap(db, client, settings):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


def test_a_lost_address_leads_on(db, client):
    response = client.get("/tidak-ada/")
    assert response.status_code == 404
    assert "Halaman tidak ditemukan" in response.content.decode()
    assert 'role="search"' in response.content.decode()


def test_a_broken_view_shows_a_page_that_needs_no_database(settings):
    settings.ROOT_URLCONF = BrokenUrls
    client = Client(raise_request_exception=False)
    response = client.get("/rusak/")
    assert response.status_code == 500
    assert "Terjadi kesalahan pada sistem" in response.content.decode()


def test_every_page_has_landmarks_and_one_first_heading(news, standard_page, client):
    for address in ("/", "/berita/", "/cari/", news.url, standard_page.url, "/tidak-ada/"):
        text = client.get(address).content.decode()
        assert '<html lang="id">' in text
        assert 'href="#isi"' in text
        assert 'id="isi"' in text
        assert text.count("<h1") == 1
        assert all(f"<{name}" in text for name in ("header", "main", "footer", "nav"))
