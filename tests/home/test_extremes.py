"""Every page and list with nothing, with too much, and with what it needs gone: it is shown all the same."""

import pytest
from django.urls import reverse
from wagtail.models import Page, Site

from home import models
from home.starter import make_starter_pages
from news.models import Kind, NewsCategory, NewsIndexPage, NewsPage, Photo, Rendition
from tests.support.factories import make_photo

from .test_pages import LONG_TITLE, LONG_WORD, show

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

VIEWS = (
    "genuine",
    "open_information",
    "open_items",
    "open_register",
    "search",
    "public_information",
    "public_register",
    "style_guide",
    "open_data",
    "sitemap",
    "robots",
    "news:atom",
    "news:rss",
    "news:calendar",
)


def list_addresses():
    """Every address that leads to a page of its own: reference pages, items, lists of each kind, the rest."""
    addresses = [page.url for page in Page.objects.live().filter(depth__gt=1) if page.url]
    for index in NewsIndexPage.objects.live():
        addresses += [f"{index.url}{part}" for part in ("kategori/pembangunan/", "topik/irigasi/", "desa/pendem/")]
    addresses += [
        "/agenda/lampau/",
        "/cari/?q=musyawarah",
        "/cari/?q=tidakadasamasekali",
        "/ppid/daftar-publikasi/?q=x",
    ]
    return addresses + [reverse(name) for name in VIEWS]


def read_all(client):
    """Return what each address answers, and see that none breaks."""
    client.raise_request_exception = True
    answers = {address: client.get(address) for address in list_addresses()}
    broken = {
        address: answer.status_code for address, answer in answers.items() if answer.status_code not in (200, 404)
    }
    assert not broken
    return answers


def assert_shown(answers):
    """What exists is shown; only an empty list of a category, topic or village may not exist."""
    lost = [address for address, answer in answers.items() if answer.status_code == 404]
    assert all("/kategori/" in address or "/topik/" in address or "/desa/" in address for address in lost), lost


@pytest.fixture
def gallery(office):
    """A gallery of 60 pictures with the longest words that fit."""
    photo = make_photo()
    item = office.bring_to("composing", office.issue("Galeri " * 20, kind=Kind.GALLERY))
    body = [("gallery", {"title": "Foto " * 15, "pictures": [show(photo, number) for number in range(60)]})]
    main = {"main_image": photo, "main_image_alt": "Saluran", "main_image_credit": "Dokumentasi " * 10}
    office.write(item, title=LONG_TITLE, lead=f"{LONG_WORD} {'ringkas ' * 12}"[:280], body=body, **main)
    return office.bring_to("live", item).get_page()


def test_a_site_with_nothing_at_all(client):
    models.OfficeSettings.objects.all().delete()
    assert_shown(read_all(client))
    assert client.get("/tidak-ada/").status_code == 404


def test_a_whole_site_without_any_settings(client):
    make_starter_pages()
    models.OfficeSettings.objects.all().delete()
    answers = read_all(client)
    assert_shown(answers)
    assert "Kecamatan Mojogedang" in answers["/kontak/"].content.decode()
    assert "belum diisi" not in answers["/kontak/"].content.decode()


def test_sixty_pictures_on_a_site_with_everything(gallery, client, django_assert_max_num_queries):
    make_starter_pages()
    client.get(gallery.url)
    with django_assert_max_num_queries(12):
        answer = client.get(gallery.url)
    assert answer.content.decode().count("<figure>") == 60
    answers = read_all(client)
    assert_shown(answers)
    for address in ("/", "/galeri/", "/galeri/kategori/pembangunan/", "/cari/?q=musyawarah"):
        assert gallery.url in answers[address].content.decode(), address


def test_lost_files_and_renditions_break_nothing(gallery, client):
    set_office(highlights=[("news", gallery)])
    for photo in Photo.objects.all():
        photo.file.storage.delete(photo.file.name)
    Rendition.objects.all().delete()
    answers = read_all(client)
    assert_shown(answers)
    assert LONG_TITLE in answers["/"].content.decode()
    assert client.get(gallery.url).status_code == 200


def set_office(**values):
    office = models.OfficeSettings.objects.get_or_create(site=Site.objects.get())[0]
    for name, value in values.items():
        setattr(office, name, value)
    office.save()


def test_what_the_settings_lead_to_may_be_deleted(client):
    home = models.HomePage.objects.get()
    page = home.add_child(instance=models.StandardPage(title="Sementara", slug="sementara"))
    services = home.add_child(instance=models.ServiceIndexPage(title="Layanan", slug="layanan"))
    service = services.add_child(instance=models.ServicePage(title="Layanan sementara", slug="s"))
    logo = make_photo()
    link = {"label": "", "page": page, "address": ""}
    set_office(
        menu=[("entry", link | {"children": [link]})],
        footer=[("column", {"heading": "Kolom", "links": [link]})],
        popular_services=[("service", service)],
        logo=logo,
    )
    body = [("links", [{"label": "", "address": "", "page": page, "text": ""}]), ("image", show(logo, 1))]
    other = home.add_child(instance=models.StandardPage(title="Lain", slug="lain", body=body))
    page.delete()
    service.delete()
    logo.delete()
    answers = read_all(client)
    assert_shown(answers)
    for address in ("/", other.url, "/layanan/"):
        assert "ementara" not in answers[address].content.decode(), address


def test_a_category_is_kept_while_an_item_is_in_it_and_its_list_goes_with_it(gallery, office, client):
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        gallery.category.delete()
    NewsCategory.objects.create(name="Kosong", slug="kosong").delete()
    assert client.get("/berita/kategori/kosong/").status_code == 404


@pytest.mark.parametrize("kind", Kind.values)
def test_an_item_of_each_kind_with_the_least_that_the_office_may_publish(office, client, kind):
    item = office.bring_to("live", office.issue("Judul", kind=kind))
    answers = read_all(client)
    assert_shown(answers)
    page = NewsPage.objects.get(pk=item.page_id)
    assert "Judul" in answers[page.url].content.decode()
    assert "Judul" in answers["/"].content.decode()
