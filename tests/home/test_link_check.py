"""The check of outgoing links, against a server on loopback."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from home.models import HomePage, OfficeSettings, StandardPage
from home.served import link_check
from news.social.channels.http.hosts import Policy

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


#: Where the server's redirects lead.
TARGETS = {"moved": "/200", "lost": "/404", "inside": "http://dalam.example/", "round": "/round"}
TARGETS |= {"file": "file:///etc/hostname"}
#: Names that lead into the office's own network.
INSIDE = {"dalam.example": "10.0.0.1", "awan.example": "169.254.169.254", "enam.example": "fd00::1"}


@pytest.fixture(autouse=True)
def loopback(monkeypatch):
    """The server stands on loopback, where a real site asks nobody; names are looked up here."""
    look_up = socket.getaddrinfo

    def find(host, port, *places, **options):
        return [(0, 0, 0, "", (INSIDE[host], port))] if host in INSIDE else look_up(host, port, *places, **options)

    monkeypatch.setattr(Policy, "allow_loopback", True)
    monkeypatch.setattr(socket, "getaddrinfo", find)


@pytest.fixture
def server():
    """Answers by the number in the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            place = self.path.strip("/")
            if place == "slow":
                stopped.wait(3)
            elif place in TARGETS:
                self.send_response(302)
                self.send_header("Location", TARGETS[place])
                self.end_headers()
            else:
                self.send_response(int(place))
                self.end_headers()

        def log_message(self, *args):
            pass

    stopped = threading.Event()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    stopped.set()
    running.shutdown()
    running.server_close()


def add_page(*addresses):
    links = "".join(f'<p><a href="{address}">tautan</a></p>' for address in addresses)
    OfficeSettings.objects.update_or_create(site=HomePage.objects.get().get_site(), defaults={"complaint_link": ""})
    page = StandardPage(title="Tautan", slug="tautan", body=[("paragraph", links)])
    return HomePage.objects.get().add_child(instance=page)


def test_broken_links_are_named_with_their_page(server, capsys):
    page = add_page(f"{server}/200", f"{server}/404", f"{server}/403", "http://127.0.0.1:1/", f"{server}/404")
    with pytest.raises(CommandError):
        call_command("check_links")
    told = capsys.readouterr().out
    assert f"{server}/404: kode 404" in told
    assert page.full_url in told
    assert "http://127.0.0.1:1/: tidak dapat dihubungi" in told
    assert "4 tautan diperiksa, 0 dialihkan, 2 tidak menjawab." in told


def test_a_draft_is_not_asked_about(server, capsys):
    add_page(f"{server}/404").unpublish()
    call_command("check_links")
    assert "0 tidak menjawab" in capsys.readouterr().out


def ask(address):
    return link_check.ask(link_check.Link(address, ()))


def test_redirects_are_followed_and_told(server, capsys):
    assert ask(f"{server}/moved").moved_to == f"{server}/200"
    assert ask(f"{server}/lost").problem == "kode 404"
    assert ask(f"{server}/round").problem
    add_page(f"{server}/moved")
    call_command("check_links")
    assert f"{server}/moved: dialihkan ke {server}/200" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["inside", "file"])
def test_a_redirect_leads_out_to_the_internet_alone(server, place):
    assert ask(f"{server}/{place}").problem


@pytest.mark.parametrize("name", INSIDE)
def test_the_offices_own_machines_are_never_asked(name):
    for scheme in ("http", "https"):
        assert "tidak terjangkau dari internet" in ask(f"{scheme}://{name}/").problem


@pytest.mark.parametrize("address", ["http://[x", "//x", "http://", "http://a b/", "gopher://x/"])
def test_a_broken_address_is_named_like_a_broken_link(address):
    assert ask(address).problem


def test_loopback_is_refused_where_it_answers(server, monkeypatch):
    monkeypatch.setattr(Policy, "allow_loopback", False)
    assert "tidak terjangkau dari internet" in ask(f"{server}/200").problem


def test_who_does_not_answer_in_time_is_named(server, monkeypatch):
    monkeypatch.setattr(link_check, "TIMEOUT", 0.3)
    assert "tidak dapat dihubungi" in ask(f"{server}/slow").problem


def test_the_settings_and_the_fields_of_pages_are_asked_too(server):
    office = OfficeSettings.for_site(add_page().get_site())
    office.map_link = f"{server}/map"
    office.social_accounts = [("account", {"label": "Akun", "address": f"{server}/akun"})]
    office.save()
    found = {link.address: link.pages for link in link_check.find_links()}
    assert found[f"{server}/map"] == found[f"{server}/akun"] == ("Pengaturan, Data kantor",)


def test_dead_links_inside_the_site_are_named(server, capsys):
    other = HomePage.objects.get().add_child(instance=StandardPage(title="Profil lain", slug="profil-lain"))
    page = add_page(f"{server}/200", "/berita/", "/profil-lain/", "/tidak-ada/")
    page.body = [
        *page.body.get_prep_value(),
        {"type": "paragraph", "value": f'<a linktype="page" id="{other.pk}">x</a>'},
    ]
    page.save()
    with pytest.raises(CommandError):
        call_command("check_links")
    told = capsys.readouterr().out
    assert "/tidak-ada/: tidak dapat dibaca warga" in told
    assert page.full_url in told
    assert "/profil-lain/:" not in told
    assert "/berita/:" not in told
    other.unpublish()
    with pytest.raises(CommandError):
        call_command("check_links")
    told = capsys.readouterr().out
    assert "/profil-lain/: tidak dapat dibaca warga" in told
    assert "halaman “Profil lain”: tidak dapat dibaca warga" in told
