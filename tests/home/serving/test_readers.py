"""Readings are counted from the front server's log: once each, by day, of browsers alone, with nothing of a reader."""

import http.client
import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.serving.readers import counting
from home.serving.readers.models import DailyReadings
from moderation.ports import readings
from tests.support.front.nginx import free_port, running_nginx

BROWSER = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"
)
MORNING = "2026-11-30T08:00:00+07:00"
#: Another day on the office's clock, though not yet on the machine's.
NEXT_DAY = "2026-11-30T17:30:00+00:00"


@pytest.fixture
def item(office):
    return office.bring_to("live")


@pytest.fixture
def log(settings, tmp_path):
    settings.READERS_LOG = tmp_path / "situs.log"
    return settings.READERS_LOG


def note(log, *lines) -> None:
    with log.open("a") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def get_counts(item) -> dict:
    return dict(DailyReadings.objects.filter(page=item.page_id).values_list("day", "count"))


@pytest.mark.django_db
def test_each_reading_is_counted_once_on_the_office_s_day(item, log):
    path = item.page.get_url()
    note(log, f"{MORNING} {path}", f"{MORNING} {path}", f"{NEXT_DAY} {path}")
    note(log, f"{MORNING} /berita/tidak-ada/", f"{MORNING} /", "sampah", f"besok {path}")
    assert counting.count_new() == 7
    assert counting.count_new() == 0
    assert get_counts(item) == {date(2026, 11, 30): 2, date(2026, 12, 1): 1}
    note(log, f"{MORNING} {path}")
    with log.open("a") as stream:
        stream.write(f"{MORNING} {path[:-2]}")
    counting.count_new()
    assert get_counts(item)[date(2026, 11, 30)] == 3
    with log.open("a") as stream:
        stream.write(f"{path[-2:]}\n")
    counting.count_new()
    assert get_counts(item)[date(2026, 11, 30)] == 4


@pytest.mark.django_db
def test_a_file_that_was_turned_away_is_read_to_its_end_first(item, log, monkeypatch):
    path = item.page.get_url()
    note(log, f"{MORNING} {path}")
    counting.count_new()
    note(log, f"{MORNING} {path}")
    log.rename(log.with_name("situs.log.1"))
    note(log, f"{NEXT_DAY} {path}", f"{NEXT_DAY} {path}")
    monkeypatch.setattr(counting, "ROUND", 100)
    while counting.count_new():
        pass
    assert get_counts(item) == {date(2026, 11, 30): 2, date(2026, 12, 1): 2}


@pytest.mark.django_db
def test_a_round_that_fails_counts_nothing_and_is_done_again(item, log, monkeypatch):
    note(log, f"{MORNING} {item.page.get_url()}")
    add = counting._add

    def add_and_fail(lines):
        add(lines)
        raise ConnectionResetError

    with monkeypatch.context() as patch:
        patch.setattr(counting, "_add", add_and_fail)
        with pytest.raises(ConnectionResetError):
            counting.count_new()
    assert get_counts(item) == {}
    counting.count_new()
    assert get_counts(item) == {date(2026, 11, 30): 1}


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_the_desk_reads_what_was_counted(item, log, office, log_in):
    assert readings.describe(item.page_id) == ""
    note(log, *[f"{MORNING} {item.page.get_url()}"] * 3)
    counting.count_new()
    client = log_in(office.sekretaris)
    said = "Dibuka 3 kali sejak 30 November 2026."
    assert said in client.get(item.get_absolute_url()).content.decode()
    assert reverse("readers") in client.get(reverse("moderation:report")).content.decode()
    period = {"tahun": 2026, "bulan": 11}
    paper = client.get(reverse("readers"), period).content.decode()
    for words in (item.register_number, item.page.title, "3 kali", "30 November", "█" * 12):
        assert words in paper
    assert client.get(reverse("readers_pdf"), period).content.startswith(b"%PDF")
    lines = b"".join(client.get(reverse("readers"), period | {"export": "csv"})).decode().splitlines()
    assert len(lines) == 2
    assert ",3," in lines[1]
    empty = client.get(reverse("readers"), period | {"bulan": 1}).content.decode()
    assert "Belum ada halaman yang dibuka" in empty


@pytest.mark.django_db
@pytest.mark.db_agnostic
def test_the_report_asks_alike_for_many_items(item, log, office, log_in):
    client = log_in(office.sekretaris)
    others = [office.bring_to("live") for _number in range(3)]
    for one in (item, *others):
        note(log, f"{MORNING} {one.page.get_url()}")
    counting.count_new()
    DailyReadings.objects.exclude(page=item.page_id).delete()
    one = count_queries(client)
    note(log, *[f"{MORNING} {other.page.get_url()}" for other in others])
    counting.count_new()
    assert count_queries(client) == one


def count_queries(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("readers"), {"tahun": 2026}).status_code == 200
    return len(asked)


def ask(port, method, path, headers) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers=headers)
    connection.getresponse().read()
    connection.close()


@pytest.mark.nginx
@pytest.mark.db_agnostic
def test_the_front_server_notes_browsers_and_nothing_of_them(tmp_path):
    for name in ("berita/satu", "admin"):
        folder = tmp_path / "pages" / "live" / "pages" / name
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("<p>Satu.</p>")
    port = free_port()
    with running_nginx(tmp_path / "nginx", port, free_port(), tmp_path):
        for path, agent, more in (
            ("/berita/satu/?utm_source=wa", BROWSER, {"X-Reader": "203.0.113.7"}),
            ("/berita/satu/", "Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.com/bot)", {}),
            ("/berita/satu/", "curl/8.5", {}),
            ("/berita/satu/", BROWSER, {"Cookie": "__Host-sessionid=rahasia"}),
            ("/berita/satu/", BROWSER, {"Sec-Purpose": "prefetch"}),
            ("/berita/tidak-ada/", BROWSER, {}),
            ("/admin/", BROWSER, {}),
            ("/berita/satu/", BROWSER, {"Cookie": "_ga=1"}),
        ):
            ask(port, "GET", path, {"User-Agent": agent} | more)
        ask(port, "HEAD", "/berita/satu/", {"User-Agent": BROWSER})
    # nginx writes what it holds back when it ends.
    deadline = time.monotonic() + 60
    while not (noted := (tmp_path / "readers.log").read_text()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [line.partition(" ")[2] for line in noted.splitlines()] == ["/berita/satu/", "/berita/satu/"]
    assert counting._read_line(noted.splitlines()[0])
    assert "203.0.113" not in noted
