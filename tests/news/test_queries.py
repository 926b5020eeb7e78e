"""A citizen's page costs the same number of queries with ten items and with a thousand."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

LISTS = (
    "/",
    "/berita/",
    "/berita/halaman/2/",
    "/berita/{year}/",
    "/berita/{year}/{month:02}/",
    "/berita/desa/buntar/",
    "/pengumuman/",
    "/agenda/",
    "/galeri/",
    "/berita/kategori/pembangunan/",
    "/cari/?q=irigasi",
    "/cari/?q=irigasi&halaman=2",
)
FEEDS = ("/berita/atom.xml", "/berita/rss.xml")


@pytest.fixture
def count_queries(client):
    """Count the queries of a request whose pictures are made, with an empty cache but for the sites' addresses."""

    def _count(address):
        assert client.get(address).status_code == 200
        cache.clear()
        Site.get_site_root_paths()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    return _count


def measure(count_queries, page):
    live_since = timezone.localtime(page.first_published_at)
    moment = {"year": live_since.year, "month": live_since.month}
    topic = page.tags.get(name="Irigasi").slug
    counts = {address: count_queries(address.format(**moment)) for address in (*LISTS, *FEEDS)}
    return counts | {"article": count_queries(page.url), "topic": count_queries(f"/berita/tag/{topic}/")}


def test_queries_stay_few_from_ten_to_a_thousand_items(rich_page, with_many, count_queries):
    with_many(13)  # enough for a second page
    few = measure(count_queries, rich_page)
    with_many(1000)
    many = measure(count_queries, rich_page)

    assert many == few
    assert many["article"] <= 12
    assert all(many[address] <= 15 for address in (*LISTS, "topic"))
    assert all(many[address] <= 8 for address in FEEDS)


def test_pictures_of_an_article_cost_no_query_each(office, rich_content, count_queries):
    item = office.bring_to("composing")
    pictures = [block for block in rich_content["body"] if block[0] == "image"]
    office.write(item, **rich_content | {"body": rich_content["body"] + pictures * 20})
    item = office.bring_to("live", item)

    assert count_queries(item.get_page().url) <= 12


def test_a_corrected_article_costs_no_more(client, office, rich_item, count_queries):
    office.bring_to("live", office.open_ralat(rich_item))
    address = rich_item.get_page().url
    assert count_queries(address) <= 12
    assert "Jumlah peserta 52 orang, bukan 62." in client.get(address).content.decode()
