"""What one anonymous address may ask of Django, and that every address has such a bound."""

import re
import sqlite3
import threading
from hashlib import sha256

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from home.serving.bounds import counter
from home.serving.bounds.middleware import PAGE
from home.serving.bounds.table import RETRY_AFTER, find_bounds, get_table
from moderation.records import confirmations
from moderation.review.passages import list_passages
from moderation.sign_in import devices
from moderation.sign_in.models import KnownDevice
from news.models import Attachment

pytestmark = pytest.mark.django_db

#: Wagtail's pages, which take whatever is left.
CATCH_ALL = r"^((?:[\w\-]+/)*)$"
#: Routes of the row of everything else.
PLAIN = {"gaya/", "^[bB]/(?P<number>[1-9][0-9]{0,8})/?$", CATCH_ALL}
DEVICE = "d" * 43
STRANGER, NEIGHBOUR = "203.0.113.7", "203.0.113.8"


def walk(patterns, above=""):
    for pattern in patterns:
        route = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route


def find_row(route: str):
    """Return the row that names this route itself, not what is left."""
    literal = re.split(r"[<(\\]", route.replace("^", ""))[0]
    return next((row for row in get_table() if row.starts and literal.startswith(row.starts)), None)


@pytest.fixture(autouse=True)
def counts(settings, tmp_path):
    """A file of counts for this test alone."""
    settings.BOUNDS_FILE = tmp_path / "bounds.sqlite3"


@pytest.fixture
def narrow(monkeypatch):
    """Leave each kind of address two requests."""
    taking = counter.take
    monkeypatch.setattr(counter, "take", lambda kind, subject, per_minute, burst: taking(kind, subject, 1, 2))


#: A form of an editor that holds an item of many paragraphs.
LARGE = {"lead": "Warga membersihkan saluran irigasi. " * 4000}


def ask(client, path="/cari/?q=air", address=STRANGER, **more):
    return client.get(path, REMOTE_ADDR=address, **more)


@pytest.mark.db_agnostic
def test_every_address_has_a_row_of_its_own():
    routes = set(walk(get_resolver().url_patterns))
    assert {route for route in routes if find_row(route) is None} == PLAIN


@pytest.mark.db_agnostic
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "page"),
        ("/berita/kerja-bakti/", "page"),
        ("/berita/atom.xml", "feed"),
        ("/berita/kartu/0123456789ab/kotak.jpg", "card"),
        ("/cari/", "search"),
        ("/asli-atau-hoaks/", "authenticity"),
        ("/narasumber/abc.def/", "confirmation"),
        ("/api/v1/materi/", "open_data"),
        ("/media/images/a.webp", "file"),
        ("/dokumen/authenticate_with_password/1/", "sign_in"),
        ("/admin/login/", "sign_in"),
        ("/ppid/daftar-publikasi/", "open_data"),
        ("/ppid/unduh/daftar-publikasi.csv", "list_file"),
        ("/admin/pages/", "desk"),
        ("//cari/", "page"),
    ],
)
def test_nginx_and_django_find_the_same_row(path, name):
    assert find_bounds(path).name == name
    for above in ("", "/nowhere", "/pages"):
        assert next(row.name for row in get_table() if re.search(row.pattern, above + path)) == name


def test_beyond_the_bound_a_plain_page_says_when_to_come_again(client, narrow):
    assert [ask(client).status_code for _number in range(3)] == [200, 200, 429]
    answer = ask(client)
    assert (answer["Retry-After"], answer["Cache-Control"]) == (str(RETRY_AFTER), "no-store")
    assert answer.content == PAGE.read_bytes()
    assert "Terlalu banyak permintaan" in answer.content.decode()
    assert ask(client, "/berita/atom.xml").status_code != 429, "another kind has a bound of its own"


def test_strangers_are_told_apart_and_a_network_of_one_subscriber_is_one(client, monkeypatch):
    asked = []
    monkeypatch.setattr(counter, "take", lambda kind, subject, *bounds: asked.append(subject) or subject == NEIGHBOUR)
    for address in (STRANGER, "2001:db8:1:2::7", "2001:db8:1:2:ffff::8", NEIGHBOUR):
        ask(client, "/", address)
    assert asked == [STRANGER, "2001:db8:1:2::/64", "2001:db8:1:2::/64", NEIGHBOUR, "together"]


def test_nobody_talks_themselves_out_of_it(client, narrow, settings):
    for _number in range(2):
        ask(client, HTTP_X_FORWARDED_FOR="127.0.0.1")
    assert ask(client, HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429, (
        "without a proxy the header says nothing"
    )
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    behind = {"address": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"127.0.0.1, {STRANGER}"}
    assert ask(client, **behind).status_code == 429, "nginx's word is the last one"
    client.cookies[settings.SESSION_COOKIE_NAME] = "guessed"
    assert ask(client).status_code == 429


def test_this_machine_and_the_office_are_not_counted(client, narrow, office, log_in):
    assert {ask(client, address=own).status_code for own in ("127.0.0.1", "::1") for _number in range(4)} == {200}
    signed_in = log_in(office.staf1)
    assert {ask(signed_in, "/admin/").status_code for _number in range(4)} == {200}


def test_all_subscribers_together_leave_the_processors_to_readers(client, monkeypatch):
    taking = counter.take
    few = lambda kind, subject, *bounds: taking(kind, subject, 1, 2 if subject == "together" else 100)  # noqa: E731
    monkeypatch.setattr(counter, "take", few)
    addresses = ["198.51.100.1", "198.51.100.2", "198.51.100.3"]
    assert [ask(client, address=address).status_code for address in addresses] == [200, 200, 429]
    assert [ask(client, "/", address).status_code for address in addresses[:2]] == [200, 200], "each kind has its own"


@pytest.mark.db_agnostic
def test_a_village_behind_one_address_is_let_through():
    """Sixty phones, each asking every quarter of a minute; what they read is kept and not counted."""
    rows = {row.name: row for row in get_table()}
    assert all(rows[name].per_minute >= 60 * 4 for name in ("search", "feed", "page", "file"))
    # Whoever asks all at once that one may does not delay the others.
    assert all(rows[name].together_delay >= rows[name].burst for name in ("search", "page"))


def test_strangers_do_not_keep_the_office_out_of_its_sign_in(client, office, monkeypatch):
    """However many guess, a device on which somebody has signed in before is let through; a made-up one is not."""
    monkeypatch.setattr(counter, "take", lambda kind, subject, *bounds: subject != "together")
    for token, status in (("", 429), ("a" * 43, 429), (DEVICE, 200)):
        client.cookies[devices.COOKIE] = token
        assert ask(client, "/admin/login/").status_code == status
        form = client.post("/admin/pages/1/edit/", LARGE, REMOTE_ADDR=STRANGER)
        assert form.status_code == (429 if status == 429 else 403), "what was typed there comes back"
        KnownDevice.objects.get_or_create(
            user=office.staf1, token_hash=sha256(DEVICE.encode()).hexdigest(), defaults={"last_seen_at": timezone.now()}
        )


def test_a_body_larger_than_any_form_there_is_not_read(client):
    answer = client.post("/cari/", {"q": "a" * 70_000}, REMOTE_ADDR=STRANGER)
    assert answer.status_code == 413
    assert "terlalu panjang" in answer.content.decode()


@pytest.mark.db_agnostic
def test_the_bucket_fills_drains_and_forgets(monkeypatch):
    now = 1_800_000_000.0
    monkeypatch.setattr(counter.time, "time", lambda: now)
    assert [counter.take("search", STRANGER, 60, 3) for _number in range(5)] == [True, True, True, False, False]
    now += 1
    assert [counter.take("search", STRANGER, 60, 3) for _number in range(2)] == [True, False]
    now -= 24 * 60 * 60
    assert counter.take("search", STRANGER, 60, 3), "a clock that was put back locks nobody out for a day"
    now += 10
    monkeypatch.setattr(counter, "_SWEEP_EVERY", 1)
    counter.take("page", NEIGHBOUR, 60, 3)
    with sqlite3.connect(project.BOUNDS_FILE) as file:
        kept = file.execute("SELECT key FROM bucket").fetchall()
    assert len(kept) == 1
    assert STRANGER not in str(kept)


@pytest.mark.db_agnostic
def test_many_at_once_find_no_more_room_than_there_is(monkeypatch):
    monkeypatch.setattr(counter, "_PATIENCE", 60)
    taken = []
    run = lambda: taken.extend(counter.take("search", STRANGER, 1, 20) for _number in range(10))  # noqa: E731
    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each has a connection of its own, as each process has.
    assert (len(taken), sum(taken)) == (40, 20)


def test_forms_of_nobody_who_is_signed_in_have_bounds_of_their_own(client, office, log_in, monkeypatch):
    """They are read and given back whole; what a person types at an open session is never counted among them."""
    counted = []
    monkeypatch.setattr(counter, "take", lambda kind, *bounds: counted.append((kind, bounds[0])) or True)
    with CaptureQueriesContext(connection) as asked:
        answers = [
            ask(client, "/admin/").status_code,
            client.post("/admin/pages/1/edit/", {"lead": "Warga."}, REMOTE_ADDR=STRANGER).status_code,
            client.post("/admin/pages/1/edit/", LARGE, REMOTE_ADDR=STRANGER).status_code,
        ]
    assert answers == [302, 403, 403]
    assert len(asked) <= 5
    assert counted == [
        (kind, subject) for kind in ("desk", "desk_form", "desk_large_form") for subject in (STRANGER, "together")
    ]
    counted.clear()
    log_in(office.staf1).post("/admin/pages/1/edit/", LARGE, REMOTE_ADDR=STRANGER)
    assert {kind for kind, _subject in counted} == {"desk"}


def test_the_second_large_form_of_strangers_at_once_is_refused_unread(client):
    large = "/admin/pages/1/edit/"
    answers = [client.post(large, LARGE, REMOTE_ADDR=address) for address in (STRANGER, NEIGHBOUR)]
    assert [answer.status_code for answer in answers] == [403, 429]
    assert answers[-1].wsgi_request.read() == b"", "nginx, cut off while it sends, would answer 502"
    assert client.post(large, {"lead": "Warga."}, REMOTE_ADDR=STRANGER).status_code == 403


@pytest.mark.db_agnostic
def test_a_count_that_cannot_be_made_closes_nothing(settings, tmp_path):
    settings.BOUNDS_FILE = tmp_path / "broken.sqlite3"
    settings.BOUNDS_FILE.write_bytes(b"no database" * 500)
    assert counter.take("search", STRANGER, 1, 1)
    assert [counter.take("search", STRANGER, 1, 1) for _number in range(2)] == [True, False], "it began anew"
    settings.BOUNDS_FILE = tmp_path / "broken.sqlite3" / "below-a-file"
    assert counter.take("search", STRANGER, 1, 1)


def make_link(office) -> str:
    """Return the address at which a quoted person answers."""
    item = office.bring_to("awaiting_verification")
    [passage, *_more] = list_passages(item.get_draft())
    _row, token = confirmations.ask(item, office.sekretaris, key=passage.key, source="Camat")
    return f"/narasumber/{token}/"


def list_worst(office) -> dict:
    """Return the worst legal request of each kind, as the arguments of a client's method."""
    page = office.bring_to("live", office.issue("Penyuluhan stunting bagi kader posyandu")).get_page()
    document = Attachment.objects.create(title="Daftar hadir", file=ContentFile(b"isi", "hadir.txt"))
    words = "penyuluhan stunting kader posyandu irigasi gotong royong desa kecamatan " * 3
    return {
        "sign_in": ("post", "/admin/login/", {"login": "tidak.ada", "password": "x" * 4000}),
        "desk": ("get", "/admin/pages/1/edit/", {}),
        "authenticity": (
            "post",
            "/asli-atau-hoaks/",
            {"text": (f"{page.full_url} {page.lead} {words}" * 200)[:50_000]},
        ),
        "confirmation": ("post", make_link(office), {"answer": "ubah", "words": "Yang benar 52 orang. " * 90}),
        "search": ("get", "/cari/", {"q": f"stuntng {words}"[:200], "jenis": "berita", "halaman": "9999"}),
        "list_file": ("get", "/ppid/unduh/daftar-publikasi.csv", {}),
        "open_data": ("get", "/api/v1/register/", {"halaman": "9999"}),
        "card": ("get", "/berita/kartu/0123456789ab/kotak.jpg", {}),
        "feed": ("get", "/berita/atom.xml", {"x": "1"}),
        "file": ("get", document.url, {}),
        "page": ("get", page.url, {"x": "1"}),
    }


def test_the_worst_request_of_each_kind_keeps_to_its_queries(client, office):
    worst = list_worst(office)
    assert set(worst) == {row.name for row in get_table()}
    counted = {}
    for row in get_table():
        method, path, data = worst[row.name]
        with CaptureQueriesContext(connection) as asked:
            answer = getattr(client, method)(path, data, REMOTE_ADDR=STRANGER)
        assert find_bounds(path) is row
        assert answer.status_code in {200, 302, 404}
        counted[row.name] = (len(asked), row.queries)
    assert {name: pair for name, pair in counted.items() if pair[0] > pair[1]} == {}, counted
