"""Credentials are encrypted and masked, and appear in no dump, log, report or representation."""

import copy
import io
import json
import logging
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from django.utils.log import configure_logging

from moderation.evidence.error_reports import MaskingReporter
from moderation.models import AuditEntry
from news.social.account_screens import actions
from news.social.accounts import oauth_connect
from news.social.accounts.token_refresh import get_channel
from news.social.channels.bluesky.adapter import BlueskyChannel
from news.social.channels.errors import AuthDead, ChannelError
from news.social.channels.oauth import Grant
from news.social.channels.telegram.adapter import TelegramChannel
from news.social.channels.x.oauth import OAUTH1, OAUTH2
from news.social.models import Account, ConnectAttempt, Delivery, account
from news.social.models.fields import Secret, SecretUnreadable, check_keys, check_own_keys
from tests.social.conftest import work
from tests.social.servers.oauth import CALLBACKS, ConsentX

pytestmark = [pytest.mark.django_db, pytest.mark.db_agnostic]

TOKEN = "token-that-nobody-may-read"
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def make_account(key="mastodon", **values):
    secret = Secret.hide({"access_token": TOKEN})
    given = {"kind": "mastodon", "label": "Mastodon", "from_settings": False, "credentials": secret}
    return Account.objects.create(key=key, **{**given, **values})


def get_column(account):
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials FROM social_account WHERE id = %s", [account.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_ciphertext_and_gives_back_the_values():
    stored = Account.objects.get(pk=make_account().pk)
    assert TOKEN not in get_column(stored)
    assert stored.credentials.reveal() == {"access_token": TOKEN}
    stored.credentials = {"access_token": "another"}
    stored.save()
    stored.refresh_from_db()
    assert stored.credentials.reveal() == {"access_token": "another"}


def test_no_representation_shows_it():
    secret = Account.objects.get(pk=make_account().pk).credentials
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", str([secret]), str(vars(make_account("m2")))]
    shown += [repr(Grant({"access_token": TOKEN})), pickle.dumps(secret).decode("latin-1")]
    assert not any(TOKEN in text for text in shown)
    assert copy.deepcopy(secret).reveal() == pickle.loads(pickle.dumps(secret)).reveal() == {"access_token": TOKEN}


def test_the_ciphertext_says_neither_length_nor_sameness():
    assert Secret.hide({"access_token": TOKEN}) != Secret.hide({"access_token": TOKEN})
    assert Secret.hide({}).ciphertext == ""


def test_a_dump_holds_no_token_and_can_be_loaded():
    make_account()
    out = io.StringIO()
    call_command("dumpdata", "social.account", stdout=out)
    assert TOKEN not in out.getvalue()
    fields = json.loads(out.getvalue())[-1]["fields"]
    assert Account._meta.get_field("credentials").to_python(fields["credentials"]).reveal() == {"access_token": TOKEN}


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_no_token():
    make_account()
    # Another process reads: where the process that holds a database closes its file a second time, its locks go
    # (sqlite.org/howtocorrupt.html, 2.2), and the next process to leave takes the log of the others with it.
    file = Path(connection.settings_dict["NAME"])
    written = subprocess.run(["cat", *file.parent.glob(f"{file.name}*")], capture_output=True, check=True).stdout
    assert b"Mastodon" in written
    assert TOKEN.encode() not in written


def test_a_damaged_or_foreign_secret_is_unreadable_and_says_nothing(settings):
    ciphertext = Secret.hide({"access_token": TOKEN}).ciphertext
    for wrong in (ciphertext[:-4] + "AAAA", "no fernet", ciphertext[::-1]):
        with pytest.raises(SecretUnreadable) as raised:
            Secret(wrong).reveal()
        assert TOKEN not in str(raised.value)
    settings.CHANNEL_KEYS = [NEW]
    with pytest.raises(SecretUnreadable):
        Secret(ciphertext).reveal()


def test_a_lost_key_pauses_the_account_and_the_list_still_opens(settings, office, log_in, publish):
    settings.CHANNEL_KEYS = [OLD]
    make_account(connected_by=office.sekretaris, connected_at=timezone.now())
    delivery = publish("mastodon")["mastodon"]
    settings.CHANNEL_KEYS = [NEW]
    client = log_in(office.sekretaris)
    assert client.get("/admin/kanal/").status_code == 200
    work()
    stored = Account.objects.get(key="mastodon")
    assert stored.paused_at is not None
    assert stored.pause_reason == account.UNREADABLE
    assert "Hubungkan kembali" in client.get("/admin/kanal/akun/mastodon/").content.decode()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PENDING


# --- Keys ---------------------------------------------------------------------------------------


def test_rotation_leaves_nothing_under_the_old_key(settings):
    settings.CHANNEL_KEYS = [OLD]
    made = [make_account("one"), make_account("two"), make_account("none", credentials=Secret())]
    settings.CHANNEL_KEYS = [NEW, OLD]
    out = io.StringIO()
    call_command("rotate_channel_keys", stdout=out)
    assert "Dienkripsi ulang: 2 akun" in out.getvalue()
    out = io.StringIO()
    call_command("rotate_channel_keys", stdout=out)
    assert "Dienkripsi ulang: 0 akun" in out.getvalue()
    settings.CHANNEL_KEYS = [NEW]
    for one in made[:2]:
        one.refresh_from_db()
        assert one.credentials.reveal() == {"access_token": TOKEN}
    assert AuditEntry.objects.filter(action="channel_keys_rotated").count() == 2


def test_rotation_names_what_it_cannot_read_and_changes_nothing(settings):
    settings.CHANNEL_KEYS = [Fernet.generate_key().decode()]
    make_account("lost", label="Akun lama")
    settings.CHANNEL_KEYS = [OLD]
    kept = make_account("kept")
    before = get_column(kept)
    settings.CHANNEL_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match=r"Akun lama \(lost\)"):
        call_command("rotate_channel_keys")
    assert get_column(kept) == before


def test_rotation_that_was_interrupted_is_continued(settings, monkeypatch):
    settings.CHANNEL_KEYS = [OLD]
    made = [make_account("one"), make_account("two")]
    settings.CHANNEL_KEYS = [NEW, OLD]
    rotate, calls = Secret.rotate, []

    def rotate_once(secret):
        calls.append(secret)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return rotate(secret)

    monkeypatch.setattr(Secret, "rotate", rotate_once)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_channel_keys")
    monkeypatch.undo()
    settings.CHANNEL_KEYS = [NEW, OLD]
    call_command("rotate_channel_keys", stdout=io.StringIO())
    settings.CHANNEL_KEYS = [NEW]
    assert all(Account.objects.get(pk=one.pk).credentials.reveal() for one in made)


def test_a_wrong_key_is_named_by_its_number_alone(settings):
    settings.CHANNEL_KEYS = [OLD, "not-a-key"]
    [problem] = check_keys()
    assert "number 2" in problem.msg
    assert "not-a-key" not in problem.msg
    assert isinstance(problem, checks.Error)
    settings.CHANNEL_KEYS = []
    assert check_own_keys()[0].id == "social.W001"


# --- Logs, reports ------------------------------------------------------------------------------


@pytest.fixture
def everything_logged(settings):
    """Log everything at DEBUG, through the site's handler and through a bare one."""
    stream = io.StringIO()
    root, level = logging.getLogger(), logging.getLogger().level
    levels = {name: logging.getLogger(name).level for name in list(logging.root.manager.loggerDict)}
    configure_logging("logging.config.dictConfig", settings.LOGGING | {"root": {"handlers": [], "level": "DEBUG"}})
    handler = logging.StreamHandler(stream)
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    configure_logging("logging.config.dictConfig", settings.LOGGING)
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


def test_no_debug_line_of_any_library_holds_a_secret(everything_logged, patient):
    with ConsentX() as x:
        place = {"base_url": x.url, "web_url": x.url}
        started = OAUTH1.start(place, x.credentials, CALLBACKS[0])
        answer = _read_query(x.consent_oauth1(started.address))
        [pair] = OAUTH1.finish(place, x.credentials, CALLBACKS[0], started.secret, answer)
        begun = OAUTH2.start(place, x.client, CALLBACKS[0])
        code = _read_query(x.consent_oauth2(begun.address))
        [grant] = OAUTH2.finish(place, x.client, CALLBACKS[0], begun.secret, code)
        fresh = OAUTH2.refresh(place, {**x.client, **grant.credentials})
        built = actions.channels.build("x", {**place, "auth": "oauth2"}, {**x.client, **fresh.credentials})
        built.check()
        with pytest.raises(ChannelError):
            TelegramChannel(base_url=x.url, chat_id="@a", bot_token="123456:bot-token-secret").check()
        with pytest.raises(ChannelError):
            BlueskyChannel(base_url=x.url, identifier="a.b", app_password="app-password-secret").check()
    lines = everything_logged.getvalue()
    assert "urllib3" not in lines or "/2/users/me" in lines
    assert "not shown: may hold a token" in lines
    secrets = [x.credentials["client_secret"], x.client["client_id_secret"], started.secret["token_secret"]]
    secrets += [*pair.credentials.values(), *grant.credentials.values(), *fresh.credentials.values()]
    secrets += [begun.secret["code_verifier"], code["code"], answer["oauth_verifier"]]
    secrets += ["bot-token-secret", "app-password-secret"]
    assert len(secrets) >= 13
    for secret in secrets:
        assert secret not in lines


def _read_query(location):
    from urllib.parse import parse_qsl, urlsplit

    return dict(parse_qsl(urlsplit(location).query))


@pytest.mark.parametrize("debug", [True, False])
def test_no_report_of_an_error_holds_a_secret(settings, debug, monkeypatch):
    settings.DEBUG = debug
    stored = make_account(settings={"base_url": "http://127.0.0.1:9"})

    def fail(self):
        password = self._access_token
        raise RuntimeError(f"Authorization: Bearer {password}")

    monkeypatch.setattr("news.social.channels.mastodon.MastodonChannel.check", fail)
    try:
        stored.build_channel().check()
    except RuntimeError:
        error = sys.exc_info()
    request = RequestFactory().get("/admin/kanal/kembali/")
    reporter = MaskingReporter(request, *error)
    for report in (reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert "RuntimeError" in report
        assert TOKEN not in report


def test_an_attempt_to_connect_shows_nothing_either(office):
    attempt = ConnectAttempt.objects.create(
        user=office.sekretaris,
        kind="x",
        flow="oauth2",
        label="X",
        secret={"step": {"code_verifier": TOKEN}},
        state_digest=oauth_connect.digest("state"),
        session_digest=oauth_connect.digest("proof"),
    )
    out = io.StringIO()
    call_command("dumpdata", "social", stdout=out)
    assert TOKEN not in out.getvalue() + str(vars(attempt)) + repr(attempt)


def test_an_account_without_credentials_is_dead_and_composes_all_the_same():
    bare = make_account("bare", credentials=Secret())
    with pytest.raises(ChannelError):
        get_channel(bare).check()
    lost = make_account("lost", credentials=Secret("no fernet"))
    with pytest.raises(AuthDead, match="Hubungkan kembali"):
        get_channel(lost)
    assert lost.get_composer().kind == "mastodon"
