"""The second factor: asked for after the password, required from the office's day, for everybody whose step counts."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from moderation import sop
from moderation.models import AuditEntry, Notification, OfficeProcedure
from moderation.ports.encryption import get_fernet
from moderation.sign_in import second_factor
from tests.support.factories import PASSWORD

from .conftest import CODE, SECURITY, Browser

pytestmark = pytest.mark.django_db
WRONG = "Kode salah atau sudah terpakai."
ADD_APP = f"{SECURITY}aplikasi/"


def require_from(days: int) -> None:
    """Set the office's day, this many days from today."""
    procedure = OfficeProcedure.load()
    procedure.second_factor_from = timezone.localdate() + timedelta(days=days)
    procedure.save()


def set_up_app(browser, app):
    """Set up an app through the screens and return the page of the recovery codes."""
    browser.get(ADD_APP)
    app.secret = browser.session["mfa.totp.secret"]
    return browser.post(ADD_APP, {"code": app.show()}, follow=True)


class TestAfterThePassword:
    def test_nobody_is_signed_in_before_the_code(self, office, browser, app):
        app.set_up(office.sekretaris)
        assert browser.sign_in(office.sekretaris)["Location"] == CODE
        assert not browser.is_signed_in()
        assert WRONG in browser.post(CODE, {"code": "000000"}).content.decode()
        assert not browser.is_signed_in()
        assert browser.post(CODE, {"code": app.show()})["Location"] == "/admin/"
        assert browser.is_signed_in()

    def test_it_leads_on_to_where_one_wanted_to_go(self, office, browser, app):
        app.set_up(office.sekretaris)
        browser.sign_in(office.sekretaris, next="/admin/antrean/")
        assert browser.post(CODE, {"code": app.show()})["Location"] == "/admin/antrean/"

    def test_a_code_that_comes_after_the_session_says_why_it_is_not_taken(self, office, browser, app):
        app.set_up(office.sekretaris)
        browser.sign_in(office.sekretaris)
        browser.session.flush()
        answer = browser.post(CODE, {"code": app.show()}, follow=True)
        assert answer.redirect_chain == [("/admin/login/", 302)]
        assert "Waktu untuk menulis kode sudah habis. Masuk kembali" in answer.content.decode()

    def test_it_leads_nowhere_else(self, office, browser):
        assert browser.sign_in(office.sekretaris, next="https://penipu.example/")["Location"] == "/admin/"

    def test_a_code_works_once(self, office, browser, app):
        """In whatever process: no cache is asked."""
        app.set_up(office.sekretaris)
        code = app.show()
        browser.sign_in(office.sekretaris)
        assert browser.post(CODE, {"code": code}).status_code == 302
        app.wait()
        from django.core.cache import cache

        cache.clear()
        other = Browser("203.0.113.9")
        other.sign_in(office.sekretaris)
        assert WRONG in other.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).content.decode()
        assert other.post(CODE, {"code": app.show()}).status_code == 302

    def test_codes_are_guessed_five_times(self, office, browser, app):
        app.set_up(office.sekretaris)
        browser.sign_in(office.sekretaris)
        for _ in range(5):
            assert WRONG in browser.post(CODE, {"code": "000000"}).content.decode()
        assert "Terlalu banyak percobaan" in browser.post(CODE, {"code": app.show()}).content.decode()
        assert not browser.is_signed_in()

    def test_a_recovery_code_works_once(self, office, browser, app):
        browser.sign_in(office.sekretaris)
        html = set_up_app(browser, app).content.decode()
        codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
        assert all(code in html for code in codes)
        assert len(codes) == 10
        for expected in (302, 200):
            other = Browser("203.0.113.9")
            other.sign_in(office.sekretaris)
            assert other.post(CODE, {"code": codes[0]}).status_code == expected
        assert "Tersisa 9 kode" in browser.get(SECURITY).content.decode()

    def test_secrets_are_encrypted_and_their_keys_rotate(self, office, app, settings, browser):
        row = app.set_up(office.sekretaris)
        assert app.secret not in str(row.data)
        old = "3YrF1bS0o3wYd5Wf3l2nQ1bqk1n3oYB4m4E2v1T9o4k="
        new = "cD4x2o1v9h1m3bqk1n3oYB4m4E2v1T9o4kYrF1bS0o0="
        settings.CHANNEL_KEYS = [old]
        row.data["secret"] = get_fernet().encrypt(app.secret.encode()).decode()
        row.save()
        settings.CHANNEL_KEYS = [new, old]
        call_command("rotate_channel_keys")
        settings.CHANNEL_KEYS = [new]
        browser.sign_in(office.sekretaris)
        assert browser.post(CODE, {"code": app.show()}).status_code == 302
        settings.CHANNEL_KEYS = [old]
        other = Browser("203.0.113.9")
        other.sign_in(office.sekretaris)
        app.wait()
        assert "tidak terbaca lagi" in other.post(CODE, {"code": app.show()}).content.decode()
        with pytest.raises(CommandError, match="faktor kedua"):
            call_command("rotate_channel_keys")


class TestTheOfficesDay:
    @pytest.mark.parametrize("name", ["sekretaris", "bidang", "ppid", "admin"])
    def test_before_it_one_is_reminded(self, office, browser, name):
        require_from(days=12)
        html = browser.sign_in(getattr(office, name), follow=True)
        page = browser.get(html["Location"]).content.decode()
        assert "Faktor kedua wajib mulai 12 hari lagi" in page
        assert "(12 hari lagi)" in browser.get(SECURITY).content.decode()
        assert browser.get("/admin/antrean/").status_code == 200

    @pytest.mark.parametrize("name", ["sekretaris", "bidang", "ppid", "admin"])
    def test_from_it_on_nothing_opens_before_it_is_set_up(self, office, browser, app, name):
        require_from(days=0)
        item = office.issue()
        browser.sign_in(getattr(office, name))
        for address in ("/admin/", "/admin/antrean/", item.get_absolute_url(), "/admin/users/", "/admin/account/"):
            assert browser.get(address)["Location"] == SECURITY, address
        assert "wajib bagi akun Anda sejak" in browser.get(SECURITY).content.decode()
        page = set_up_app(browser, app)
        assert "Simpan" in page.content.decode() or "simpan" in page.content.decode()
        assert browser.is_signed_in()

    def test_nor_is_a_step_taken(self, office, browser):
        """What was typed is given back."""
        require_from(days=0)
        item = office.bring_to("awaiting_correction")
        browser.sign_in(office.sekretaris)
        note = "Angka pada paragraf kedua belum benar."
        answer = browser.post(
            reverse("moderation:step", args=[item.pk]),
            {"action": "return_to_staf", "comment": note},
            HTTP_ORIGIN="http://testserver",
        )
        assert answer.status_code == 403
        assert note in answer.content.decode()
        item.refresh_from_db()
        assert item.state == "awaiting_correction"

    def test_others_work_on(self, office, browser):
        require_from(days=0)
        browser.sign_in(office.staf1)
        assert browser.is_signed_in()

    def test_an_acting_officer_is_asked_too(self, office, browser):
        from tests.moderation.people.test_appointments import appoint

        require_from(days=0)
        appoint(office, office.staf1, sop.Role.SEKRETARIS)
        browser.sign_in(office.staf1)
        assert browser.get("/admin/antrean/")["Location"] == SECURITY

    def test_the_last_one_stays(self, office, browser, app):
        require_from(days=0)
        browser.sign_in(office.sekretaris)
        set_up_app(browser, app)
        assert "Faktor kedua wajib" in browser.get(f"{ADD_APP}lepas/").content.decode()
        browser.post(f"{ADD_APP}lepas/")
        assert second_factor.has_one(office.sekretaris)

    def test_a_session_that_was_open_before_is_asked_within_minutes(self, office, browser, monkeypatch):
        browser.sign_in(office.sekretaris)
        require_from(days=0)
        assert browser.is_signed_in()
        from moderation.sign_in import sessions

        now = sessions.time.time()
        monkeypatch.setattr(sessions.time, "time", lambda: now + sessions.CHECK_EVERY + 1)
        assert browser.get("/admin/antrean/")["Location"] == SECURITY


class TestChanges:
    def test_each_is_told_by_mail(self, office, browser, app, django_capture_on_commit_callbacks):
        browser.sign_in(office.staf1)
        with django_capture_on_commit_callbacks(execute=True):
            set_up_app(browser, app)
        browser.post(f"{ADD_APP}lepas/")
        subjects = list(Notification.objects.filter(recipient=office.staf1).values_list("subject", flat=True))
        assert subjects[-2:] == ["Aplikasi kode dipasang", "Aplikasi kode dilepas"]
        assert not Authenticator.objects.exists()

    def test_the_password_is_asked_for_again(self, office, browser, app, monkeypatch):
        from moderation.sign_in import sessions

        browser.sign_in(office.staf1)
        now = sessions.time.time()
        monkeypatch.setattr(sessions.time, "time", lambda: now + 400)
        again = browser.get(ADD_APP)["Location"]
        assert again.startswith("/admin/akun/pastikan/")
        assert "Kata sandi salah" in browser.post(again, {"password": "tebakan"}).content.decode()
        assert browser.post(again, {"password": PASSWORD})["Location"] == ADD_APP

    def test_a_lost_telephone(self, office, app, browser):
        app.set_up(office.sekretaris)
        call_command("reset_second_factor", office.sekretaris.username)
        assert not Authenticator.objects.exists()
        line = AuditEntry.objects.get(action="second_factor_reset")
        assert office.sekretaris.username in line.reason
        assert browser.sign_in(office.sekretaris)["Location"] == "/admin/"
        with pytest.raises(CommandError, match="tidak mempunyai faktor kedua"):
            call_command("reset_second_factor", office.sekretaris.username)
