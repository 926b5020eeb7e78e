"""A second office is run from its own file: no word of the first on any page, paper, mail, feed or server's file."""

import html as html_module
import re
import subprocess
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.urls import resolve
from PIL import Image
from pypdf import PdfReader
from wagtail.images.models import Filter
from wagtail.models import Page
from willow.image import PNGImageFile

from home.demo import content, replay
from home.management.commands import demo
from home.models import OfficeSettings
from home.starter import site_tree
from kecamatan_site.settings.office_file import read_office
from moderation.chain import dispositions
from moderation.models import OfficeProcedure
from moderation.people import notifications
from moderation.sign_in import passwords
from news.models import NewsPage, Village
from tests.support import language

ROOT = django_settings.BASE_DIR
FIRST = read_office(ROOT / "kecamatan.toml")
SECOND = read_office(Path(__file__).parent / "contoh.toml")


def list_words(office):
    """Return what would give an office away: its names without their kind, its numbers."""
    names = [office.place, *(village.name for village in office.villages)]
    names += [office.regency.removeprefix("Kabupaten "), office.province.removeprefix("Provinsi ")]
    return [*names, office.sop_number, office.archive_code, office.region_code, office.location]


WORDS = sorted({word.lower() for word in list_words(FIRST)})
COLOURS = sorted(vars(FIRST.colours).values())
#: Items that reach the kinds of pages and steps: a warning with a banner, an item of a village, an agenda, a
#: finding, and what waits with Bidang.
STORIES = (
    "Imbauan Kewaspadaan",
    "Penyaluran BLT",
    "Pekan Budaya Desa",
    "Daftar Penerima Bantuan",
    "Rapat Koordinasi Kepala Desa",
)


def find_words(text):
    """Return the first office's words and colours in a text."""
    text = text.lower()
    told = [word for word in WORDS if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    return told + [colour for colour in COLOURS if colour in text]


@pytest.mark.db_agnostic
def test_the_words_are_noticed():
    assert find_words("di Desa Pojok, mojogedang") == ["mojogedang", "pojok"]
    assert find_words("di pojokan, mojogedangan; 1487.220") == []


@pytest.mark.db_agnostic
def test_no_file_of_the_program_names_an_office():
    """The words of landed migrations are history; no page shows them."""
    listed = subprocess.run(
        ["git", "ls-files", "home", "news", "moderation", "kecamatan_site", "templates", "docs/panduan", "manage.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    named = {}
    for name in listed:
        if "/migrations/" in name or not (ROOT / name).is_file():
            continue
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue
        if found := find_words(text):
            named[name] = found
    assert len(listed) > 500
    assert named == {}


@pytest.mark.db_agnostic
def test_every_story_can_be_told_of_another_office(settings):
    settings.OFFICE_FACTS = SECOND
    items = content.read_items()
    told = "\n".join(str(item) for item in items)
    assert find_words(told) == []
    assert {item.village for item in items} - {""} == {village.name for village in SECOND.villages}
    assert {item.category for item in items} == set(SECOND.categories)
    assert len({item.title for item in items}) == len(items)


def write_small_picture(_filter, _image, output, **_source):
    """Stand in for Wagtail's ``Filter.run``."""
    Image.new("RGB", (16, 10)).save(output, "PNG")
    return PNGImageFile(output)


def draw_nothing(_name):
    file = BytesIO()
    Image.new("RGB", (160, 100)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def contoh(transactional_db, settings, monkeypatch):
    """The site of the second office, as its file and its demo make it."""
    settings.OFFICE_FACTS, settings.WAGTAIL_SITE_NAME = SECOND, SECOND.name
    # Neither the scenes nor what is encoded of them say anything.
    monkeypatch.setattr(Filter, "run", write_small_picture)
    monkeypatch.setattr(replay, "_draw", draw_nothing)
    passwords.load_words.cache_clear()
    # What the migrations and what follows them make of an empty database.
    Village.objects.all().delete()
    OfficeProcedure.objects.all().delete()
    import_module("home.migrations.0006_facts_of_the_office").take_facts(apps, None)
    site_tree.set_up()
    items = [item for item in content.read_items() if item.title.startswith(STORIES)]
    assert len(items) == len(STORIES)
    monkeypatch.setattr(demo, "read_items", lambda: items)
    out = StringIO()
    call_command("demo", stdout=out)
    assert "contoh-2026" in out.getvalue()
    yield
    passwords.load_words.cache_clear()


def check_that_it_is_there(client):
    html = client.get("/").content.decode()
    for words in ("Kecamatan Contoh", "Pemerintah Kabupaten Teladan", "Jalan Teladan Nomor 1", "(000) 555123"):
        assert words in html
    assert SECOND.colours.css in html
    assert client.get("/desa/sukamaju/").status_code == 200
    assert SECOND.sop_number in client.get("/ppid/sop/").content.decode()
    assert ".max-256x256" in client.get("/lambang/").url
    procedure = OfficeProcedure.load()
    assert (procedure.letterhead_parent, procedure.archive_code) == ("Pemerintah Kabupaten Teladan", "065")
    assert (procedure.signatory_title, procedure.signatory_name) == ("Sekretaris Kecamatan Contoh", "Pejabat Contoh")
    assert NewsPage.objects.live().filter(village__name="Sukarukun").exists()


def crawl_public(client):
    """Yield (address, type, body) of what readers reach: a page of each kind, each item, every other view once."""
    kinds = {page.url: page.specific_class for page in Page.objects.live() if page.specific_class is not NewsPage}
    waiting, seen = ["/", "/gaya/", "/sitemap.xml", "/robots.txt", "/tidak-ada/"], set()
    while waiting:
        address = waiting.pop(0)
        found = resolve(address)
        is_page = found.view_name == "wagtail_serve"
        screen = kinds.get(address, address) if is_page else (found.view_name, *sorted(found.kwargs))
        if screen in seen:
            continue
        seen.add(screen)
        response = client.get(address, follow=True)
        kind = response.headers.get("Content-Type", "")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        yield address, kind, body
        # The style guide's links lead nowhere.
        if kind.startswith("text/html") and address != "/gaya/":
            waiting += list_links(address, body)


def list_links(address, body):
    """Return the paths of the site that a page leads to, without static files and the admin."""
    own = {"", "testserver", urlsplit(django_settings.SITE_URL).netloc}
    tags = lxml.html.document_fromstring(body).iter("a", "link", "img")
    links = [urlsplit(urljoin(address, tag.get("href") or tag.get("src") or "/")) for tag in tags]
    paths = [link.path for link in links if link.netloc in own and link.scheme in {"", "http"}]
    return [path for path in paths if not path.startswith(("/static/", "/admin/"))]


def read(kind, body):
    """Return the text of an answer; pictures have none."""
    if kind.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return "" if kind.startswith("image/") and "svg" not in kind else body.decode(errors="replace")


@pytest.mark.db_agnostic
def test_the_second_office_stands_where_the_first_one_stood(contoh, client, settings, monkeypatch):
    check_that_it_is_there(client)
    told, kinds = {}, set()

    def look(address, text):
        if found := find_words(text):
            told[address] = found

    for address, kind, body in crawl_public(client):
        kinds.add(kind.split(";")[0])
        look(address, read(kind, body))
    assert kinds >= {"text/html", "application/atom+xml", "application/rss+xml", "text/calendar", "application/xml"}

    monkeypatch.setattr(language, "EACH", ())
    client.force_login(User.objects.get(username="sekretaris"))
    papers, screens = set(), 0
    for address, html in language.crawl(client):
        screens += 1
        look(address, html)
        papers |= {link for link in re.findall(r'href="(/admin/[^"]*)"', html) if "pdf" in link}
    assert screens > 20
    assert papers
    for address in papers:
        response = client.get(html_module.unescape(address))
        look(address, read(response.headers["Content-Type"], response.getvalue()))

    dispositions.issue(User.objects.get(username="ppid"), content.read_items()[0].disposition, [])
    notifications.send_due_notifications()
    assert mail.outbox
    for message in mail.outbox:
        look(message.subject, str(message.message()))

    settings.SITE_URL, settings.ALLOWED_HOSTS = f"https://{SECOND.domain}", [SECOND.domain]
    out = StringIO()
    call_command("nginx_conf", stdout=out)
    look("nginx_conf", out.getvalue())
    assert told == {}


@pytest.mark.django_db
def test_what_an_office_stored_is_kept(office, settings):
    """The file gives first values: where somebody has an account, an upgrade changes nothing."""
    settings.OFFICE_FACTS = SECOND
    import_module("home.migrations.0006_facts_of_the_office").take_facts(apps, None)
    site_tree.set_up()
    assert OfficeSettings.objects.get().office_name == FIRST.name
    assert OfficeProcedure.load().letterhead_office == FIRST.name
    assert set(Village.objects.values_list("name", flat=True)) == {village.name for village in FIRST.villages}
