"""Sessions end: idle ones, long ones, chosen ones; a new device is told by mail."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.models import Notification
from moderation.people.notifications import send_due_notifications
from moderation.sign_in import devices, sessions
from moderation.sign_in.models import KnownDevice

from .conftest import CHROME, CODE, SECURITY, Browser

pytestmark = pytest.mark.django_db
SESSIONS = f"{SECURITY}sesi/"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def later(monkeypatch):
    """Lets time pass for sessions: later(seconds)."""
    begun, passed = sessions.time.time(), []
    monkeypatch.setattr(sessions.time, "time", lambda: begun + sum(passed))
    return passed.append


def test_the_cookie_goes_with_the_window_and_the_row_after_an_hour(office, browser):
    browser.sign_in(office.staf1)
    assert browser.cookies["sessionid"]["max-age"] == ""
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=59) < left <= timedelta(minutes=60)


@pytest.mark.db_agnostic
def test_a_token_of_before_of_after_and_a_made_up_one_are_worth_nothing(office, browser):
    before = browser.session
    before["next"] = "/admin/antrean/"
    before.save()
    browser.cookies["sessionid"] = before.session_key
    browser.sign_in(office.staf1)
    token = browser.cookies["sessionid"].value
    assert re.fullmatch(r"[a-z0-9]{32}", token)
    assert [row.session_key for row in Session.objects.all()] == [token]
    stranger = Browser("192.0.2.1", FIREFOX)
    for stolen, status in ((before.session_key, 302), ("a" * 32, 302), (token, 200)):
        stranger.cookies["sessionid"] = stolen
        assert stranger.get("/admin/antrean/").status_code == status
    browser.post("/admin/logout/")
    stranger.cookies["sessionid"] = token
    assert stranger.get("/admin/antrean/").status_code == 302
    assert not Session.objects.filter(session_key=token).exists()


def test_an_idle_session_is_over(office, browser):
    browser.sign_in(office.staf1)
    # As docs/operations.md says, unless SESSION_IDLE_MINUTES is set.
    assert Session.objects.get().expire_date <= timezone.now() + timedelta(minutes=60)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get("/admin/antrean/")["Location"] == "/admin/login/?next=/admin/antrean/"


def test_a_session_in_use_is_saved_rarely(office, browser, later):
    browser.sign_in(office.staf1)
    browser.get("/admin/antrean/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/admin/antrean/")
    assert not [query for query in captured if "UPDATE" in query["sql"] or "moderation_officeprocedure" in query["sql"]]
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    later(sessions.CHECK_EVERY + 1)
    browser.get("/admin/antrean/")
    assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=59)


def test_an_open_editor_alone_does_not_keep_a_session(office, browser, later):
    item = office.bring_to("composing")
    browser.sign_in(office.staf1)
    before = Session.objects.get().expire_date
    later(sessions.CHECK_EVERY + 1)
    answer = browser.post(f"/admin/editing-sessions/ping/wagtailcore/page/{item.page_id}/1/")
    assert answer.status_code == 200
    assert Session.objects.get().expire_date == before


def test_no_session_lasts_longer_than_a_working_day(office, browser, later):
    browser.sign_in(office.staf1)
    for _hours in range(12):
        assert browser.is_signed_in()
        later(3600)
    later(1)
    assert not browser.is_signed_in()


def test_one_sees_and_ends_ones_own_sessions(office, browser):
    here, phone, stranger = browser, Browser("198.51.100.7", FIREFOX), Browser("192.0.2.1")
    for each, user in ((here, office.staf1), (phone, office.staf1), (stranger, office.bidang)):
        each.sign_in(user)
    html = here.get(SESSIONS).content.decode()
    assert "Firefox di Android" in html
    assert "198.51.100.7" in html
    assert "192.0.2.1" not in html
    theirs = UserSession.objects.get(user=office.bidang)
    here.post(SESSIONS, {"session": theirs.pk})
    assert stranger.is_signed_in(), "somebody else's session is not ours to end"
    here.post(SESSIONS, {"session": UserSession.objects.get(ip="198.51.100.7").pk})
    assert not phone.is_signed_in()
    phone.sign_in(office.staf1)
    here.post(SESSIONS)
    assert (here.is_signed_in(), phone.is_signed_in()) == (True, False)
    here.post(SESSIONS, {"session": UserSession.objects.get(user=office.staf1).pk})
    assert not here.is_signed_in()


def test_a_new_device_is_told_once(office, browser, mailoutbox):
    browser.sign_in(office.staf1)
    mail = Notification.objects.get()
    assert (mail.recipient, mail.subject) == (office.staf1, "Masuk dari perangkat baru")
    assert "Chrome di Windows" in mail.body
    assert "203.0.113.1" in mail.body
    browser.close()
    browser.sign_in(office.staf1)
    assert Notification.objects.count() == 1
    Browser(agent=FIREFOX).sign_in(office.staf1)
    assert Notification.objects.count() == 2
    send_due_notifications()
    assert len(mailoutbox) == 2
    link = next(word for word in mailoutbox[0].body.split() if word.startswith("http"))
    assert browser.get(urlsplit(link).path).status_code == 200


def test_the_devices_token_is_stored_nowhere(office, browser):
    browser.sign_in(office.staf1)
    cookie = browser.cookies[devices.COOKIE]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == ("/admin/", "Lax")
    device = KnownDevice.objects.get()
    assert cookie.value not in (device.token_hash, device.name)
    forged = Browser()
    forged.cookies[devices.COOKIE] = device.token_hash
    forged.sign_in(office.staf1)
    assert Notification.objects.count() == 2


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome di Windows"),
        (FIREFOX, "Firefox di Android"),
        (f"{CHROME} Edg/140.0", "Edge di Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari di iPhone"),
        ("curl/8", "Peramban"),
        ("", "Peramban"),
    ],
)
def test_a_browser_has_a_name_that_people_know(agent, name):
    assert devices.describe_browser(agent) == name


def test_each_sign_in_and_each_refusal_is_a_line_of_the_log(office, browser, app, caplog):
    """By the number of the account; what was typed stands nowhere."""
    with caplog.at_level("INFO", "situs.sign_in"):
        authenticator = app.set_up(office.sekretaris)
        browser.sign_in("sekretaris-sandi-saya-di-sini", "sandi-yang-salah")
        browser.sign_in(office.sekretaris)
        browser.post(CODE, {"code": "000000"})
        browser.post(CODE, {"code": app.show()})
        browser.post("/admin/logout/")
    pk = office.sekretaris.pk
    assert [record.getMessage() for record in caplog.records if record.name == "situs.sign_in"] == [
        "refused: a wrong name or password",
        f"refused: a wrong code of account {pk} ({authenticator.type})",
        f"signed in: account {pk} by password and {authenticator.type}",
        f"signed out: account {pk}",
    ]
