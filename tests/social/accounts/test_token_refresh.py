"""Renewing credentials: one worker asks, saves before use, and pauses the account after a lost answer.

X on loopback revokes the whole family of tokens when a refresh token is used twice.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from moderation.models import AuditEntry
from moderation.people import notifications
from moderation.sop import Role
from news.social.accounts import health_checks, token_refresh
from news.social.channels.errors import AuthDead, ChannelError, NotSent, Throttled
from news.social.channels.oauth import Grant
from news.social.channels.x.oauth import OAUTH2
from news.social.models import Account
from news.social.models.fields import Secret
from tests.moderation.chain.test_concurrency import at_once
from tests.social.servers.oauth import CALLBACKS, ConsentX
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def x(patient):
    with ConsentX() as server:
        yield server


@pytest.fixture
def sekretaris(db):
    return make_user("sekretaris", Role.SEKRETARIS)


@pytest.fixture
def account(x):
    """An account of X whose token expires now."""
    flow = OAUTH2
    place = {"base_url": x.url, "web_url": x.url}
    started = flow.start(place, x.client, CALLBACKS[0])
    code = x.consent_oauth2(started.address).partition("code=")[2].partition("&")[0]
    [grant] = flow.finish(place, x.client, CALLBACKS[0], started.secret, {"code": code})
    return Account.objects.create(
        key="x",
        kind="x",
        label="X",
        from_settings=False,
        settings={**place, "auth": "oauth2"},
        credentials=Secret.hide({**x.client, **grant.credentials}),
        refresh_at=timezone.now() - timedelta(seconds=1),
    )


def get(account):
    return Account.objects.get(pk=account.pk)


def test_two_workers_at_once_ask_once_and_both_may_go_on(account, x):
    """The second has to wait or finds the new token; it never asks with the old one."""

    def work():
        mine = get(account)
        try:
            return token_refresh.get_channel(mine).check().account_name
        except Throttled:
            return "waits"

    results = at_once(*[work] * 4)
    assert x.oauth2.refreshes == 1
    assert "@kecamatan" in results
    assert set(results) <= {"@kecamatan", "waits"}
    stored = get(account)
    assert stored.credentials.reveal()["bearer_token"] == x.bearer
    assert stored.refresh_at > timezone.now() + timedelta(hours=1)
    assert (stored.lease_until, stored.worker) == (None, "")
    assert token_refresh.get_channel(stored).check().account_name == "@kecamatan"


def test_whoever_comes_when_it_is_done_does_not_ask_again(account, x):
    late = get(account)
    token_refresh.get_channel(account)
    assert token_refresh.get_channel(late).check().account_name == "@kecamatan"
    assert x.oauth2.refreshes == 1


def test_new_tokens_are_committed_before_anybody_uses_them(account, x):
    seen = []
    read = x.read

    def read_and_look(request):
        # The server's thread has its own database connection, which sees only what is committed.
        seen.append(get(account).credentials.reveal()["bearer_token"])
        connection.close()
        return read(request)

    x.read = read_and_look
    token_refresh.get_channel(account).check()
    assert seen == [x.bearer]


def test_while_one_asks_the_account_is_not_ready_for_the_others(account):
    Account.objects.update(lease_until=timezone.now() + timedelta(seconds=30), worker="other")
    stored = get(account)
    assert not stored.is_ready(timezone.now())
    assert not Account.objects.ready(timezone.now()).exists()
    with pytest.raises(Throttled):
        token_refresh.get_channel(stored)


def test_a_lost_answer_pauses_the_account_and_says_the_truth(account, x, sekretaris):
    x.hinder("reset after")
    with pytest.raises(AuthDead, match="Belum diketahui"):
        token_refresh.get_channel(account)
    stored = get(account)
    assert stored.paused_at is not None
    assert stored.pause_reason == token_refresh.LOST
    assert x.oauth2.refreshes == 1
    assert AuditEntry.objects.filter(action="channel_paused").count() == 1
    notifications.send_due_notifications()
    assert [message.subject for message in mail.outbox] == ["Kanal X dijeda"]


def test_a_worker_that_died_while_it_asked_leaves_no_second_question(account, x):
    Account.objects.update(lease_until=timezone.now() - timedelta(seconds=1), worker="dead")
    with pytest.raises(AuthDead, match="Belum diketahui"):
        token_refresh.get_channel(account)
    assert x.oauth2.refreshes == 0
    assert get(account).pause_reason == token_refresh.LOST


def test_a_network_that_was_never_reached_changes_nothing(account, x):
    x.__exit__()
    before = account.credentials
    with pytest.raises(NotSent):
        token_refresh.get_channel(account)
    stored = get(account)
    assert stored.paused_at is None
    assert stored.credentials == before
    assert stored.lease_until is None


def test_a_revoked_token_pauses_the_account(account, x):
    x.oauth2.refresh_tokens.clear()
    with pytest.raises(AuthDead):
        token_refresh.get_channel(account)
    assert get(account).paused_at is not None


def test_who_connects_again_meanwhile_wins(account, x, monkeypatch):
    """A late answer never overwrites the credentials that a person has just given."""
    channel = type(account.build_channel())
    refresh = channel.refresh

    def reconnect_then_refresh(self):
        Account.objects.update(credentials=Secret.hide({"bearer_token": "given-by-a-person"}), version=9)
        return refresh(self)

    monkeypatch.setattr(channel, "refresh", reconnect_then_refresh)
    with pytest.raises(ChannelError):
        token_refresh.get_channel(account)
    assert get(account).credentials.reveal() == {"bearer_token": "given-by-a-person"}


def test_a_late_answer_is_kept_because_nothing_else_lives(account, x, monkeypatch):
    channel = type(account.build_channel())
    refresh = channel.refresh

    def answer_late(self):
        grant = refresh(self)
        Account.objects.update(lease_until=None, worker="")
        return grant

    monkeypatch.setattr(channel, "refresh", answer_late)
    token_refresh.get_channel(account)
    assert get(account).credentials.reveal()["bearer_token"] == x.bearer


def test_nothing_to_renew_is_asked_once(x):
    credentials = Secret.hide(x.credentials)
    made = Account.objects.create(
        key="x1",
        kind="x",
        label="X",
        from_settings=False,
        settings={"base_url": x.url},
        credentials=credentials,
        refresh_at=timezone.now(),
    )
    assert token_refresh.get_channel(made).check().account_name == "@kecamatan"
    assert get(made).refresh_at is None
    assert get(made).credentials == credentials


def test_the_watch_renews_before_a_post_has_to_wait(account, x):
    assert health_checks.watch() >= 1
    assert x.oauth2.refreshes == 1
    stored = get(account)
    assert stored.checked_at is not None
    assert stored.last_health["account_name"] == "@kecamatan"
    health_checks.watch()
    assert x.oauth2.refreshes == 1
    assert len([line for line in x.requests if "/2/users/me" in line]) == 1


def test_workers_that_watch_at_once_ask_and_warn_once(account, x, sekretaris):
    Account.objects.update(expires_at=timezone.now() + timedelta(days=6, hours=1), refresh_at=None)
    at_once(*[health_checks.watch] * 3)
    health_checks.watch()
    assert len([line for line in x.requests if "/2/users/me" in line]) == 1
    notifications.send_due_notifications()
    assert [message.subject for message in mail.outbox] == ["Izin kanal X segera berakhir"]


@pytest.mark.db_agnostic
def test_warnings_go_out_14_7_and_1_days_before_once_each(account, sekretaris):
    now = timezone.now()
    end = now + timedelta(days=20)
    Account.objects.update(refresh_at=None, expires_at=end)
    told = []
    for hours in range(20 * 24 + 2):
        moment = now + timedelta(hours=hours)
        if health_checks.warn(get(account), moment) and get(account).paused_at is None:
            told.append((end - moment).days)
    assert told == [14, 7, 1]
    assert get(account).pause_reason == health_checks.ENDED
    assert AuditEntry.objects.filter(action="channel_ending").count() == 3


@pytest.mark.db_agnostic
def test_a_new_end_is_warned_of_anew(account):
    now = timezone.now()
    Account.objects.update(expires_at=now + timedelta(hours=5), refresh_at=None)
    assert health_checks.warn(get(account), now)
    assert not health_checks.warn(get(account), now)
    stored = get(account)
    token_refresh.service.take_grant(stored, Grant(expires_at=now + timedelta(days=13)))
    stored.save()
    assert health_checks.warn(get(account), now)
    assert get(account).warned_days == 14
