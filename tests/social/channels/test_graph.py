"""Meta's Graph API: proofs, error codes, versions, repeatable requests."""

import traceback
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from django.core.management import CommandError, call_command

from news.social.channels import Draft, Image, build
from news.social.channels.base import (
    AuthDead,
    Comparison,
    Duplicate,
    NoRight,
    NotSent,
    Rejected,
    Throttled,
    Unknown,
)
from news.social.channels.http import transport
from news.social.channels.http.transport import Answer
from news.social.channels.meta import containers, versions
from news.social.channels.meta.errors import raise_for
from news.social.channels.meta.graph import Graph
from news.social.channels.meta.versions import ENDS, find_used, find_warnings
from news.social.models import Account
from tests.social.servers.containers import InstagramServer, ThreadsServer
from tests.social.servers.graph import FacebookServer, draw

from .meta import GRAPH, JUST_NOW, KEY, LINK, draft, open_channel, send

pytestmark = pytest.mark.db_agnostic


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(transport, "TIMEOUT", (5, 5))
    monkeypatch.setattr(containers, "WAITS", (0, 0, 0))
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def facebook():
    with FacebookServer() as server:
        yield server


@pytest.fixture(params=[FacebookServer, InstagramServer, ThreadsServer], ids=lambda server: server.__name__)
def network(request):
    with request.param() as server:
        yield server


def test_a_post_is_made_found_and_the_same(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    sent, state = send(channel, composed)

    assert network.texts == [composed.text]
    assert sent.remote_id == network.posts[0].id
    assert sent.url.startswith("https://www.")
    assert channel.find(composed, KEY, JUST_NOW, state) == sent
    assert channel.verify(sent, composed).comparison == Comparison.SAME


def test_no_token_and_no_secret_is_ever_in_an_address(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    _sent, state = send(channel, composed)
    channel.find(composed, KEY, JUST_NOW, state)
    channel.check()
    for address in network.addresses:
        # Meta inspects a token by its URL alone: https, hidden from errors and logs.
        assert network.token not in address or urlsplit(address).path.endswith("/debug_token")
        assert network.app_secret not in address


def test_the_address_of_a_tokens_check_is_in_no_error_and_no_log(facebook, caplog):
    caplog.set_level("DEBUG")
    facebook.hinder("reset before")
    app = f"{facebook.app_id}|{facebook.app_secret}"
    with pytest.raises(NotSent) as caught:
        Graph("Facebook", base_url=facebook.url, version="v26.0", token=app, app_secret=facebook.app_secret).inspect(
            facebook.token
        )
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "debug_token" in facebook.addresses[-1]
    assert facebook.token in facebook.addresses[-1]
    assert facebook.token not in told


def test_the_next_page_is_asked_for_without_the_token_that_meta_puts_into_its_address(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    sent, state = send(channel, composed)
    for number in range(110):
        made = {"text": f"Lain {number}", "caption": f"Lain {number}"}
        network.create_post(f"Lain {number}" if isinstance(network, FacebookServer) else made)

    assert channel.find(composed, KEY, JUST_NOW, state).remote_id == sent.remote_id
    assert any("after=" in address for address in network.addresses)
    assert not any("access_token" in address for address in network.addresses)


def test_a_wrong_secret_or_token_is_auth_dead_and_stays_out_of_the_message(network):
    for name in ("access_token", "app_secret"):
        config = network.config
        if name not in config["credentials"]:
            continue
        config["credentials"][name] = "salah-sekali"
        channel = build(config)
        with pytest.raises((AuthDead, Rejected)) as caught:
            send(channel, channel.compose(draft(network)))
        assert "salah-sekali" not in caught.value.message
    assert network.posts == []


@pytest.mark.parametrize(
    ("code", "subcode", "error"),
    [
        (190, 460, AuthDead),
        (190, 463, AuthDead),
        (102, None, AuthDead),
        (10, None, NoRight),
        (200, None, NoRight),
        (299, None, NoRight),
        (2635, None, AuthDead),
        (4, None, Throttled),
        (17, None, Throttled),
        (32, None, Throttled),
        (341, None, Throttled),
        (613, None, Throttled),
        (80001, None, Throttled),
        (80014, None, Throttled),
        (368, None, Throttled),
        (4, 2207051, Throttled),
        (9, 2207042, Throttled),
        (506, None, Duplicate),
        (1609005, None, NotSent),
        (9007, 2207027, NotSent),
        (-2, 2207020, NotSent),
        (1, None, Unknown),
        (2, None, Unknown),
        (-1, 2207001, Unknown),
        (100, None, Rejected),
        (197, None, Rejected),
        (36003, 2207009, Rejected),
        (9004, 2207052, Rejected),
    ],
)
def test_each_code_has_its_class(code, subcode, error):
    body = {"error": {"message": "No", "code": code, "error_subcode": subcode}}
    with pytest.raises(error) as caught:
        raise_for(Answer(400, {}, body), "Facebook", changes=True)
    assert type(caught.value) is error
    assert caught.value.message.endswith((".", "No"))


def test_a_code_reaches_the_outbox_as_its_class_and_leaves_no_post(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    state = channel.prepare(composed, {}, lambda state: None)
    for code, error in [(190, AuthDead), (4, Throttled), (506, Duplicate), (2, Unknown), (100, Rejected)]:
        network.fail((400, {}, {"error": {"message": "No", "code": code}}))
        with pytest.raises(error):
            channel.deliver(composed, KEY, state)
    network.fail((400, {}, {"error": {"message": "x", "code": 99, "is_transient": True}}))
    with pytest.raises(Unknown):
        channel.deliver(composed, KEY, state)
    assert network.posts == []


def test_a_lost_answer_to_a_question_is_asked_again_and_never_unknown(network):
    channel = open_channel(network)
    composed = channel.compose(draft(network))
    _sent, state = send(channel, composed)
    for status, body in [(500, "<h1>"), (200, "<h1>"), (400, {"error": {"code": 2, "message": "x"}}), (408, {})]:
        network.hinder((status, {}, body))
        with pytest.raises(NotSent):
            channel.find(composed, KEY, JUST_NOW, state)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"X-Business-Use-Case-Usage": '{"20002":[{"call_count":100,"estimated_time_to_regain_access":23}]}'}, 23),
        ({"X-App-Usage": '{"call_count":100,"total_time":9,"total_cputime":5}'}, 60),
        ({"X-App-Usage": '{"call_count":40}'}, 15),
        ({"X-App-Usage": "broken"}, 15),
        ({"X-Business-Use-Case-Usage": '{"20002":[{"estimated_time_to_regain_access":0}]}'}, 15),
    ],
)
def test_throttling_is_a_400_and_its_headers_count_minutes(facebook, headers, minutes):
    channel = open_channel(facebook)
    facebook.fail((400, headers, {"error": {"message": "x", "code": 32}}))
    before = datetime.now(UTC)
    with pytest.raises(Throttled) as caught:
        channel.deliver(channel.compose(draft(facebook)), KEY, {})
    assert before <= caught.value.until - timedelta(minutes=minutes) <= datetime.now(UTC)


def test_an_account_under_suspicion_waits_for_hours(facebook):
    channel = open_channel(facebook)
    facebook.fail((400, {}, {"error": {"message": "x", "code": 368}}))
    before = datetime.now(UTC)
    with pytest.raises(Throttled) as caught:
        channel.deliver(channel.compose(draft(facebook)), KEY, {})
    assert caught.value.until > before + timedelta(hours=5)
    assert "Masuk ke akun" in caught.value.message


def test_the_check_tells_token_scopes_limits_and_posts_nothing(network):
    health = open_channel(network).check()
    assert health.account_name in ("Kecamatan Mojogedang", "@kec.mojogedang")
    assert health.missing_scopes == ()
    assert health.problems == ()
    assert "karakter" in health.limits["Panjang unggahan"]
    assert network.posts == []
    if not isinstance(network, ThreadsServer):
        assert abs(health.expires_at.timestamp() - network.expires_at) < 2
        assert abs(health.data_expires_at.timestamp() - network.data_expires_at) < 2
        assert health.limits["Kuota panggilan API terpakai"] == "12 persen"


def test_the_check_names_what_was_not_granted(network):
    if isinstance(network, ThreadsServer):
        network.may_publish = False
        assert open_channel(network).check().missing_scopes == ("threads_content_publish",)
        return
    missing = next(scope for scope in network.granted if scope.endswith(("manage_posts", "content_publish")))
    network.granted.remove(missing)
    assert open_channel(network).check().missing_scopes == (missing,)


def test_a_scope_for_another_page_is_missing(facebook, monkeypatch):
    other = [{"scope": scope, "target_ids": ["999"]} for scope in facebook.granted]
    monkeypatch.setattr(facebook, "get_granular_scopes", lambda: other)
    assert open_channel(facebook).check().missing_scopes == facebook.scopes


def test_a_token_that_meta_calls_invalid_is_a_problem(facebook):
    facts = Graph(
        "Facebook",
        base_url=facebook.url,
        version="v26.0",
        token=f"{facebook.app_id}|{facebook.app_secret}",
        app_secret=facebook.app_secret,
    ).inspect("token-lain")
    assert facts.describe_problem() == ("Token tidak berlaku. The session has been invalidated.",)


@pytest.mark.parametrize(
    ("version", "today", "words"),
    [
        ("v26.0", date(2026, 11, 23), None),
        ("v21.0", date(2026, 11, 23), "berakhir pada 21 Januari 2027. Rencanakan"),
        ("v21.0", date(2027, 1, 21), "berakhir pada 21 Januari 2027. Ganti"),
        ("v22.0", date(2026, 11, 18), None),
        ("v22.0", date(2026, 11, 23), "20 Mei 2027"),
        ("v19.0", date(2026, 11, 23), "sudah berakhir"),
        ("v27.0", date(2026, 12, 1), None),
        ("v99.0", date(2026, 11, 23), None),
        ("salah", date(2026, 11, 23), "sudah berakhir"),
    ],
)
def test_a_version_is_warned_about_half_a_year_before_its_end(version, today, words):
    warnings = find_warnings(version, {"facebook-api-version": version}, today)
    assert (not warnings) if words is None else (words in warnings[0])


def test_the_answer_itself_says_when_a_version_has_ended(facebook):
    health = open_channel(facebook, version="v23.0").check()
    assert "Meta menjawab dengan v25.0" in health.warnings[0]
    assert open_channel(facebook, version="v26.0").check().warnings == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ids": "1,2"}, "ids"),
        ({"date_format": "U"}, "date_format"),
        ({"method": "delete"}, "method"),
        ({"fields": "name.as(label)"}, "alias"),
        ({"callback": "f"}, "jsonp"),
        ({"batch": "[]"}, "batch"),
        ({"fields": "id,message", "limit": "100"}, None),
    ],
)
def test_a_request_tells_what_it_uses_that_meta_takes_away(given, code):
    assert find_used(given) == ([code] if code else [])


def test_the_command_tells_what_the_next_version_takes_away_of_what_we_use(db, capsys, monkeypatch):
    settings = {"page_id": "1", "version": "v21.0"}
    Account.objects.create(key="fb", kind="facebook", label="Halaman", from_settings=False, settings=settings)
    call_command("check_graph_versions")
    told = capsys.readouterr().out
    assert "v21.0 (Halaman): paling cepat berakhir 21-01-2027." in told
    assert "v28.0 menghapus: Permintaan gabungan (batch=…) – tidak dipakai" in told
    monkeypatch.setattr(versions, "USED", frozenset({"batch"}))
    with pytest.raises(CommandError, match="masih dipakai"):
        call_command("check_graph_versions")
    assert "– MASIH DIPAKAI" in capsys.readouterr().out


def test_the_table_of_versions_is_in_order():
    assert list(ENDS.values()) == sorted(ENDS.values())


@responses.activate
def test_a_version_and_its_host_are_settings():
    responses.post("https://graph.facebook.com/v27.0/20002/feed", json={"id": "20002_1"})
    names = {"app_id": "1", "app_secret": "s", "access_token": "t"}
    channel = build("facebook", {"page_id": "20002", "version": "v27.0"}, names)
    composed = channel.compose(Draft("Halo", LINK))
    assert channel.deliver(composed, KEY, {}).url == "https://www.facebook.com/20002/posts/1"
    body = parse_qs(responses.calls[0].request.body)
    assert body["link"] == [LINK]
    assert len(body["appsecret_proof"][0]) == 64


@pytest.mark.parametrize("answer", [{}, {"id": 12}, {"data": []}])
@responses.activate
def test_an_answer_without_a_number_is_unknown(answer):
    responses.post(f"{GRAPH}/20002/feed", json=answer)
    names = {"app_id": "1", "app_secret": "s", "access_token": "t"}
    channel = build("facebook", {"page_id": "20002"}, names)
    with pytest.raises(Unknown):
        channel.deliver(channel.compose(Draft("Halo", LINK)), KEY, {})


@responses.activate
def test_what_an_upload_lost_was_never_a_post():
    responses.post(f"{GRAPH}/20002/photos", body=requests.exceptions.ReadTimeout())
    names = {"app_id": "1", "app_secret": "s", "access_token": "t"}
    channel = build("facebook", {"page_id": "20002", "post_as": "photo"}, names)
    image = Image(draw, "image/jpeg", 1200, 800, "Alt")
    with pytest.raises(NotSent):
        channel.prepare(channel.compose(Draft("Halo", LINK, image=image)), {}, lambda state: None)
