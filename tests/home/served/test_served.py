"""The proof asks for what is live at its address, as a citizen does, and for what was taken down."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.base import ContentFile
from wagtail.models import PageViewRestriction

from home.served import fetching, items, lists
from moderation.chain.transitions import take
from moderation.evidence import triggers
from moderation.management.jobs import integrity
from moderation.models import Withdrawal
from moderation.ports.seal import shorten
from news.models import Attachment, Kind, NewsIndexPage
from tests.support.factories import make_photo

pytestmark = pytest.mark.django_db


def take_all(take_part) -> list[str]:
    found, cursor = [], None
    while True:
        part = take_part(cursor)
        found += part.differences
        cursor = part.cursor
        if cursor is None:
            return found


@pytest.fixture
def live_item(office):
    """A live item with a picture and a document."""
    item = office.bring_to("composing")
    document = Attachment.objects.create(title="Jadwal", file=ContentFile(b"%PDF-1.4 isi", name="jadwal.pdf"))
    body = [("paragraph", "<p>Lihat jadwal.</p>"), ("document", {"document": document, "title": ""})]
    picture = {"main_image": make_photo(), "main_image_alt": "Saluran", "main_image_credit": "Dokumentasi"}
    office.write(item, body=body, **picture)
    return office.bring_to("live", item)


def get_path(item) -> str:
    return items._get_path(item.get_page())


def test_what_is_live_and_what_was_taken_down_is_served_as_it_should(live_item, office):
    files = items.list_files(fetching.fetch(get_path(live_item)).text)
    assert any(file.startswith("/media/") for file in files)
    assert any(file.startswith("/dokumen/") for file in files)
    office.bring_to("live", office.issue(kind=Kind.EVENT))
    take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Keliru."})
    assert integrity.run_now().differences == []


def test_a_picture_that_does_not_answer(live_item):
    fetching.fetch(get_path(live_item))
    page = live_item.get_page()
    for rendition in page.main_image.renditions.all():
        rendition.file.storage.delete(rendition.file.name)
    [found] = take_all(items.take_part)
    assert "menampilkan /media/" in found
    assert "situs menjawab 404" in found


def test_a_page_that_shows_another_seal(live_item, monkeypatch):
    shown = fetching.Answer(200, b"<p>sidik isi 0000 0000 0000</p>")
    monkeypatch.setattr(items, "fetch", lambda path: shown)
    seal = shorten(live_item.permits.get().seal)
    assert take_all(items.take_part) == [
        f"“{live_item.get_page().title}” terbaca di {get_path(live_item)} tanpa sidik isinya ({seal})."
    ]


def test_a_list_that_is_closed_hides_the_item_and_itself(live_item):
    triggers.drop_all()
    index_page = NewsIndexPage.objects.get(kind=Kind.NEWS)
    PageViewRestriction.objects.bulk_create([PageViewRestriction(page=index_page, restriction_type="login")])
    triggers.install_all()
    [found] = take_all(items.take_part)
    assert "tidak terbaca warga" in found
    assert take_all(lists.take_part) == ["Daftar /berita/ menjawab 302."]


def test_a_take_down_that_answers_as_if_nothing_had_been(office):
    item = take(office.bring_to("live"), "take_down", office.sekretaris, {"comment": "Keliru."})
    triggers.drop_all()
    Withdrawal.objects.all()._raw_delete("default")
    triggers.install_all()
    title, path = item.get_page().title, get_path(item)
    assert take_all(items.take_part) == [f"“{title}” telah diturunkan, tetapi {path} menjawab 404, bukan 410."]


@pytest.mark.parametrize(
    ("name", "find"),
    [
        ("Daftar /berita/", lambda: take_all(lists.take_part)),
        ("Umpan /berita/atom.xml", lists.find_missing_in_feeds),
        ("Peta situs", lists.find_missing_in_sitemap),
    ],
)
def test_a_list_without_an_item_is_named(live_item, monkeypatch, name, find):
    assert find() == []
    path, fetch = get_path(live_item), fetching.fetch

    def fetch_without(asked):
        answer = fetch(asked)
        return fetching.Answer(answer.status, answer.body.replace(path.encode(), b"/lain/"))

    monkeypatch.setattr(lists, "fetch", fetch_without)
    assert any(found.startswith(name) and "tidak memuat" in found and path in found for found in find())


def test_many_items_fill_several_pages_of_a_list(office, monkeypatch):
    monkeypatch.setattr(lists, "PAGES_A_PART", 1)
    for _number in range(14):
        office.bring_to("live")
    asked, fetch = [], fetching.fetch
    monkeypatch.setattr(lists, "fetch", lambda path: asked.append(path) or fetch(path))
    assert take_all(lists.take_part) == []
    assert {"/berita/", "/berita/halaman/2/", "/agenda/", "/agenda/lampau/"} <= set(asked)


@contextmanager
def front_server(answers):
    """A server on loopback that answers each path as ``answers`` says, and notes who was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            hosts.append(self.headers["Host"])
            self.send_response(answers.get(self.path, 404))
            self.end_headers()
            self.wfile.write(b"isi")

        def log_message(self, *arguments):
            pass

    hosts = []
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", hosts
        server.shutdown()


@pytest.mark.db_agnostic
def test_the_front_server_is_asked_where_one_is_named(settings):
    with front_server({"/berita/": 200}) as (address, hosts):
        settings.PROOF_ADDRESS, settings.SITE_URL = address, "https://situs.example"
        assert fetching.fetch("/berita/") == fetching.Answer(200, b"isi")
        assert fetching.fetch("/lain/").status == 404
        assert set(hosts) == {"situs.example"}
    assert fetching.fetch("/berita/").status == 0
