"""Adapters against networks on loopback: posting, finding, and the outcome of each fault."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses

from news.social.channels import build
from news.social.channels.base import (
    AuthDead,
    Composed,
    Draft,
    Duplicate,
    NoFunds,
    NotSent,
    Rejected,
    Throttled,
    Unknown,
)
from news.social.channels.http import transport
from tests.social.servers import FAULTS, MastodonServer, XServer, get_timeouts

pytestmark = pytest.mark.db_agnostic

LINK = "https://mojogedang.example.go.id/berita/musrenbang/"
DRAFT = Draft("Musrenbang “Mojogedang” digelar… 🎉", LINK, ("desa wisata",))
KEY = "6a7f4c4e-0000-4000-8000-000000000001"
JUST_NOW = datetime.now(UTC) - timedelta(minutes=1)
SERVERS = [XServer, MastodonServer]


@pytest.fixture(params=SERVERS, ids=lambda server: server.__name__)
def network(request, monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", get_timeouts())
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with request.param() as server:
        yield server


def post(network, draft=DRAFT):
    channel = build(network.config)
    composed = channel.compose(draft)
    return channel, composed


def test_the_stored_post_is_the_composed_one_and_can_be_found(network):
    channel, composed = post(network)
    assert channel.find(composed, KEY, JUST_NOW, {}) is None

    sent = channel.deliver(composed, KEY, {})

    assert network.texts == [composed.text]
    assert sent.remote_id == network.posts[0].id
    assert sent.url.startswith(("https://x.com/", network.url))
    found = channel.find(composed, KEY, JUST_NOW, {})
    assert (found.remote_id, found.url) == (sent.remote_id, sent.url)
    assert channel.find(Composed("lain", LINK + "lain/", 4, None), KEY, JUST_NOW, {}) is None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lost_answer_is_unknown_and_reading_back_tells(network, fault, monkeypatch):
    channel, composed = post(network)
    monkeypatch.setattr(transport, "TIMEOUT", get_timeouts(fault))
    network.fail(fault)
    with pytest.raises(Unknown) as caught:
        channel.deliver(composed, KEY, {})
    assert caught.value.message.endswith(".")
    assert (channel.find(composed, KEY, JUST_NOW, {}) is not None) == FAULTS[fault] == (len(network.posts) == 1)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Rejected),
        (401, AuthDead),
        (404, Rejected),
        (422, Rejected),
        (408, Unknown),
        (500, Unknown),
        (302, Unknown),
    ],
)
def test_each_status_has_its_class(network, status, error):
    channel, composed = post(network)
    network.fail((status, {}, {"error": "no", "detail": "no"}))
    with pytest.raises(error) as caught:
        channel.deliver(composed, KEY, {})
    assert type(caught.value) is error
    assert caught.value.status == status
    assert network.posts == []


@pytest.mark.parametrize(
    "header", ["Retry-After", "x-rate-limit-reset", "X-RateLimit-Reset", "RateLimit-Reset", "date"]
)
def test_throttling_says_until_when_in_each_dialect(network, header):
    channel, composed = post(network)
    before = datetime.now(UTC)
    later = before + timedelta(minutes=9)
    value = {
        "Retry-After": "540",
        "x-rate-limit-reset": str(int(later.timestamp())),
        "X-RateLimit-Reset": later.isoformat(),
        "RateLimit-Reset": "540",
        "date": later.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }[header]
    network.fail((429, {"Retry-After" if header == "date" else header: value}, {"error": "slow"}))
    with pytest.raises(Throttled) as caught:
        channel.deliver(composed, KEY, {})
    # Seconds count from the answer on; a moment is one, given in whole seconds.
    assert timedelta(seconds=-2) < caught.value.until - later < datetime.now(UTC) - before + timedelta(seconds=2)


def test_wrong_credentials_are_auth_dead_and_stay_out_of_the_message(network):
    config = network.config
    config["credentials"] = {name: f"wrong-{value}" for name, value in config["credentials"].items()}
    channel = build(config)
    with pytest.raises(AuthDead) as caught:
        channel.deliver(channel.compose(DRAFT), KEY, {})
    assert not any(value in str(caught.value) for value in config["credentials"].values())
    with pytest.raises(AuthDead):
        channel.find(channel.compose(DRAFT), KEY, JUST_NOW, {})


def test_missing_credentials_never_reach_the_network(network):
    channel = build({**network.config, "credentials": {}})
    with pytest.raises(AuthDead):
        channel.deliver(channel.compose(DRAFT), KEY, {})
    assert network.requests == []


def test_a_refused_connection_is_not_sent(network):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    channel = build({**network.config, "base_url": address})
    with pytest.raises(NotSent):
        channel.deliver(channel.compose(DRAFT), KEY, {})


@pytest.mark.parametrize("behaviour", ["not tls", "reset"])
def test_a_failed_handshake_is_not_sent(network, behaviour):
    """A reset before the end of the handshake is NotSent; after it, the outcome would be Unknown."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            if behaviour == "not tls":
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        port = server.getsockname()[1]
        channel = build({**network.config, "base_url": f"https://127.0.0.1:{port}"})
        with pytest.raises(NotSent) as caught:
            channel.deliver(channel.compose(DRAFT), KEY, {})
    assert isinstance(caught.value.__cause__, requests.exceptions.ConnectionError)


def test_an_unreadable_timeline_is_no_absence(network, monkeypatch):
    channel, composed = post(network)
    channel.deliver(composed, KEY, {})
    monkeypatch.setattr(network, "read", lambda request: (200, "<h1>welcome</h1>"))
    with pytest.raises(NotSent):
        channel.find(composed, KEY, JUST_NOW, {})
    monkeypatch.setattr(network, "read", lambda request: (503, {}))
    with pytest.raises(Unknown):
        channel.find(composed, KEY, JUST_NOW, {})


def test_each_request_has_a_connection_of_its_own(network):
    channel, composed = post(network)
    channel.deliver(composed, KEY, {})
    session = channel.session()
    assert session.headers["Connection"] == "close"
    assert channel.session() is not session


def test_x_refuses_the_same_text_as_a_duplicate():
    with XServer() as network:
        channel, composed = post(network)
        channel.deliver(composed, KEY, {})
        with pytest.raises(Duplicate):
            channel.deliver(composed, KEY, {})
        assert len(network.posts) == 1


def test_x_rejects_a_text_that_is_too_long():
    with XServer() as network:
        channel = build(network.config)
        with pytest.raises(Rejected):
            channel.deliver(Composed("a" * 281, "", 281, 280), KEY, {})


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (402, {"title": "CreditsDepleted", "type": "https://api.x.com/2/problems/credits"}, NoFunds),
        (403, {"title": "Unsupported Authentication"}, AuthDead),
        (403, {"type": "https://api.x.com/2/problems/oauth1-permissions"}, AuthDead),
        (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, Duplicate),
        (403, {"errors": [{"message": "duplicate content"}]}, Duplicate),
        (403, {"detail": "You are not permitted to perform this action."}, Rejected),
        (200, {"errors": [{"title": "odd"}]}, Unknown),
        (201, {"data": {"id": 12}}, Unknown),
    ],
)
@responses.activate
def test_x_errors_are_told_apart_by_status_and_code(status, body, error):
    responses.post("https://api.x.com/2/tweets", json=body, status=status)
    names = ("client_key", "client_secret", "access_token", "access_token_secret")
    channel = build({"kind": "x", "credentials": dict.fromkeys(names, "value")})
    with pytest.raises(error) as caught:
        channel.deliver(channel.compose(DRAFT), KEY, {})
    assert type(caught.value) is error
    assert json.loads(responses.calls[0].request.body) == {"text": channel.compose(DRAFT).text}


@responses.activate
def test_x_asks_for_its_number_when_the_token_does_not_tell():
    names = ("client_key", "client_secret", "access_token", "access_token_secret")
    channel = build({"kind": "x", "credentials": dict.fromkeys(names, "value")})
    responses.get("https://api.x.com/2/users/me", json={"data": {"id": "77"}})
    responses.get("https://api.x.com/2/users/77/tweets", json={"meta": {"result_count": 0}})
    assert channel.find(channel.compose(DRAFT), KEY, JUST_NOW, {}) is None


@pytest.mark.parametrize("error", [requests.exceptions.ConnectionError("reset"), requests.exceptions.ReadTimeout()])
@responses.activate
def test_without_proof_that_it_never_left_a_request_is_unknown(error):
    responses.post("https://m.example/api/v1/statuses", body=error)
    channel = build({"kind": "mastodon", "base_url": "https://m.example", "credentials": {"access_token": "t"}})
    with pytest.raises(Unknown):
        channel.deliver(channel.compose(DRAFT), KEY, {})


@responses.activate
def test_a_token_is_not_sent_over_plain_http(monkeypatch):
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    channel = build({"kind": "mastodon", "base_url": "http://m.example", "credentials": {"access_token": "t"}})
    with pytest.raises(AuthDead):
        channel.deliver(channel.compose(DRAFT), KEY, {})
    assert len(responses.calls) == 0


@responses.activate
def test_a_script_is_never_taken_for_a_link():
    responses.post("https://m.example/api/v1/statuses", json={"id": "1", "url": "javascript:alert(1)"})
    channel = build({"kind": "mastodon", "base_url": "https://m.example", "credentials": {"access_token": "t"}})
    assert channel.deliver(channel.compose(DRAFT), KEY, {}).url == ""


def test_mastodon_makes_one_post_for_one_key(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with MastodonServer() as network:
        channel, composed = post(network)
        assert channel.deliver(composed, KEY, {}).remote_id == channel.deliver(composed, KEY, {}).remote_id
        assert len(network.posts) == 1


def test_the_console_writes_each_key_once_even_after_a_torn_line(tmp_path):
    path = tmp_path / "var" / "outbox.jsonl"
    channel = build({"kind": "console", "options": {"path": str(path)}})
    composed = channel.compose(DRAFT)
    channel.deliver(composed, "one", {})
    path.write_bytes(path.read_bytes() + b'{"key": "two", "te')
    assert channel.find(composed, "two", JUST_NOW, {}) is None
    channel.deliver(composed, "two", {})
    channel.deliver(composed, "one", {})
    channel.deliver(composed, "two", {})

    lines = path.read_text().splitlines()
    assert [json.loads(line)["key"] for line in (lines[0], lines[2])] == ["one", "two"]
    assert len(lines) == 3
    assert channel.find(composed, "two", JUST_NOW, {}).remote_id == "two"


def test_the_console_needs_no_file_and_says_when_it_cannot_write(tmp_path):
    assert build({"kind": "console"}).deliver(Composed("a", "", 1, None), KEY, {}).remote_id == KEY
    blocked = tmp_path / "file"
    blocked.write_text("")
    channel = build({"kind": "console", "options": {"path": str(blocked / "outbox.jsonl")}})
    with pytest.raises(NotSent):
        channel.deliver(Composed("a", "", 1, None), KEY, {})
