"""The public pages with nothing, with little and with too much in them; who may edit them; what they weigh."""

import datetime
import gzip
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Site

from home import models
from home.starter import make_starter_pages
from moderation.chain.workflow.checks import find_drift
from news.models import Attachment, Kind, NewsCategory, NewsIndexPage, NewsPage, Village
from tests.support.factories import PASSWORD, make_photo
from tests.support.language import find_english, read_spoken
from tests.support.many import multiply_page

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

LONG_TITLE = ("Musyawarah Perencanaan Pembangunan " * 6)[:200].strip()
LONG_WORD = "ketidakbertanggungjawaban" * 7
STYLES = ("home/site.css", "home/parts.css", "home/guide.css", "home/print.css")


def front():
    return models.HomePage.objects.get()


def show(photo, number):
    return {"photo": photo, "alt": f"Gambar {number}", "caption": "Suasana " * 30, "credit": "Dokumentasi"}


def make_body(words=5000, pictures=60):
    """Every kind of block, with more than anybody would write."""
    photo = make_photo()
    document = Attachment(title="Dokumen")
    document.file.save("dokumen.pdf", ContentFile(b"%PDF-1.4"))
    return [
        ("paragraph", f"<p>{'kata ' * words}</p>"),
        ("heading", {"level": "h2", "text": "Subjudul " * 13}),
        ("gallery", {"title": "Galeri", "pictures": [show(photo, number) for number in range(pictures)]}),
        ("image", show(photo, 0)),
        ("quote", {"text": LONG_WORD, "source": "Camat"}),
        ("document", {"document": document, "title": ""}),
        ("facts", [{"label": "Luas", "value": LONG_WORD}]),
        ("links", [{"label": "Tautan", "address": "/berita/", "page": None, "text": "Uraian " * 25}]),
        ("links", [{"label": "", "address": "", "page": front(), "text": ""}]),
    ]


EXTRA = {
    "VillagePage": lambda: {"village": Village.objects.first()},
    "ServicePage": lambda: {
        "requirements": [("item", LONG_WORD)] * 40,
        "steps": [("step", {"title": "Langkah " * 10, "text": LONG_WORD})] * 30,
        "duration": "Lama " * 20,
        "legal_basis": "Peraturan\n" * 50,
    },
    "FaqPage": lambda: {
        "groups": [
            ("group", {"heading": "Umum", "questions": [{"question": "Apa? " * 30, "answer": "<p>Ya.</p>"}] * 50})
        ]
    },
    "DownloadsPage": lambda: {
        "groups": [("group", {"heading": "Umum", "documents": [{"document": None, "title": "Hilang", "text": ""}]})]
    },
    "ContactPage": lambda: {"directions": LONG_WORD, "accessibility": "Landai"},
    "SopPage": lambda: {"current_law": "<p>Perki 1/2021</p>"},
}
PARENTS = {"VillagePage": "VillageIndexPage", "ServicePage": "ServiceIndexPage"}
TYPES = (
    "StandardPage",
    "VillageIndexPage",
    "VillagePage",
    "ServiceIndexPage",
    "ServicePage",
    "SopPage",
    "DownloadsPage",
    "FaqPage",
    "ContactPage",
)


def make_page(name, **values):
    """A page of this type where it belongs."""
    parent = front()
    if name in PARENTS:
        parent = make_page(PARENTS[name])
    if name == "VillagePage":
        values = {"village": Village.objects.first()} | values
    page = getattr(models, name)(**{"title": "Halaman", "slug": name.lower()} | values)
    return parent.add_child(instance=page)


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", TYPES)
def test_a_page_with_nothing_in_it_is_shown(client, name):
    text = read(client, make_page(name).url)
    assert text.count("<h1") == 1


@pytest.mark.parametrize("name", TYPES)
def test_a_page_with_too_much_in_it_is_shown(client, name):
    values = {"title": LONG_TITLE, "introduction": "Pengantar " * 30, "body": make_body(pictures=6)}
    page = make_page(name, **values | EXTRA.get(name, dict)())
    text = read(client, page.url)
    assert LONG_TITLE in text
    assert LONG_WORD in text


def test_a_site_without_any_settings_or_pages_answers(client):
    models.OfficeSettings.objects.all().delete()
    NewsIndexPage.objects.exclude(kind=Kind.NEWS).delete()
    assert "Belum ada berita yang tayang." in read(client, "/")


@pytest.fixture
def extreme(office):
    """A live item with a title as long as it gets, 5,000 words and 60 pictures."""
    item = office.bring_to("composing", office.issue("Judul " * 30))
    body = [block for block in make_body() if block[0] not in ("facts", "links")]
    office.write(item, title=LONG_TITLE, lead="Ringkasan " * 28, body=body, activity_place="Balai " * 33)
    return office.bring_to("live", item).get_page()


def test_an_article_with_too_much_in_it_is_shown(extreme, client):
    text = read(client, extreme.url)
    assert text.count("<figure>") == 60
    assert text.count("kata ") >= 5000
    assert read(client, "/berita/").count(LONG_TITLE) == 1


def test_lists_and_front_page_hold_more_than_fits(extreme, client):
    multiply_page(extreme, 30)
    for address in ("/", "/berita/", "/berita/halaman/2/"):
        assert LONG_TITLE in read(client, address)


def test_a_lost_picture_and_document_break_nothing(client):
    page = make_page("StandardPage", body=make_body(words=5, pictures=2))
    for each in (*page.body[2].value["pictures"], page.body[3].value):
        each["photo"].file.storage.delete(each["photo"].file.name)
    document = page.body[5].value["document"]
    document.file.storage.delete(document.file.name)
    assert "Luas" in read(client, page.url)


def test_starter_pages_are_made_once_and_stand_in_the_menus(client):
    assert make_starter_pages() > 40
    assert find_drift() == []
    GroupPagePermission.objects.create(
        group=Group.objects.get(name="Staf Sekretariat"),
        page=front(),
        permission=Permission.objects.get(codename="publish_page"),
    )
    assert find_drift() == [f"Group Staf Sekretariat may publish below page {front().pk}."]
    count = Page.objects.count()
    assert make_starter_pages() == 0
    assert Page.objects.count() == count
    assert models.VillagePage.objects.live().count() == 13
    assert NewsCategory.objects.count() == 10
    text = read(client, "/")
    for title in ("Profil", "Desa", "Layanan", "Informasi", "PPID", "Kontak", "Kebijakan Privasi"):
        assert f">{title}<" in text
    for page in Page.objects.live().filter(depth__gt=2):
        assert client.get(page.url).status_code == 200
    village = read(client, "/desa/pendem/")
    assert "33.13.15.2010" in village
    assert 'aria-current="true">Desa</a>' in village


def test_the_page_of_the_sop_shows_its_rows_as_the_site_runs_them(client):
    from moderation import sop

    text = read(client, make_page("SopPage").url)
    for row in sop.ROWS:
        assert row.activity in text
        assert row.output in text


def test_a_page_that_holds_nothing_yet_stands_in_no_menu(client):
    make_starter_pages()
    downloads = models.DownloadsPage.objects.get()
    assert f'href="{downloads.url}"' not in read(client, "/cari/")
    downloads.groups = [("group", {"heading": "Formulir", "documents": []})]
    downloads.save_revision().publish()
    assert f'href="{downloads.url}"' in read(client, "/cari/")


def test_a_link_in_a_menu_vanishes_with_its_page(client):
    page = make_page("StandardPage", title="Halaman sementara")
    office = models.OfficeSettings.for_site(Site.objects.get())
    entry = {"label": "", "page": page, "address": "", "children": []}
    office.menu = [
        ("entry", entry),
        ("entry", {"label": "Luar", "page": None, "address": "https://contoh.go.id/", "children": []}),
    ]
    office.footer = [("column", {"heading": "Kolom", "links": [{"label": "", "page": page, "address": ""}]})]
    office.save()
    text = read(client, "/")
    assert text.count("Halaman sementara") == 2
    assert 'href="https://contoh.go.id/"' in text
    page.unpublish()
    text = read(client, "/")
    assert "Halaman sementara" not in text
    assert "Kolom" not in text


def set_alert(page, starts=-1, ends=1, level="darurat"):
    now = timezone.now()
    office = models.OfficeSettings.for_site(Site.objects.get())
    times = {"starts_at": now + datetime.timedelta(hours=starts), "ends_at": now + datetime.timedelta(hours=ends)}
    office.alerts = [("alert", {"level": level, "page": page} | times)]
    office.save()


@pytest.mark.parametrize(("starts", "ends", "shown"), [(-1, 1, True), (1, 2, False), (-2, -1, False)])
def test_a_banner_is_shown_within_its_time_in_the_words_of_its_item(news, client, starts, ends, shown):
    set_alert(news, starts, ends)
    text = read(client, "/cari/")
    assert ("alert--darurat" in text) == shown
    assert (news.title in text) == shown


def test_a_banner_never_shows_an_item_that_is_not_live(office, client):
    page = office.bring_to("ordered", office.issue("Belum boleh dibaca")).get_page()
    set_alert(page)
    assert "Belum boleh dibaca" not in read(client, "/cari/")


def test_highlights_and_chosen_services_come_first(news, client):
    service = make_page("ServicePage", title="Perekaman KTP")
    office = models.OfficeSettings.for_site(Site.objects.get())
    office.highlights, office.popular_services = [("news", news)], [("service", service)]
    office.save()
    text = read(client, "/")
    assert text.count(f">{news.title}<") == 1
    assert "Perekaman KTP" in text


def edit_rights(user):
    return {page.slug for page in Page.objects.all() if page.permissions_for_user(user).can_edit()}


def test_reference_pages_are_for_the_office_and_the_news_for_the_sop(news, office):
    section = make_page("StandardPage", slug="profil")
    child = section.add_child(instance=models.StandardPage(title="Sejarah", slug="sejarah"))
    for user in (office.sekretaris, office.sekretariat):
        rights = edit_rights(user)
        assert {section.slug, child.slug} <= rights
        assert not rights & {"beranda", "berita", "pengumuman", "agenda", "galeri"}
    assert child.permissions_for_user(office.sekretaris).can_publish()
    assert not child.permissions_for_user(office.sekretariat).can_publish()
    for user in (office.staf1, office.bidang, office.ppid, office.pemantau):
        assert not {section.slug, child.slug} & edit_rights(user)
    for user in (office.sekretaris, office.sekretariat):
        assert not NewsPage.objects.get(pk=news.pk).permissions_for_user(user).can_publish()
        assert not NewsIndexPage.objects.get(kind=Kind.NEWS).permissions_for_user(user).can_publish()


def test_a_news_item_cannot_be_moved_among_the_reference_pages(news, office, client):
    section = make_page("StandardPage", slug="profil")
    client.login(username="sekretaris", password=PASSWORD)
    client.post(f"/admin/pages/{news.pk}/move/{section.pk}/confirm/")
    client.post(f"/admin/pages/{news.pk}/copy/", {"new_title": "X", "new_slug": "x", "new_parent_page": section.pk})
    assert not section.get_children().exists()


def test_the_sekretaris_keeps_the_offices_data(office, client):
    client.login(username="sekretaris", password=PASSWORD)
    site = Site.objects.get()
    assert client.get(f"/admin/settings/home/officesettings/{site.pk}/").status_code == 200
    client.login(username="staf1", password=PASSWORD)
    assert client.get(f"/admin/settings/home/officesettings/{site.pk}/").status_code == 302


def test_a_link_that_would_run_a_script_is_refused():
    from wagtail.blocks.struct_block import StructBlockValidationError

    from home.blocks import LinkBlock

    block = LinkBlock()
    for address in ("javascript:alert(1)", "data:text/html,x", "//contoh.go.id", "contoh"):
        with pytest.raises(StructBlockValidationError):
            block.clean(block.normalize({"label": "Tautan", "address": address, "page": None}))
    block.clean(block.normalize({"label": "Tautan", "address": "/ppid/", "page": None}))


def weigh(*names):
    return len(gzip.compress(b"".join(Path(finders.find(name)).read_bytes() for name in names), 9))


def test_style_and_script_stay_light():
    assert weigh(*STYLES) <= 20 * 1024
    assert weigh("home/site.js") <= 10 * 1024


def test_nothing_is_asked_of_a_third_party():
    for name in (*STYLES, "home/site.js"):
        text = Path(finders.find(name)).read_text(encoding="utf-8")
        assert "//" not in text.replace("// ", "")


def test_the_living_page_shows_the_components_and_stays_out_of_search_engines(client):
    text = read(client, "/gaya/")
    assert '<meta name="robots" content="noindex">' in text
    for name in ("alert--darurat", "lead-story", "row", "card", "event", "verified", "urgent", "steps", "pagination"):
        assert f'class="{name}' in text or f" {name}" in text


@pytest.mark.parametrize("name", TYPES)
def test_the_editor_of_a_reference_page_speaks_the_offices_language(office, client, name):
    page = make_page(name)
    page.save_revision(user=office.sekretaris).publish()
    client.login(username="sekretaris", password=PASSWORD)
    site = Site.objects.get()
    for address in (f"/admin/pages/{page.pk}/edit/", f"/admin/settings/home/officesettings/{site.pk}/"):
        english = [phrase for phrase in read_spoken(read(client, address)) if find_english(phrase)]
        assert english == []
