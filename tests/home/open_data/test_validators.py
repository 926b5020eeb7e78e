"""Every public page and file before the validators of its format: they find nothing to say."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from lxml import etree
from wagtail.models import Site

from home import models
from home.starter import make_starter_pages
from moderation.chain.transitions import take
from news.models import Village
from tests.home.test_pages import EXTRA, LONG_TITLE, TYPES, make_body
from tests.support.many import multiply_page
from tests.support.validators import check_atom, check_html, check_sitemap

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic, pytest.mark.validators]

LEAD = "Warga Desa Pendem membersihkan saluran irigasi sepanjang dua kilometer sebelum musim tanam tiba."
ATOM = {"atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def story(office):
    """A live item that has been corrected, with a title and a tag that try to leave what they are written into."""
    item = office.bring_to("composing")
    page = office.write(
        item,
        title='Kerja </title> & "Bakti" <b>',
        lead=LEAD,
        village=Village.objects.get(slug="pendem"),
        body=[block for block in make_body(words=60, pictures=3) if block[0] not in ("facts", "links")],
    )
    page.tags.add("Irigasi & Air")
    page.save_revision(user=office.staf1)
    office.bring_to("live", item)
    office.open_ralat(item, lead=LEAD)
    return office.bring_to("live", item)


@pytest.fixture
def event(office):
    """A live event of the agenda, without an end."""
    return office.bring_to("live", office.issue("Rapat; koordinasi, desa", kind="agenda")).get_page()


@pytest.fixture
def withdrawn(office):
    """An item that was live and is taken down."""
    item = office.bring_to("live")
    address = item.get_page().url
    take(item, "take_down", office.sekretaris, {"comment": "Keliru."})
    return address


def list_pages(story, event, withdrawn):
    """Return the addresses of all kinds of pages, with the status that each answers with."""
    page = story.get_page()
    month, events = (f"{timezone.localtime(moment):%Y/%m/}" for moment in (page.first_published_at, event.starts_at))
    found = [
        *("/", "/berita/", "/berita/halaman/2/", f"/berita/{month}", f"/berita/{month[:5]}", page.url, event.url),
        *(
            "/berita/kategori/pembangunan/",
            "/berita/tag/irigasi-air/",
            "/berita/desa/pendem/",
            "/berita/desa/sewurejo/",
        ),
        *("/pengumuman/", "/agenda/", f"/agenda/{events}", "/agenda/lampau/", "/galeri/", "/gaya/", "/data-terbuka/"),
        *("/cari/", "/cari/?q=irigasi", "/cari/?q=tidakadasamasekali", "/cari/?q=irigsai&jenis=salah"),
        *("/asli-atau-hoaks/", "/ppid/daftar-informasi-publik/", "/ppid/daftar-publikasi/"),
        *("/ppid/daftar-informasi-publik/?q=tiada", "/ppid/daftar-publikasi/?tahun=salah"),
    ]
    pages = models.HomePage.objects.get().get_descendants().live().exclude(content_type=page.content_type_id)
    reference = [found.url for found in pages]
    return dict.fromkeys([*found, *reference], 200) | {withdrawn: 410, "/tidak-ada/": 404}


def ask_whether_genuine(client, page):
    """Return the answers of the check, by verdict."""
    texts = {
        "asli": LEAD,
        "mirip": LEAD.replace("dua kilometer", "sembilan puluh kilometer tanpa upah"),
        "tidak-ditemukan": "Seluruh warga <b>wajib</b> menyetor uang ke rekening pribadi hari ini juga.",
        "terlalu-pendek": "Kerja bakti",
        "tautan": f"https://bukan-kantor.example{page.url} {page.full_url}",
        "kosong": "",
    }
    return {name: client.post(reverse("genuine"), {"text": text}) for name, text in texts.items()}


def fill_and_empty_pages():
    """Of every type of reference page one with too much in it, and one with nothing where another may be made."""
    for name in TYPES:
        page = getattr(models, name).objects.first()
        for field, value in {"title": LONG_TITLE, "introduction": "Pengantar " * 30, **EXTRA.get(name, dict)()}.items():
            if field != "village":
                setattr(page, field, value)
        if hasattr(page, "body"):
            page.body = make_body(words=30, pictures=2)
        page.save()
    for name in ("StandardPage", "ServicePage", "FaqPage", "DownloadsPage", "ContactPage"):
        page = getattr(models, name)(title="Kosong", slug=f"kosong-{name.lower()}")
        models.HomePage.objects.get().add_child(instance=page)


def test_the_nu_checker_says_nothing_of_any_page(story, event, withdrawn, office, client, tmp_path):
    make_starter_pages()
    fill_and_empty_pages()
    multiply_page(story.get_page(), 13)
    settings = models.OfficeSettings.for_site(Site.objects.get())
    levels = ("darurat", "waspada", "info")
    times = {"starts_at": None, "ends_at": timezone.now() + timedelta(days=1)}
    settings.alerts = [("alert", {"level": level, "page": story.get_page()} | times) for level in levels]
    settings.save()
    answers = ask_whether_genuine(client, story.get_page())
    for address, status in list_pages(story, event, withdrawn).items():
        answers[address] = client.get(address)
        assert answers[address].status_code == status, address
    for name, answer in answers.items():
        (tmp_path / f"{name.replace('/', '-').replace('?', '-') or 'beranda'}.html").write_bytes(answer.content)
    assert len(list(tmp_path.iterdir())) == len(answers) > 70
    assert check_html(tmp_path) == []
    for name, answer in answers.items():
        check_structured_data(name, answer.content)
    assert {answers[name].context["finding"].verdict for name in ("asli", "mirip", "terlalu-pendek")} == {
        *("asli", "mirip", "terlalu-pendek")
    }


#: What schema.org's readers need of each type; a value may be another thing or a list of things.
REQUIRED = {
    "GovernmentOrganization": {"name"},
    "NewsArticle": {"headline", "datePublished", "dateModified", "author", "publisher", "url", "mainEntityOfPage"},
    "Event": {"name", "startDate", "location", "organizer", "url"},
    "Place": {"name", "address"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
}
MOMENTS = {"datePublished", "dateModified", "startDate", "endDate"}


def check_structured_data(name, content):
    """Every thing is of a known type and says what its readers need."""
    for script in BeautifulSoup(content, "html.parser").select('script[type="application/ld+json"]'):
        written = json.loads(script.string)
        assert written["@context"] == "https://schema.org"
        for thing in list_things(written["@graph"]):
            missing = REQUIRED[thing["@type"]] - {key for key, value in thing.items() if value}
            assert not missing, (name, thing["@type"], missing)
            for key in MOMENTS & set(thing):
                assert timezone.datetime.fromisoformat(thing[key]).tzinfo
            for key in {"url", "item", "@id"} & set(thing):
                assert urlsplit(thing[key]).scheme in ("http", "https")
            if thing["@type"] == "BreadcrumbList":
                steps = [step["position"] for step in thing["itemListElement"]]
                assert steps == list(range(1, len(steps) + 1))


def list_things(value):
    """Return every thing with a type, however deep."""
    if isinstance(value, list):
        return [thing for each in value for thing in list_things(each)]
    if not isinstance(value, dict):
        return []
    return [value, *(thing for each in value.values() for thing in list_things(each))]


@pytest.fixture
def feeds(story, event):
    """The addresses of the lists that have feeds, an empty one among them."""
    from news.models import NewsCategory

    NewsCategory.objects.get_or_create(slug="kesehatan", defaults={"name": "Kesehatan"})
    return [f"/berita/{scope}" for scope in ("", "kategori/pembangunan/", "kategori/kesehatan/", "tag/irigasi-air/")]


def test_feeds_and_sitemap_and_calendars_are_valid(feeds, story, event, client, tmp_path):
    for number, scope in enumerate(feeds):
        file = tmp_path / f"{number}.xml"
        file.write_bytes(client.get(f"{scope}atom.xml").content)
        check_atom_notes(etree.parse(file).getroot())
        check_rss(client.get(f"{scope}rss.xml").content, f"{scope}rss.xml")
    assert check_atom(sorted(tmp_path.glob("*.xml"))) == []
    sitemap = client.get("/sitemap.xml").content
    assert story.get_page().full_url in sitemap.decode()
    assert check_sitemap(sitemap) == []
    for address in ("agenda.ics", f"{event.starts_at:%Y-%m}.ics", f"acara/{event.slug}.ics", "2001-01.ics"):
        check_calendar(client.get(f"/agenda/{address}").content)


def check_atom_notes(feed):
    """What RFC 4287 asks beside its grammar: an author, a way to the entry, one address of its own, ids apart."""
    entries = feed.findall("atom:entry", ATOM)
    assert feed.find("atom:author", ATOM) is not None or all(e.find("atom:author", ATOM) is not None for e in entries)
    assert [link.get("rel") for link in feed.findall("atom:link", ATOM)].count("self") == 1
    for entry in entries:
        assert [link for link in entry.findall("atom:link", ATOM) if link.get("rel", "alternate") == "alternate"]
    ids = [found.text for found in feed.iterfind(".//atom:id", ATOM)]
    assert len(ids) == len(set(ids))
    assert all(urlsplit(each).scheme for each in ids)


def check_rss(content, address):
    """What RSS 2.0 and the profile of its Advisory Board ask of channel and items."""
    root = etree.fromstring(content)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    (channel,) = root
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert channel.findtext(name), name
    (own,) = channel.findall("{http://www.w3.org/2005/Atom}link")
    assert own.get("rel") == "self"
    assert own.get("href").endswith(address)
    assert urlsplit(channel.findtext("link")).scheme
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")).tzinfo
    guids = [item.findtext("guid") for item in channel.findall("item")]
    assert len(guids) == len(set(guids))
    for item in channel.findall("item"):
        assert item.findtext("title")
        assert urlsplit(item.findtext("link")).scheme
        guid = item.find("guid")
        assert guid.get("isPermaLink", "true") == "false" or urlsplit(guid.text).scheme
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo


def check_calendar(content):
    """What RFC 5545 asks: lines of 75 octets that end in CR LF, and of an event its own name, moment and beginning."""
    lines = content.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    calendar = Calendar.from_ical(content)
    assert calendar.errors == []
    assert (calendar["version"], bool(calendar["prodid"])) == ("2.0", True)
    for event in calendar.walk("VEVENT"):
        assert event.errors == []
        assert event["uid"]
        assert event["dtstamp"].dt.tzinfo
        assert event["dtstart"].dt < event["dtend"].dt


def test_the_validators_would_speak_up(tmp_path):
    (tmp_path / "a.html").write_text("<!doctype html><html lang='id'><title>x</title><img src='a'><p id=a><p id=a>")
    assert len(check_html(tmp_path)) >= 2
    (tmp_path / "a.xml").write_text('<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>')
    assert check_atom([tmp_path / "a.xml"])
    wrong = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><lastmod>kemarin</lastmod></url></urlset>'
    assert check_sitemap(wrong.encode())
