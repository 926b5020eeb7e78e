"""A typed server address never leads to a host that only this machine can reach."""

import _socket
import socket
import threading

import pytest
import requests

from news.social.channels.errors import AuthDead, NotSent, Rejected
from news.social.channels.http import hosts
from news.social.channels.http.transport import http, prepare

PUBLIC = "93.184.215.14"


@pytest.fixture
def strict(monkeypatch):
    """The policy of production, which forbids loopback too."""
    monkeypatch.setattr(hosts.Policy, "allow_loopback", False)


@pytest.fixture(autouse=True)
def names(monkeypatch, no_network):
    """A fake resolver: each name gives its answers in turn, the last one repeatedly.

    The system parses numeric addresses in all notations; no real name is resolved.
    """
    answers = {"localhost": [["127.0.0.1"]]}

    def read(address, port):
        return _socket.getaddrinfo(address, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)

    def getaddrinfo(host, port, *args, **kwargs):
        if host not in answers:
            return read(host, port)
        given = answers[host]
        found = given.pop(0) if len(given) > 1 else given[0]
        return [result for address in found for result in read(address, port)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers


@pytest.fixture
def listener():
    """An internal service that counts connections and records what it receives."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard = []

        def serve():
            while True:
                try:
                    connection, _place = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(1)
                    heard.append(connection.recv(1000))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "localhost",
        "0.0.0.0",
        "10.0.0.8",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::a00:8]",
        "[2002:a00:8::1]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fec0::1]",
        "[ff02::1]",
    ],
)
def test_no_notation_of_an_inner_address_is_accepted(host, strict):
    with pytest.raises(Rejected):
        hosts.read_server(f"https://{host}")
    with pytest.raises(AuthDead, match="tidak diizinkan"):
        http(prepare(requests.Session()), "GET", f"https://{host}:9/")


@pytest.mark.parametrize("inner", ["10.1.2.3", "::1", "fd12::1"])
def test_a_name_with_one_inner_address_among_public_ones_is_refused(inner, strict, names):
    names["server.example"] = [[PUBLIC, inner]]
    with pytest.raises(Rejected, match="internet"):
        hosts.read_server("server.example")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://",
        "ftp://server.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:word@server.example",
        "https://user@server.example",
        "https://server.example/path",
        "https://server.example?x=1",
        "https://server.example#x",
        "https://server.example:99999",
        "https://" + "a" * 70 + ".example",
        "https://serv er.example",
        "https://server.example\\@other.example",
    ],
)
def test_what_is_more_or_less_than_a_server_is_refused(text, names):
    names["server.example"] = [[PUBLIC]]
    with pytest.raises(Rejected):
        hosts.read_server(text)


def test_plain_http_is_for_loopback_alone(names):
    names["server.example"] = [[PUBLIC]]
    with pytest.raises(Rejected, match="https"):
        hosts.read_server("http://server.example")
    assert hosts.read_server("http://127.0.0.1:8000") == "http://127.0.0.1:8000"


def test_a_public_server_is_written_in_one_way(strict, names):
    names["server.example"] = [[PUBLIC]]
    names["xn--mnchen-3ya.example"] = [[PUBLIC]]
    assert hosts.read_server(" Server.Example. ") == "https://server.example"
    assert hosts.read_server("https://SERVER.example:8443/") == "https://server.example:8443"
    assert hosts.read_server("münchen.example") == "https://xn--mnchen-3ya.example"


def test_a_name_that_turns_inward_after_it_was_checked_is_not_connected_to(strict, names, listener):
    port, heard = listener
    names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    address = hosts.read_server(f"https://rebinding.example:{port}")
    with pytest.raises(AuthDead, match="tidak diizinkan"):
        http(prepare(requests.Session()), "GET", address)
    assert heard == []


def test_the_connection_goes_to_the_address_that_was_looked_at(names, listener):
    port, heard = listener
    names["once.example"] = [["127.0.0.1"], ["127.0.0.9"]]
    answer = http(prepare(requests.Session()), "GET", f"http://once.example:{port}/")
    assert answer.status == 200
    assert b"Host: once.example" in heard[0]


def test_an_unknown_name_was_never_sent_to(strict):
    with pytest.raises(Rejected, match="tidak ditemukan"):
        hosts.read_server("no-such-name.invalid")
    with pytest.raises(NotSent):
        http(prepare(requests.Session()), "GET", "https://no-such-name.invalid/")


def test_a_redirect_to_the_inside_is_not_followed(listener):
    port, heard = listener
    with socket.create_server(("127.0.0.1", 0)) as server:

        def redirect():
            connection, _place = server.accept()
            with connection:
                connection.recv(1000)
                reply = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 0\r\n\r\n"
                connection.sendall(reply.encode())

        threading.Thread(target=redirect, daemon=True).start()
        answer = http(prepare(requests.Session()), "GET", f"http://127.0.0.1:{server.getsockname()[1]}/")
    assert answer.status == 302
    assert heard == []


def test_neither_a_proxy_nor_a_netrc_of_the_machine_is_used(monkeypatch, listener, tmp_path):
    port, heard = listener
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password netrc-word\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert http(prepare(requests.Session()), "GET", f"http://127.0.0.1:{port}/").status == 200
    assert b"Authorization" not in heard[0]
