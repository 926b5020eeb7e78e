"""The check of outgoing links, against a server on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from home.models import HomePage, StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]


@pytest.fixture
def server():
    """Answers by the number in the path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(int(self.path.strip("/")))
            self.end_headers()

        def log_message(self, *args):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def add_page(*addresses):
    links = "".join(f'<p><a href="{address}">tautan</a></p>' for address in addresses)
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
    assert "4 tautan diperiksa, 2 tidak menjawab." in told


def test_a_draft_is_not_asked_about(server, capsys):
    add_page(f"{server}/404").unpublish()
    call_command("check_links")
    assert "0 tidak menjawab" in capsys.readouterr().out
