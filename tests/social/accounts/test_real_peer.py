"""Connect, renew and lose accounts at django-oauth-toolkit, a real OAuth provider in its own process."""

import re
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.db import connections
from django.utils import timezone

from news.social import channels
from news.social.accounts import token_refresh
from news.social.channels.base import AuthDead, ChannelError
from news.social.channels.mastodon import MastodonChannel
from news.social.channels.x import oauth
from news.social.models import Account
from tests.social.servers.oauth_provider import OAuthProvider

CALLBACK = "http://127.0.0.1:8000/admin/kanal/kembali/"


@pytest.fixture(scope="module")
def provider():
    with OAuthProvider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def over_loopback(patient, monkeypatch):
    """Allow the provider on loopback, with time for a busy machine."""
    from news.social.channels.http import transport

    monkeypatch.setattr(transport, "TIMEOUT", (5, 20))


def agree(address: str) -> dict[str, str]:
    """Press "Authorize" on the provider's consent screen and return the callback's URL."""
    browser = requests.Session()
    page = browser.get(address, timeout=60)
    assert page.status_code == 200, page.text[:300]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    fields = {name: value.replace("&amp;", "&").replace("&#x27;", "'") for name, value in fields.items()}
    back = browser.post(address, data=fields | {"allow": "Authorize"}, allow_redirects=False, timeout=60)
    assert back.status_code == 302, back.text[:300]
    assert back.headers["Location"].startswith(CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(back.headers["Location"]).query).items()}


@pytest.fixture
def mastodon(provider):
    """The flow of Mastodon, its settings at the provider, and an application registered there."""
    flow, settings = MastodonChannel.oauth, {"base_url": provider.url}
    return flow, settings, flow.register(settings, CALLBACK, "Kecamatan Mojogedang")


@pytest.fixture
def x(provider):
    """The flow of X, its settings at the provider, and an application made there by a person."""
    settings = {"base_url": provider.url, "web_url": provider.url}
    made = MastodonChannel.oauth.register(settings, CALLBACK, "Aplikasi X")
    return oauth.OAUTH2, settings, dict(zip(oauth.OAUTH2.app_fields, made.values(), strict=True))


def connect(flow, settings, credentials):
    started = flow.start(settings, credentials, CALLBACK)
    answer = agree(started.address)
    assert answer["state"] == started.state
    (grant,) = flow.finish(settings, credentials, CALLBACK, started.secret, answer)
    return {**credentials, **grant.credentials}, grant


def test_an_application_is_registered_and_its_token_opens_what_was_asked_for(provider, mastodon):
    flow, settings, application = mastodon
    credentials, grant = connect(flow, settings, application)
    assert set(grant.scopes) == set(flow.scopes)
    me = requests.get(
        f"{provider.url}/api/v1/accounts/verify_credentials",
        headers={"Authorization": f"Bearer {credentials['access_token']}"},
        timeout=60,
    )
    assert me.json()["username"] == "kecamatan"


def test_a_code_counts_once_and_only_with_its_verifier(mastodon):
    flow, settings, application = mastodon
    started = flow.start(settings, application, CALLBACK)
    answer = agree(started.address)
    with pytest.raises(AuthDead):
        flow.finish(settings, application, CALLBACK, {"code_verifier": "x" * 96}, answer)
    started = flow.start(settings, application, CALLBACK)
    answer = agree(started.address)
    flow.finish(settings, application, CALLBACK, started.secret, answer)
    with pytest.raises(AuthDead):
        flow.finish(settings, application, CALLBACK, started.secret, answer)


def test_a_consent_screen_without_pkce_is_refused_by_the_provider(provider, mastodon):
    _flow, _settings, application = mastodon
    query = {
        "client_id": application["client_id"],
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "read:accounts",
    }
    back = requests.get(f"{provider.url}/oauth/authorize?{urlencode(query)}", allow_redirects=False, timeout=60)
    assert "error=invalid_request" in back.headers["Location"]


def test_a_wrong_secret_of_the_application_is_told_apart_from_a_network_that_is_away(mastodon):
    flow, settings, application = mastodon
    started = flow.start(settings, application, CALLBACK)
    answer, wrong = agree(started.address), application | {"client_secret": "mistyped"}
    with pytest.raises(AuthDead, match="aplikasi"):
        flow.finish(settings, wrong, CALLBACK, started.secret, answer)


def test_a_token_is_renewed_and_the_old_one_kills_the_family(x):
    flow, settings, application = x
    first, grant = connect(flow, settings, application)
    assert timedelta(0) < grant.refresh_at - timezone.now() < timedelta(hours=2)
    second = first | flow.refresh(settings, first).credentials
    assert second["refresh_token"] != first["refresh_token"]
    assert second["bearer_token"] != first["bearer_token"]
    with pytest.raises(AuthDead):
        flow.refresh(settings, first)
    with pytest.raises(AuthDead):
        flow.refresh(settings, second)


def test_the_adapter_posts_with_a_real_token_and_says_when_it_was_taken_back(provider, x):
    flow, settings, application = x
    credentials, _grant = connect(flow, settings, application)
    channel = channels.build("x", settings, credentials)
    post = channels.Composed("Kerja bakti di Desa Buntar", "", 26, 280)
    assert channel.deliver(post, "key", {}).remote_id == "1"
    revoked = requests.post(
        f"{provider.url}/oauth/revoke",
        data={"token": credentials["bearer_token"]},
        auth=tuple(application.values()),
        timeout=60,
    )
    assert revoked.status_code == 200
    with pytest.raises(AuthDead):
        channel.deliver(post, "key", {})


@pytest.mark.django_db(transaction=True)
def test_many_workers_renew_at_once_and_the_family_lives(provider, x):
    flow, settings, application = x
    credentials, _grant = connect(flow, settings, application)
    account = Account.objects.create(
        key="x-kecamatan",
        kind="x",
        label="X",
        from_settings=False,
        settings=settings,
        credentials=credentials,
        refresh_at=timezone.now() - timedelta(minutes=1),
    )
    asked = sum("refresh_token" in line for line in provider.log)
    gate, ends = threading.Barrier(4), []

    def renew():
        try:
            gate.wait(60)
            token_refresh.refresh(Account.objects.get(pk=account.pk))
            ends.append("fresh")
        except ChannelError as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=renew) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum("refresh_token" in line for line in provider.log) == asked + 1
    assert "fresh" in ends
    assert set(ends) <= {"fresh", "Throttled"}
    account.refresh_from_db()
    assert account.paused_at is None
    assert account.refresh_at > timezone.now()
    # The stored token is the newest of its family, and valid.
    assert account.build_channel().refresh().credentials["bearer_token"]
