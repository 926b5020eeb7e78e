"""Connecting through consent screens; forged, foreign, late and repeated callbacks are refused."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from moderation.models import AuditEntry
from news.social.accounts import health_checks
from news.social.channels.http import hosts
from news.social.channels.meta import login
from news.social.channels.meta.facebook import FacebookChannel
from news.social.channels.x import oauth
from news.social.channels.x.adapter import XChannel
from news.social.models import Account, ConnectAttempt
from tests.social.servers.graph import FacebookServer
from tests.social.servers.oauth import ConsentMastodon, ConsentX
from tests.support.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

ADD = "/admin/kanal/tambah/"


@pytest.fixture
def x(patient, monkeypatch):
    """X on loopback, at the URL of its adapter."""
    with ConsentX() as server:
        monkeypatch.setitem(XChannel.__init__.__kwdefaults__, "base_url", server.url)
        monkeypatch.setitem(oauth._PLACES, "base_url", server.url)
        yield server


@pytest.fixture
def mastodon(patient):
    with ConsentMastodon() as server:
        yield server


@pytest.fixture
def facebook(patient, monkeypatch):
    with FacebookServer() as server:
        monkeypatch.setitem(FacebookChannel.__init__.__kwdefaults__, "base_url", server.url)
        monkeypatch.setitem(login._DEFAULTS, "base_url", server.url)
        yield server


@pytest.fixture
def sekretaris(office, log_in):
    return log_in(office.sekretaris)


def begin_x(client, x, code="oauth2", label="X Kecamatan"):
    """Fill in the application's keys and return the URL of the consent screen."""
    keys = x.client if code == "oauth2" else {name: x.credentials[name] for name in ("client_key", "client_secret")}
    response = client.post(f"{ADD}x/{code}/", {"label": label, "link": "on", "image": "on", **keys})
    assert response.status_code == 302, response.context["form"].errors
    return response["Location"]


def come_back(client, location):
    """Follow the network's redirect as the browser does."""
    url = urlsplit(location)
    return client.get(f"{url.path}?{url.query}")


def get_message(response, client):
    """Return the message on the screen after a redirect."""
    return client.get(response["Location"]).content.decode()


def test_x_is_connected_through_oauth1(sekretaris, x):
    address = begin_x(sekretaris, x, "oauth1")
    assert urlsplit(address).path == "/oauth/authorize"
    assert list(parse_qs(urlsplit(address).query)) == ["oauth_token"]
    response = come_back(sekretaris, x.consent_oauth1(address))
    account = Account.objects.get(kind="x")
    assert response["Location"] == "/admin/kanal/akun/x/"
    assert (account.account_name, account.account_id) == ("@kecamatan", x.user_id)
    assert account.credentials.reveal() == x.credentials
    assert account.connected_by.username == "sekretaris"
    assert account.expires_at is None
    assert account.build_channel().check().account_name == "@kecamatan"


def test_x_is_connected_through_oauth2_with_pkce(sekretaris, x):
    address = begin_x(sekretaris, x)
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 43
    come_back(sekretaris, x.consent_oauth2(address))
    account = Account.objects.get(kind="x")
    assert account.credentials.reveal()["bearer_token"] == x.bearer
    assert account.settings["auth"] == "oauth2"
    assert account.expires_at is None
    assert timedelta(hours=1) < account.refresh_at - timezone.now() < timedelta(hours=2)


def test_a_mastodon_server_gets_an_application_of_its_own(sekretaris, mastodon):
    form = {"label": "Mastodon", "base_url": f"{mastodon.url}/", "visibility": "public", "image": "on"}
    response = sekretaris.post(f"{ADD}mastodon/oauth2/", form)
    come_back(sekretaris, mastodon.consent_oauth2(response["Location"]))
    account = Account.objects.get(kind="mastodon")
    kept = account.credentials.reveal()
    assert kept["access_token"] == mastodon.token
    assert mastodon.apps[kept["client_id"]] == kept["client_secret"]
    assert account.settings["base_url"] == mastodon.url
    assert account.settings["max_length"] == 500


def test_the_page_is_chosen_where_facebook_offers_several(sekretaris, facebook, monkeypatch):
    pages = login.list_pages

    def two_pages(*args):
        for page, facts in pages(*args):
            yield page, facts
            yield {**page, "id": "4242", "name": "Halaman kedua"}, facts

    monkeypatch.setattr(login, "list_pages", two_pages)
    form = {"label": "Facebook", "app_id": facebook.app_id, "app_secret": facebook.app_secret}
    form |= {"post_as": "link", "version": "v26.0"}
    address = sekretaris.post(f"{ADD}facebook/oauth2/", form)["Location"]
    state = parse_qs(urlsplit(address).query)["state"][0]
    response = come_back(sekretaris, f"http://testserver/admin/kanal/kembali/?code=kode-sekali&state={state}")
    assert "/admin/kanal/pilih/" in response["Location"]
    assert "kode-sekali" not in response["Location"]
    page = sekretaris.get(response["Location"])
    assert "Halaman kedua" in page.content.decode()
    for secret in (facebook.token, facebook.user_token, facebook.app_secret):
        assert secret not in page.content.decode()
    assert "Pilih satu akun." in sekretaris.post(response["Location"], {"akun": "2"}).content.decode()
    assert "Pilih satu akun." in sekretaris.post(response["Location"], {"akun": "-1"}).content.decode()
    sekretaris.post(response["Location"], {"akun": "0"})
    account = Account.objects.get(kind="facebook")
    assert account.settings["page_id"] == facebook.page_id
    assert account.expires_at is not None
    assert not ConnectAttempt.objects.exists()


def test_the_callback_leaks_nothing_onward(sekretaris, x):
    location = x.consent_oauth2(begin_x(sekretaris, x))
    response = come_back(sekretaris, location)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "?" not in response["Location"]
    shown = get_message(response, sekretaris)
    lines = str(list(AuditEntry.objects.filter(action="channel_connected").values()))
    assert "'account': 'x'" in lines
    assert "X Kecamatan" in shown
    code = parse_qs(urlsplit(location).query)["code"][0]
    for secret in (x.client["client_id_secret"], x.bearer, code):
        assert secret not in shown
        assert secret not in lines


@pytest.mark.parametrize("state", ["", "zz", "a" * 43])
def test_a_forged_state_connects_nothing_and_spends_nothing(sekretaris, x, state):
    location = x.consent_oauth2(begin_x(sekretaris, x))
    code = parse_qs(urlsplit(location).query)["code"][0]
    response = come_back(sekretaris, f"http://testserver/admin/kanal/kembali/?code={code}&state={state}")
    assert "tidak cocok" in get_message(response, sekretaris)
    assert not Account.objects.filter(kind="x").exists()
    come_back(sekretaris, location)
    assert Account.objects.filter(kind="x").exists()


def test_a_state_counts_once(sekretaris, x):
    location = x.consent_oauth2(begin_x(sekretaris, x))
    come_back(sekretaris, location)
    before = Account.objects.get(kind="x")
    response = come_back(sekretaris, location)
    assert "tidak cocok" in get_message(response, sekretaris)
    after = Account.objects.get(kind="x")
    assert (after.version, after.credentials) == (before.version, before.credentials)


@pytest.mark.parametrize("name", ["sekretaris", "sekretaris2", "admin"])
def test_an_answer_in_another_session_is_worth_nothing(office, sekretaris, x, name):
    """The attacker's callback in the victim's browser; in another session of the same person too."""
    location = x.consent_oauth2(begin_x(sekretaris, x))
    other = Client()
    assert other.login(username=office.people[name].username, password=PASSWORD)
    response = come_back(other, location)
    assert "tidak cocok" in get_message(response, other)
    assert not Account.objects.filter(kind="x").exists()


def test_an_answer_after_ten_minutes_is_refused_and_forgotten(sekretaris, x):
    location = x.consent_oauth2(begin_x(sekretaris, x))
    ConnectAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    response = come_back(sekretaris, location)
    assert "sudah habis" in get_message(response, sekretaris)
    assert not ConnectAttempt.objects.exists()
    assert not Account.objects.filter(kind="x").exists()


def test_the_worker_forgets_attempts_that_nobody_finished(sekretaris, x):
    begin_x(sekretaris, x)
    health_checks.watch()
    assert ConnectAttempt.objects.count() == 1
    ConnectAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    health_checks.watch()
    assert not ConnectAttempt.objects.exists()


@pytest.mark.parametrize("code", ["oauth1", "oauth2"])
def test_a_refusal_at_the_consent_screen_is_said_in_the_offices_words(sekretaris, x, code):
    address = begin_x(sekretaris, x, code)
    consent = x.consent_oauth1 if code == "oauth1" else x.consent_oauth2
    response = come_back(sekretaris, consent(address, agrees=False))
    assert "Izin tidak diberikan" in get_message(response, sekretaris)
    assert not ConnectAttempt.objects.exists()


def test_foreign_words_in_an_answer_are_not_repeated(sekretaris, x):
    state = parse_qs(urlsplit(begin_x(sekretaris, x)).query)["state"][0]
    words = "<script>alert(1)</script>"
    response = sekretaris.get(
        "/admin/kanal/kembali/", {"state": state, "error": words, "error_description": "Hubungi kami di evil.example"}
    )
    shown = get_message(response, sekretaris)
    assert "Kanal menolak memberi izin." in shown
    assert "evil.example" not in shown
    assert words not in shown


def test_an_answer_in_the_name_of_another_server_is_refused(sekretaris, mastodon):
    form = {"label": "Mastodon", "base_url": mastodon.url, "visibility": "public"}
    location = mastodon.consent_oauth2(sekretaris.post(f"{ADD}mastodon/oauth2/", form)["Location"])
    response = come_back(sekretaris, f"{location}&iss=https%3A%2F%2Fevil.example")
    assert "server lain" in get_message(response, sekretaris)
    assert not Account.objects.filter(kind="mastodon").exists()


def test_a_code_without_its_verifier_is_worth_nothing(sekretaris, x):
    """The server checks PKCE: the verifier kept here must match the challenge sent before."""
    first = x.consent_oauth2(begin_x(sekretaris, x))
    state = parse_qs(urlsplit(begin_x(sekretaris, x)).query)["state"][0]
    code = parse_qs(urlsplit(first).query)["code"][0]
    response = come_back(sekretaris, f"http://testserver/admin/kanal/kembali/?code={code}&state={state}")
    assert "Hubungkan kembali" in get_message(response, sekretaris)
    assert not Account.objects.filter(kind="x").exists()


def test_what_waits_for_the_answer_is_kept_encrypted(sekretaris, x):
    address = begin_x(sekretaris, x, "oauth1")
    token = parse_qs(urlsplit(address).query)["oauth_token"][0]
    row = str(ConnectAttempt.objects.values().get())
    for secret in (token, x.oauth1.pending[token]["oauth_token_secret"], x.credentials["client_secret"]):
        assert secret not in row
    assert token not in str(dict(sekretaris.session))


def test_a_wrong_application_is_refused_before_the_consent_screen(sekretaris, x):
    form = {"label": "X", "client_key": "client-key-for-tests", "client_secret": "not-the-secret"}
    response = sekretaris.post(f"{ADD}x/oauth1/", form)
    assert "Kanal menolak aplikasi ini" in response.content.decode()
    assert "not-the-secret" not in response.content.decode()
    assert not ConnectAttempt.objects.exists()


@pytest.mark.parametrize("code", ["oauth1", "oauth2"])
def test_a_network_that_does_not_answer_is_said(sekretaris, x, code):
    address = begin_x(sekretaris, x, code)
    location = (x.consent_oauth1 if code == "oauth1" else x.consent_oauth2)(address)
    x.__exit__()
    response = come_back(sekretaris, location)
    assert "tidak dapat dihubungi" in get_message(response, sekretaris)
    assert not Account.objects.filter(kind="x").exists()


@pytest.mark.parametrize("name", ["ppid", "sekretariat", "staf1", "bidang", "pemantau"])
def test_nobody_else_connects(office, log_in, x, name):
    client = log_in(office.people[name])
    for path in (
        "",
        "tambah/",
        "tambah/x/",
        "tambah/x/oauth2/",
        "tambah/x/token/",
        "kembali/?state=a&code=b",
        "pilih/1/",
    ):
        assert client.get(f"/admin/kanal/{path}").status_code in (302, 403)
    assert client.post(f"{ADD}x/oauth2/", {"label": "X", **x.client}).status_code in (302, 403)
    assert not ConnectAttempt.objects.exists()


def test_a_person_whose_role_ended_meanwhile_connects_nothing(office, sekretaris, x):
    location = x.consent_oauth2(begin_x(sekretaris, x))
    office.sekretaris.groups.clear()
    assert come_back(sekretaris, location).status_code in (302, 403)
    assert not Account.objects.filter(kind="x").exists()


@pytest.mark.parametrize("host", ["https://127.0.0.1", "http://localhost:80", "https://[::1]", "file:///etc/passwd"])
def test_a_hostile_server_is_refused_in_the_form(sekretaris, host, monkeypatch):
    monkeypatch.setattr(hosts.Policy, "allow_loopback", False)
    form = {"label": "M", "base_url": host, "visibility": "public"}
    for code, secret in (("oauth2", {}), ("token", {"access_token": "abcdef"})):
        response = sekretaris.post(f"{ADD}mastodon/{code}/", form | secret)
        assert response.status_code == 200
        assert response.context["form"].errors["base_url"]
        assert "abcdef" not in response.content.decode()


def test_reconnecting_as_another_account_is_refused(sekretaris, x):
    come_back(sekretaris, x.consent_oauth2(begin_x(sekretaris, x)))
    before = Account.objects.get(kind="x")
    x.user_id = "777"
    response = sekretaris.post(
        "/admin/kanal/akun/x/hubungkan/oauth1/",
        {
            "label": "X",
            "client_key": x.credentials["client_key"],
            "client_secret": x.credentials["client_secret"],
        },
    )
    Account.objects.filter(pk=before.pk).update(account_id="1490001")
    response = come_back(sekretaris, x.consent_oauth1(response["Location"]))
    assert "Masuklah dengan akun itu" in get_message(response, sekretaris)
    assert Account.objects.get(kind="x").credentials == before.credentials


def test_one_account_of_the_network_is_no_two_channels(sekretaris, x):
    come_back(sekretaris, x.consent_oauth1(begin_x(sekretaris, x, "oauth1")))
    response = come_back(sekretaris, x.consent_oauth1(begin_x(sekretaris, x, "oauth1", "X lagi")))
    assert "sudah terhubung sebagai kanal" in get_message(response, sekretaris)
    assert Account.objects.filter(kind="x").count() == 1


def test_a_revoked_account_is_reconnected_and_goes_on(sekretaris, x):
    come_back(sekretaris, x.consent_oauth2(begin_x(sekretaris, x)))
    Account.objects.update(paused_at=timezone.now(), pause_reason="Dicabut", consecutive_failures=7)
    page = sekretaris.get("/admin/kanal/akun/x/").content.decode()
    assert "Hubungkan kembali" in page
    address = sekretaris.post("/admin/kanal/akun/x/lakukan/hubungkan/")["Location"]
    assert address.startswith("https://x.com/i/oauth2/authorize?")
    come_back(sekretaris, x.consent_oauth2(address))
    account = Account.objects.get(kind="x")
    assert account.paused_at is None
    assert account.consecutive_failures == 0
    assert account.is_ready(timezone.now())
    assert AuditEntry.objects.filter(action="channel_reconnected").exists()
