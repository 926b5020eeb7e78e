"""The bounds of what the watch asks for, the proxy of a second address, and what counts as no reader."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from home.watch import fetching, looking
from home.watch.agents import Agent, get_tag, is_own, list_agents
from home.watch.comparing import compare
from home.watch.fetching import Exhausted, Fetcher, NoAnswer, Received
from home.watch.rendering import Rendered

pytestmark = pytest.mark.db_agnostic
ANYBODY = Agent("sebagai ponsel", "ponsel")


class Server(BaseHTTPRequestHandler):
    """Answers at once, much, or drop by drop; notes who asked for what."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self.send_response(200)
        self.end_headers()
        if self.path.endswith("/banyak"):
            self.wfile.write(b"x" * 5000)
        while self.path.endswith("/lambat") and not self.server.ended.wait(0.05):
            self.wfile.write(b"x")

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as made:
        made.asked, made.ended, made.daemon_threads = [], threading.Event(), True
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.ended.set()
        made.shutdown()


@pytest.fixture
def fetcher(server):
    return Fetcher(f"http://127.0.0.1:{server.server_port}", 5)


def test_what_is_too_long_is_cut_and_what_drips_is_given_up(fetcher, monkeypatch):
    monkeypatch.setattr(fetching, "MAX_BYTES", 2000)
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", 0.3)
    much = fetcher.get("/banyak", ANYBODY)
    assert (len(much.body), much.is_cut) == (2000, True)
    with pytest.raises(NoAnswer, match="batas waktu"):
        fetcher.get("/lambat", ANYBODY)


def test_requests_and_time_of_a_look_are_bounded(fetcher, server):
    fetcher.requests = 1
    fetcher.get("/", ANYBODY)
    with pytest.raises(Exhausted):
        fetcher.get("/", ANYBODY)
    with pytest.raises(Exhausted):
        Fetcher(fetcher.site, 5, time.monotonic() - 1).get("/", ANYBODY)
    assert len(server.asked) == 1


def test_a_proxy_elsewhere_is_asked_for_the_sites_own_address(server):
    agent = Agent("dari alamat kedua", "ponsel", f"http://penjaga:rahasia@127.0.0.1:{server.server_port}")
    Fetcher("http://situs.example", 5).get("/berita/", agent)
    [(path, headers)] = server.asked
    assert path == "http://situs.example/berita/"
    assert headers["Host"] == "situs.example"
    assert headers["Proxy-Authorization"] == "Basic cGVuamFnYTpyYWhhc2lh"


def test_own_requests_are_known_by_nothing_that_others_know(settings):
    tags = set()
    for key in ("one", "two"):
        settings.SECRET_KEY = key
        tags.add(get_tag())
        assert all(is_own(agent.user_agent) for agent in list_agents())
    assert len(tags) == 2
    assert not is_own(list_agents()[0].user_agent.replace(get_tag(), "231005"))
    assert not is_own("Mozilla/5.0")


def test_a_phone_and_a_robot_ask_and_both_once_more_from_a_second_address(settings):
    here = ["sebagai ponsel", "sebagai mesin pencari"]
    settings.WATCH_SECOND_ADDRESS = ""
    assert [(agent.label, agent.via) for agent in list_agents()] == [(label, "") for label in here]
    settings.WATCH_SECOND_ADDRESS = second = "http://penjaga.example:3128"
    there = [(f"{label} dari alamat kedua", second) for label in here]
    assert [(agent.label, agent.via) for agent in list_agents()][2:] == there
    assert {agent.user_agent for agent in list_agents()[2:]} == {agent.user_agent for agent in list_agents()[:2]}


@pytest.mark.django_db
def test_a_site_that_does_not_answer_is_found(monkeypatch, settings):
    monkeypatch.setattr(looking, "PAUSE", 0)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        look = looking.Look(Fetcher(f"http://127.0.0.1:{bound.getsockname()[1]}", 50), threading.Event())
        assert not look.answers()
    [found] = look.found
    assert (found.place, found.aspect) == (settings.SITE_URL, "situs tidak dapat dibuka")


HTML = {"content-type": "text/html; charset=utf-8", "x-frame-options": "DENY"}
PAGE = b'<html><body><h1>Judul</h1><p>Isi <a href="/a/">a</a></p></body></html>'


@pytest.mark.parametrize(
    ("old", "new", "aspects"),
    [
        ("Judul", "Judul lain", ["teks"]),
        ('href="/a/"', 'href="/b/"', ["tautan"]),
        ("<h1>", '<h1 onclick="x()">', ["skrip dan bagian aktif"]),
        ("<h1>", '<h1 style="display:none">', ["skrip dan bagian aktif"]),
        ("<body>", "<body><script>x()</script>", ["skrip dan bagian aktif"]),
        ("<body>", "<body><!--[if IE]>x<![endif]-->", ["skrip dan bagian aktif"]),
        ("<h1>", '<h1 class="sembunyi">', ["isi berkas"]),
        ("Judul", "Judul", []),
    ],
)
def test_every_byte_counts_and_each_difference_is_named(old, new, aspects):
    received = PAGE.decode().replace(old, new).encode()
    found = compare(Rendered(200, HTML, PAGE), Received(200, dict(HTML), received))
    assert [difference.aspect for difference in found] == aspects
    assert all(difference.expected != difference.received for difference in found)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"set-cookie": "a=1"}, "set-cookie: a=1"),
        ({"link": "</x.js>; rel=preload"}, "link: </x.js>; rel=preload"),
        ({"x-frame-options": "SAMEORIGIN"}, "x-frame-options: SAMEORIGIN"),
        ({"content-type": "text/html; charset=utf-7"}, "content-type: text/html; charset=utf-7"),
        ({"date": "now", "server": "nginx", "etag": "1", "content-encoding": "gzip", "x-cache": "HIT"}, None),
    ],
)
def test_a_header_that_tells_browsers_something_else_is_a_difference(settings, changed, told):
    settings.WATCH_OTHER_HEADERS = ["X-Cache"]
    found = compare(Rendered(200, HTML, PAGE), Received(200, HTML | changed, PAGE))
    assert [difference.received for difference in found] == ([told] if told else [])
    without = {name: value for name, value in HTML.items() if name != "x-frame-options"}
    [lost] = compare(Rendered(200, HTML, PAGE), Received(200, without, PAGE))
    assert (lost.expected, lost.received) == ("x-frame-options: DENY", "")
