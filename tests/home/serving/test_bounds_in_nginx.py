"""nginx refuses what is beyond a bound before Django is asked: here it has no Django behind it at all."""

import contextlib
import http.client
import select
import shutil
import socket

import pytest
from django.conf import settings

from home.serving.bounds.table import RETRY_AFTER
from tests.support.front.nginx import free_port, running_nginx

pytestmark = [pytest.mark.nginx, pytest.mark.db_agnostic]

SEARCH = "/cari/?q=air"
SECRET = "SECRET_KEY=kunci"
SAME_NETWORK = ("2001:db8:1:2::7", "2001:db8:1:2:ffff::8")
OTHER_NETWORK = "2001:db8:1:3::7"
#: More than any bound of the search lets through at once, and than it lets through meanwhile.
MANY = 120


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """A front server whose Django does not answer: it says 502 where it would have asked."""
    folder = tmp_path_factory.mktemp("front")
    for name in ("terlalu-sering.html", "pemeliharaan.html"):
        (folder / "static" / "home").mkdir(parents=True, exist_ok=True)
        shutil.copy(settings.BASE_DIR / "home" / "static" / "home" / name, folder / "static" / "home" / name)
    for name in (".env", ".git/config"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SECRET)
    own = free_port()
    with running_nginx(folder / "nginx", own, free_port(), folder):
        yield own


def ask(port, reader, path=SEARCH, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, path, headers={"X-Reader": reader} | headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def ask_at_once(port, readers, path=SEARCH) -> str:
    """Ask so often at once, the readers in turns, and return the first answer that is a refusal."""
    with contextlib.ExitStack() as stack:
        waiting = []
        for number in range(MANY):
            own = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            reader = readers[number % len(readers)]
            host = f"Host: 127.0.0.1:{port}\r\nX-Reader: {reader}\r\nConnection: close"
            own.sendall(f"GET {path} HTTP/1.1\r\n{host}\r\n\r\n".encode())
            waiting.append(own)
        while waiting:
            ready, _out, _broken = select.select(waiting, [], [], 60)
            assert ready, "nobody was refused"
            for own in ready:
                waiting.remove(own)
                text = b"".join(iter(lambda own=own: own.recv(65536), b"")).decode()
                if text.startswith("HTTP/1.1 429 "):
                    return text
    raise AssertionError("nobody was refused")


def test_one_network_is_refused_and_its_neighbour_is_not(port):
    refusal = ask_at_once(port, SAME_NETWORK)
    assert f"\r\nRetry-After: {RETRY_AFTER}\r\n" in refusal
    assert "\r\nCache-Control: no-store\r\n" in refusal
    assert "<h1>Terlalu banyak permintaan</h1>" in refusal
    status, headers, text = ask(port, OTHER_NETWORK)
    assert (status, headers["Retry-After"]) == (502, "120")
    assert "Situs sedang diperbarui" in text
    assert ask(port, SAME_NETWORK[0], "/berita/")[0] == 502, "another kind of address has a bound of its own"


def test_another_spelling_of_the_address_is_counted_alike(port):
    assert "429" in ask_at_once(port, ["198.51.100.1"], "//%63ari/./?q=air")[:20]


def test_this_machine_is_not_counted(port):
    """The proof and the watch ask from here."""
    with pytest.raises(AssertionError, match="nobody was refused"):
        ask_at_once(port, ["127.0.0.1"])


@pytest.mark.parametrize("path", ["/.git/config", "/.env", "/static/../.env", "/static../.env", "/static/%2e%2e/.env"])
def test_what_lies_beside_the_pages_is_not_given_out(port, path):
    """Each is Django's to answer, which does not here, or none of nginx's."""
    status, _headers, text = ask(port, "127.0.0.1", path)
    assert status in {400, 404, 502}
    assert SECRET not in text


def test_no_folder_is_listed_no_figure_told_and_no_request_echoed(port):
    for path in ("/static/", "/static/home/", "/media/", "/berkas-dalam/"):
        status, _headers, text = ask(port, "127.0.0.1", path)
        assert status in {403, 404, 502}
        assert "terlalu-sering.html" not in text
    assert ask(port, "127.0.0.1", "/metrics")[0] == 404
    assert ask(port, "127.0.0.1", "/berita/", "TRACE")[0] == 405


def test_a_message_with_two_lengths_is_refused(port):
    both = {"Content-Length": "4", "Transfer-Encoding": "chunked"}
    assert ask(port, "127.0.0.1", "/cari/", "POST", **both)[0] == 400


@pytest.mark.parametrize("path", ["/static/home/terlalu-sering.html", SEARCH])
def test_what_nginx_answers_alone_is_for_tls_alone_too(port, path):
    assert "max-age=31536000" in ask(port, "127.0.0.1", path)[1]["Strict-Transport-Security"]
