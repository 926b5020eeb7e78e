"""What programs read: feeds, sitemap, JSON-LD, canonical addresses, open data, redirects."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.models import HomePage, StandardPage
from home.open_data import sitemaps
from moderation.chain.transitions import take
from news.models import NewsPage
from tests.support.factories import slip_past_triggers
from tests.support.many import multiply_item

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
NEWS_TITLE = "{http://www.google.com/schemas/sitemap-news/0.9}title"


@pytest.fixture
def item(office):
    """A live item whose title tries to leave whatever it is written into."""
    item = office.bring_to("composing")
    page = office.write(item, title="Kerja </script> & “Bakti”")
    page.tags.add("Irigasi Desa")
    page.save_revision(user=office.staf1)
    return office.bring_to("live", item)


def read_graph(html):
    (script,) = BeautifulSoup(html, "html.parser").select('script[type="application/ld+json"]')
    return {thing["@type"]: thing for thing in json.loads(script.string)["@graph"]}


class TestFeeds:
    @pytest.mark.parametrize("form", ["atom", "rss"])
    @pytest.mark.parametrize("scope", ["", "kategori/pembangunan/", "tag/irigasi-desa/"])
    def test_each_list_has_its_own(self, item, client, form, scope):
        response = client.get(f"/berita/{scope}{form}.xml")
        root = ET.fromstring(response.content)
        assert item.get_page().title in "".join(root.itertext())
        assert not response.cookies

    def test_another_category_is_empty_and_an_unknown_one_is_none(self, item, client):
        from news.models import NewsCategory

        NewsCategory.objects.get_or_create(slug="kesehatan", defaults={"name": "Kesehatan"})
        assert item.get_page().title not in client.get("/berita/kategori/kesehatan/rss.xml").content.decode()
        assert client.get("/berita/kategori/bukan/rss.xml").status_code == 404
        assert client.get("/berita/tag/bukan/atom.xml").status_code == 404


class TestSitemap:
    def test_new_items_carry_the_words_of_news_readers(self, item, client):
        root = ET.fromstring(client.get("/sitemap.xml").content)
        assert item.get_page().full_url in [found.text for found in root.iter(LOC)]
        assert [found.text for found in root.iter(NEWS_TITLE)] == [item.get_page().title]
        old = timezone.now() - timedelta(days=3)
        slip_past_triggers(NewsPage.objects.filter(pk=item.page_id), first_published_at=old)
        assert not list(ET.fromstring(client.get("/sitemap.xml").content).iter(NEWS_TITLE))

    def test_what_is_too_much_for_one_part_stands_in_the_next(self, item, client, monkeypatch):
        monkeypatch.setattr(sitemaps, "ADDRESSES_PER_PART", 4)
        multiply_item(item, 9)
        robots = client.get("/robots.txt").content.decode()
        assert re.findall(r"sitemap\S*\.xml", robots) == ["sitemap.xml", "sitemap-2.xml", "sitemap-3.xml"]
        found = []
        for name in ("sitemap.xml", "sitemap-2.xml", "sitemap-3.xml"):
            found += [entry.text for entry in ET.fromstring(client.get(f"/{name}").content).iter(LOC)]
        assert len(found) == len(set(found))
        assert {page.full_url for page in NewsPage.objects.live()} <= set(found)
        assert client.get("/sitemap-4.xml").status_code == 404

    def test_it_costs_the_same_with_many(self, item, client):
        def count():
            client.get("/sitemap.xml")
            with CaptureQueriesContext(connection) as queries:
                client.get("/sitemap.xml")
            return len(queries)

        few = count()
        multiply_item(item, 200)
        assert count() == few <= 8


class TestStructuredData:
    def test_an_article_says_who_published_it_and_where_it_stands(self, item, client):
        page = item.get_page()
        graph = read_graph(client.get(page.url).content)
        article = graph["NewsArticle"]
        assert article["headline"] == page.title
        assert article["identifier"] == item.register_number
        assert article["publisher"]["@type"] == "GovernmentOrganization"
        assert [step["name"] for step in graph["BreadcrumbList"]["itemListElement"]] == [
            "Beranda",
            "Berita",
            page.title,
        ]

    def test_the_front_page_names_the_office(self, item, client):
        office = read_graph(client.get("/").content)["GovernmentOrganization"]
        assert office["name"] == "Kecamatan Mojogedang"
        assert "telephone" not in office

    def test_a_page_of_the_agenda_is_an_event(self, office, client):
        from datetime import datetime

        starts = datetime(2027, 3, 1, 9, tzinfo=timezone.get_default_timezone())
        item = office.bring_to("composing", office.issue(kind="agenda"))
        office.write(item, title="Musyawarah", starts_at=starts, activity_date=None)
        page = office.bring_to("live", item).get_page()
        event = read_graph(client.get(page.url).content)["Event"]
        assert event["startDate"] == "2027-03-01T09:00:00+07:00"
        assert event["location"]["name"] == page.activity_place


def test_a_page_has_one_canonical_address_whatever_readers_came_with(item, client):
    for address in ("/", "/berita/", item.get_page().url):
        html = client.get(f"{address}?utm_source=x&halaman=9").content
        (link,) = BeautifulSoup(html, "html.parser").select('link[rel="canonical"]')
        assert link["href"].endswith(address)
        assert "utm" not in link["href"]
    assert b'rel="canonical"' not in client.get("/tidak-ada/").content


class TestOpenData:
    def test_items_register_and_dip(self, item, client):
        listed = client.get("/api/v1/materi/").json()
        assert [found["judul"] for found in listed["data"]] == [item.get_page().title]
        whole = client.get(listed["data"][0]["rincian"]).json()
        assert whole["nomor_register"] == item.register_number
        assert "Warga bekerja bakti" in whole["teks"]
        assert len(whole["sidik_isi"]) == 64
        assert client.get("/api/v1/register/").json()["data"][0]["register_number"] == item.register_number
        assert client.get("/api/v1/dip/").json()["jumlah"] == 0
        assert client.get("/data-terbuka/").status_code == 200

    def test_only_what_is_public(self, office, item, client):
        draft = office.bring_to("composing")
        assert client.get(f"/api/v1/materi/{draft.page_id}/").status_code == 404
        take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
        assert client.get("/api/v1/materi/").json()["data"] == []
        assert client.get(f"/api/v1/materi/{item.page_id}/").status_code == 404
        assert client.get("/api/v1/register/").json()["data"] == []

    def test_any_site_may_read_and_nobody_may_write(self, item, client):
        response = client.get("/api/v1/materi/?jenis=agenda&halaman=abc")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["data"] == []
        assert not response.cookies
        for address in ("/api/v1/materi/", "/api/v1/register/", "/api/v1/dip/"):
            assert client.post(address, {}).status_code == 405

    def test_pages_follow_each_other_in_the_same_number_of_queries(self, item, client):
        def read(address):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address).json()
            return len(queries), answer

        read("/api/v1/materi/")
        few, _answer = read("/api/v1/materi/")
        multiply_item(item, 120)
        many, answer = read("/api/v1/materi/")
        assert many == few <= 8
        seen = [found["nomor"] for found in answer["data"]]
        while answer["berikutnya"]:
            answer = client.get(answer["berikutnya"]).json()
            seen += [found["nomor"] for found in answer["data"]]
        assert len(seen) == len(set(seen)) == 121


def test_a_page_that_moved_leads_on(client, django_capture_on_commit_callbacks):
    page = HomePage.objects.get().add_child(instance=StandardPage(title="Profil", slug="profil-lama"))
    with django_capture_on_commit_callbacks(execute=True):
        page.slug = "profil-baru"
        page.save_revision().publish()
    response = client.get("/profil-lama/")
    assert (response.status_code, response["Location"]) == (301, "/profil-baru/")
