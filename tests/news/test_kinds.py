"""The four kinds of items: what each asks for, where it is listed, and that none goes round the SOP."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.starter import make_starter_pages
from moderation.models import Disposition
from moderation.ports.exceptions import StepRefused
from moderation.ports.seal import compute_seal
from news.models import Kind, NewsIndexPage, NewsPage, Village
from news.public import calendars
from tests.support.factories import PASSWORD, fill

NOW = timezone.now()


def at(days, hours=0):
    return NOW + datetime.timedelta(days=days, hours=hours)


def make_draft(office, kind, **changes):
    """A complete draft of the kind, held by the Staf."""
    page = office.bring_to("composing", office.issue(kind=kind)).get_draft()
    fill(page)
    for name, value in changes.items():
        setattr(page, name, value)
    return page


def bring_live(office, kind, title="Materi", **changes):
    """A live item of the kind, through every step."""
    item = office.bring_to("composing", office.issue(title, kind=kind))
    office.write(item, **changes)
    return office.bring_to("live", item).get_page()


def refusal(page):
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    return caught.value.message_dict


@pytest.mark.parametrize("kind", Kind)
def test_a_draft_opens_in_the_list_that_row_1_chose(office, kind):
    page = make_draft(office, kind)
    assert page.kind == kind
    assert page.get_parent().specific == NewsIndexPage.objects.get(kind=kind)
    assert page.url_path == f"/beranda/{kind}/{page.slug}/"


def test_without_a_choice_it_is_news(office):
    assert office.issue().kind == Kind.NEWS


def test_an_unknown_kind_is_refused_at_row_1(office):
    with pytest.raises(StepRefused):
        office.issue(kind="rahasia")


def test_the_sheet_offers_the_kinds_and_keeps_the_choice(office, log_in):
    client = log_in(office.ppid)
    text = client.get("/admin/disposisi/buat/").content.decode()
    assert all(f'value="{kind}"' in text for kind in Kind)
    client.post(
        "/admin/disposisi/buat/",
        {"origin": "pengelolaan_website", "priority": "biasa", "request": "siapkan", "kind": "agenda"}
        | {"subject": "Rapat", "source_note": "Map"},
    )
    assert Disposition.objects.get(subject="Rapat").kind == Kind.EVENT


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (Kind.EVENT, {"starts_at": None}, "starts_at"),
        (Kind.EVENT, {"activity_place": ""}, "activity_place"),
        (Kind.EVENT, {"starts_at": at(7), "ends_at": at(6)}, "ends_at"),
        (Kind.EVENT, {"starts_at": at(7), "ends_at": at(7)}, "ends_at"),
        (Kind.GALLERY, {"body": [("paragraph", "<p>Tanpa foto.</p>")]}, "body"),
        (Kind.GALLERY, {"activity_date": None}, "activity_date"),
        (Kind.NEWS, {"activity_date": timezone.localdate() + datetime.timedelta(days=1)}, "activity_date"),
    ],
)
def test_what_a_kind_lacks_is_refused(office, kind, changes, field):
    assert field in refusal(make_draft(office, kind, **changes))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Kind.EVENT, {"activity_date": None, "starts_at": at(7), "ends_at": at(7, hours=2)}),
        (Kind.ANNOUNCEMENT, {"activity_date": None, "activity_place": "", "valid_until": None}),
        (Kind.ANNOUNCEMENT, {"activity_date": None, "valid_until": datetime.date(2030, 1, 1)}),
    ],
)
def test_a_kind_asks_no_more_than_it_needs(office, kind, changes):
    make_draft(office, kind, **changes).full_clean()


def test_the_kind_of_news_leaves_the_seal_of_older_items_as_it_was(office):
    page = make_draft(office, Kind.NEWS)
    sealed = compute_seal(page)
    page.kind = ""
    assert compute_seal(page) == sealed
    page.kind = Kind.EVENT
    assert compute_seal(page) != sealed


def test_a_moment_has_one_seal_in_every_time_zone(office):
    page = make_draft(office, Kind.EVENT, starts_at=datetime.datetime(2026, 12, 1, 2, tzinfo=datetime.UTC))
    sealed = compute_seal(page)
    page.starts_at = timezone.localtime(page.starts_at)
    assert compute_seal(page) == sealed
    page.save_revision(user=office.staf1)
    assert compute_seal(page.get_latest_revision_as_object()) == sealed


def test_the_editor_shows_the_fields_of_the_kind(office, log_in):
    pages = {kind: make_draft(office, kind) for kind in Kind}
    client = log_in(office.staf1)
    own = {Kind.NEWS: "activity_date", Kind.EVENT: "starts_at", Kind.ANNOUNCEMENT: "valid_until"}
    for kind, name in own.items():
        text = client.get(f"/admin/pages/{pages[kind].pk}/edit/").content.decode()
        shown = [each for each in own.values() if f'name="{each}"' in text]
        assert shown == [name]


def test_each_list_shows_its_own_kind_alone(office, client):
    pages = {kind: bring_live(office, kind, f"Materi {kind}") for kind in Kind}
    for kind in Kind:
        text = client.get(f"/{kind}/").content.decode()
        assert [other for other in Kind if pages[other].title in text] == [kind]
        assert client.get(pages[kind].url).status_code == 200
    front = client.get("/").content.decode()
    assert all(page.title in front for page in pages.values())


def test_the_agenda_separates_what_comes_from_what_is_over(office, client):
    coming = bring_live(office, Kind.EVENT, "Rapat mendatang", starts_at=at(3), ends_at=at(3, hours=2))
    under_way = bring_live(office, Kind.EVENT, "Pekan budaya", starts_at=at(-1), ends_at=at(1))
    over = bring_live(office, Kind.EVENT, "Donor darah", starts_at=at(-40), ends_at=at(-40, hours=2))
    text = client.get("/agenda/").content.decode()
    assert text.index(under_way.title) < text.index(coming.title)
    assert over.title not in text
    assert over.title not in client.get("/").content.decode()
    past = client.get("/agenda/lampau/").content.decode()
    assert over.title in past
    assert coming.title not in past
    month = timezone.localtime(over.starts_at)
    assert over.title in client.get(f"/agenda/{month:%Y/%m}/").content.decode()
    assert client.get("/berita/lampau/").status_code == 404


@pytest.mark.parametrize("address", ["/agenda/1800/", "/agenda/2026/13/", "/agenda/9999/12/", "/berita/2026/00/"])
def test_a_month_that_cannot_be_does_not_exist(db, client, address):
    assert client.get(address).status_code == 404


def test_news_is_listed_by_month_and_by_village(office, client):
    village = Village.objects.get(slug="pendem")
    page = bring_live(office, Kind.NEWS, "Kabar dari Pendem", village=village)
    live_since = timezone.localtime(page.first_published_at)
    for address in (f"/berita/{live_since:%Y/%m}/", "/berita/desa/pendem/"):
        assert page.title in client.get(address).content.decode()
    assert page.title not in client.get("/berita/desa/pojok/").content.decode()
    assert 'href="/berita/desa/pendem/"' in client.get(page.url).content.decode()
    assert client.get("/berita/desa/tidak-ada/").status_code == 404


def test_a_village_shows_coming_events_by_their_day_before_announcements_and_news(office, client):
    village = Village.objects.get(slug="pendem")
    make_starter_pages()
    start = at(8)
    bring_live(office, Kind.EVENT, "Perekaman KTP keliling", village=village, starts_at=start, ends_at=at(8, hours=2))
    bring_live(office, Kind.EVENT, "Donor darah", village=village, starts_at=at(-9), ends_at=at(-9, hours=2))
    bring_live(office, Kind.ANNOUNCEMENT, "Pemadaman bergilir", village=village)
    bring_live(office, Kind.NEWS, "Jembatan selesai", village=village)
    text = client.get("/desa/pendem/").content.decode()
    places = [text.index(title) for title in ("Perekaman KTP keliling", "Pemadaman bergilir", "Jembatan selesai")]
    assert places == sorted(places)
    assert f"{timezone.localtime(start):%-d}</span>" in text
    assert "Donor darah" not in text


def test_a_notice_leaves_the_front_page_when_it_is_no_longer_valid(office, client):
    today = timezone.localdate()
    valid = bring_live(office, Kind.ANNOUNCEMENT, "Loket tutup lebih awal", valid_until=today)
    expired = bring_live(
        office, Kind.ANNOUNCEMENT, "Pendaftaran dibuka", valid_until=today - datetime.timedelta(days=1)
    )
    front = client.get("/").content.decode()
    assert valid.title in front
    assert expired.title not in front
    assert expired.title in client.get("/pengumuman/").content.decode()


def test_the_agenda_is_a_calendar_file(office, client):
    title = "Rapat; persiapan, musrenbang"
    start = datetime.datetime(2030, 12, 3, 2, tzinfo=datetime.UTC)
    page = bring_live(office, Kind.EVENT, title, starts_at=start)
    draft = make_draft(office, Kind.EVENT)
    for address in (f"/agenda/acara/{page.slug}.ics", "/agenda/2030-12.ics", "/agenda/agenda.ics"):
        response = client.get(address)
        text = response.content.decode().replace("\r\n ", "")
        assert response.headers["content-type"] == "text/calendar; charset=utf-8"
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert r"SUMMARY:Rapat\; persiapan\, musrenbang" in text
        assert "DTSTART:20301203T020000Z" in text
        assert text.count("BEGIN:VEVENT") == 1
    assert client.get("/agenda/2030-13.ics").status_code == 404
    assert client.get(f"/agenda/acara/{draft.slug}.ics").status_code == 404


def test_an_event_over_the_months_end_is_in_both_and_its_number_grows_with_a_ralat(office, client, rf):
    start = datetime.datetime(2030, 12, 30, 2, tzinfo=datetime.UTC)
    page = bring_live(office, Kind.EVENT, "Pekan olahraga", starts_at=start, ends_at=start + datetime.timedelta(days=4))
    months = [client.get(f"/agenda/{month}.ics").content.decode() for month in ("2030-12", "2031-01", "2031-02")]
    assert ["SEQUENCE:0" in month for month in months] == [True, True, False]
    office.bring_to("live", office.open_ralat(page.disposition, "Tempat dipindahkan."))
    assert "SEQUENCE:1" in client.get("/agenda/2031-01.ics").content.decode()
    page.activity_place = ""
    assert "LOCATION" not in calendars._describe(page, rf.get("/"), 1).to_ical().decode()


def test_an_article_is_passed_on_by_plain_links(office, client):
    page = bring_live(office, Kind.NEWS, "Judul & tanda “kutip”")
    text = client.get(page.url).content.decode()
    for host in ("facebook.com", "x.com", "wa.me", "t.me"):
        assert f'href="https://{host}' in text or f'href="https://www.{host}' in text
    assert "Judul%20%26%20tanda" in text
    assert text.count("<script src=") == 1


def test_an_article_leads_to_others_of_its_subject_and_never_to_drafts(office, client):
    first, second = (bring_live(office, Kind.NEWS, title) for title in ("Satu", "Dua"))
    draft = make_draft(office, Kind.NEWS, title="Belum tayang")
    text = client.get(first.url).content.decode()
    assert f'href="{second.url}"' in text
    assert draft.title not in text


@pytest.mark.parametrize("role", ["sekretaris", "sekretariat", "staf1", "admin"])
def test_nobody_moves_copies_or_removes_a_list(office, client, role):
    index = NewsIndexPage.objects.get(kind=Kind.GALLERY)
    client.login(username=getattr(office, role).username, password=PASSWORD)
    for action in ("delete", "unpublish", "copy", "move"):
        client.post(f"/admin/pages/{index.pk}/{action}/", {"confirm": "yes", "new_title": "X", "new_slug": "x"})
    assert NewsIndexPage.objects.get(kind=Kind.GALLERY).live
    assert NewsIndexPage.objects.count() == len(Kind)
    assert not NewsIndexPage.is_creatable
    assert not NewsPage.objects.exists()
