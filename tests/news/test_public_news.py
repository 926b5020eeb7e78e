"""What citizens get: the article, the lists of the news, and the feeds."""

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from news.models import NewsPage
from news.templatetags.news_tags import long_date, long_moment


@pytest.fixture
def read(client):
    """Fetch an address and return its text."""

    def _read(address, status=200):
        response = client.get(address)
        assert response.status_code == status
        return response.content.decode()

    return _read


def test_an_article_shows_all_that_was_verified(rich_page, read):
    text = read(rich_page.url)
    for part in (
        "Kerja bakti bersihkan saluran irigasi",
        "Warga Desa Buntar membersihkan saluran irigasi, Rabu (9/9/2026).",
        'alt="Warga membersihkan saluran"',
        "Kerja bakti di Desa Buntar.",
        "Dokumentasi Kecamatan",
        "Rabu, 9 September 2026",
        "Desa Buntar",
        "<h2>Hasil kegiatan</h2>",
        "<h3>Rincian</h3>",
        'alt="Gambar 1"',
        "Suasana 2",
        "Galeri kerja bakti",
        "Saluran kembali lancar",
        "Kepala Desa Buntar",
        "Unduhan usulan",
        "Rekaman kerja bakti",
        "Irigasi",
        "Pembangunan",
    ):
        assert part in text


def test_an_article_ends_with_the_proof_of_its_verification(rich_item, rich_page, read):
    text = read(rich_page.url)
    seal = rich_item.permits.get().seal
    assert "Diverifikasi Bidang Pengolahan Data dan Klasifikasi Informasi" in text
    assert rich_item.register_number in text
    assert f"{seal[:4]} {seal[4:8]} {seal[8:12]}" in text


def test_pictures_have_sizes_and_wait_until_they_are_near(rich_page, read):
    text = read(rich_page.url)
    assert text.count("<img ") == 4
    assert text.count('type="image/avif"') == 4
    assert text.count(' width="') >= 4
    assert text.count(' height="') >= 4
    assert text.count('loading="lazy"') == 3
    assert text.count('fetchpriority="high"') == 1


def test_a_lost_picture_does_not_break_the_page(rich_page, read):
    rich_page.main_image.file.storage.delete(rich_page.main_image.file.name)
    assert "Kerja bakti bersihkan" in read(rich_page.url)


def test_a_video_asks_nothing_of_its_host_before_the_reader_does(rich_page, read):
    text = read(rich_page.url)
    assert 'src="https://www.youtube' not in text
    assert "&lt;a href=&quot;https://www.youtube-nocookie.com/embed/abcdefghijk&quot;" in text


def test_a_draft_has_no_address(office, read):
    page = office.bring_to("ordered").get_page()
    read(page.get_url(), 404)
    assert page.title not in read("/berita/")
    assert page.title not in read("/")
    assert page.title not in read("/berita/atom.xml")


def test_lists_are_made_by_year_category_and_topic(rich_page, read):
    year = timezone.localtime(rich_page.first_published_at).year
    topic = rich_page.tags.get(name="Kerja bakti").slug
    for address in ("/berita/", f"/berita/{year}/", "/berita/kategori/pembangunan/", f"/berita/tag/{topic}/"):
        assert rich_page.title in read(address)


@pytest.mark.parametrize(
    "address",
    [
        "/berita/1999/",
        "/berita/tag/tidak-ada/",
        "/berita/kategori/tidak-ada/",
        "/berita/halaman/99/",
        "/berita/halaman/0/",
        "/berita/tidak-ada/",
        "/berita/tag/",
        "/berita/99999/",
    ],
)
def test_what_does_not_exist_is_not_found(rich_page, read, address):
    assert "Halaman tidak ditemukan" in read(address, 404)


def test_an_empty_list_says_so(db, read):
    assert "Belum ada berita yang tayang" in read("/berita/")
    assert "Belum ada berita yang tayang" in read("/")


def test_pages_of_a_list_have_addresses_of_their_own(with_many, client, read):
    with_many(30)
    first, second, third = read("/berita/"), read("/berita/halaman/2/"), read("/berita/halaman/3/")

    assert 'href="/berita/halaman/2/"' in first
    assert 'rel="prev" href="/berita/"' in second
    assert 'rel="next" href="/berita/halaman/3/"' in second
    assert [page.count("<article") for page in (first, second, third)] == [12, 12, 6]
    redirect = client.get("/berita/halaman/1/")
    assert (redirect.status_code, redirect["Location"]) == (301, "/berita/")


def test_no_item_is_listed_twice_or_left_out(with_many, client):
    with_many(30)
    seen = [item.pk for n in (2, 3) for item in client.get(f"/berita/halaman/{n}/").context["page_obj"]]
    seen += [item.pk for item in client.get("/berita/").context["page_obj"]]
    assert sorted(seen) == sorted(NewsPage.objects.live().values_list("pk", flat=True))


def test_the_atom_feed_is_complete(rich_page, client):
    response = client.get("/berita/atom.xml")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(response.content)
    entry = feed.find(f"{atom}entry")

    assert response["Content-Type"].startswith("application/atom+xml")
    assert feed.find(f"{atom}title").text == "Berita Kecamatan Mojogedang"
    assert entry.find(f"{atom}title").text == rich_page.title
    assert entry.find(f"{atom}summary").text == rich_page.lead
    assert entry.find(f"{atom}link").get("href") == f"http://testserver{rich_page.url}"
    assert entry.find(f"{atom}category").get("term") == "Pembangunan"
    assert entry.find(f"{atom}published") is not None


def test_the_rss_feed_is_complete(rich_page, client):
    response = client.get("/berita/rss.xml")
    item = ET.fromstring(response.content).find("channel/item")

    assert response["Content-Type"].startswith("application/rss+xml")
    assert item.find("title").text == rich_page.title
    assert item.find("description").text == rich_page.lead
    assert item.find("link").text == f"http://testserver{rich_page.url}"


def test_dates_are_written_as_the_office_writes_them():
    moment = datetime.datetime(2026, 8, 3, 2, 0, tzinfo=datetime.UTC)
    assert long_date(moment.date()) == "Senin, 3 Agustus 2026"
    assert long_moment(moment) == "Senin, 3 Agustus 2026 pukul 09.00 WIB"
