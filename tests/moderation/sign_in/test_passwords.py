"""Passwords: long enough, not common, and never a way round the second factor."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from moderation.models import Notification
from tests.support.factories import PASSWORD

from .conftest import CODE, Browser

NEW = "payung zebra menara kuarsa"


@pytest.mark.parametrize(
    "password",
    [
        "pendek7!",
        "mojogedang-2026",
        "Kecamatan12345",
        "rahasia123456",
        "r4h4s14-r4h4s14",
        "b1sm1ll4h2026",
        "Indonesia1945!",
        "AdminKecamatan01",
        "qwertyuiopasdfghjkl",
        "sayangsayangku88",
        "1234-5678-9012",
        "aaaaaaaaaaaaaa1",
        "budi agus dewi",
        "jakarta bandung surabaya",
    ],
)
def test_what_people_guess_first_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", [NEW, "Tukang sayur lewat jam 5", "kucing merah gunung teh", "x7#Kq2!vLm9pZw"])
def test_a_passphrase_is_taken(password):
    validate_password(password)


@pytest.mark.db_agnostic
def test_it_is_taken_exactly_as_typed_and_however_long(office, browser):
    typed = f"{NEW} {'x' * 100} "
    office.staf1.set_password(typed)
    office.staf1.save()
    for other in (typed.strip(), typed.upper(), typed[:72]):
        browser.sign_in(office.staf1, other)
        assert not browser.is_signed_in()
    browser.sign_in(office.staf1, typed)
    assert browser.is_signed_in()


@pytest.mark.db_agnostic
def test_a_link_is_for_one_account_in_its_time_and_until_the_next_change(office, settings):
    def opens(token, user=office.staf1):
        key = urlsafe_base64_encode(str(user.pk).encode())
        address = reverse("wagtailadmin_password_reset_confirm", args=[key, token])
        return "new_password1" in Browser().get(address, follow=True).content.decode()

    token = default_token_generator.make_token(office.staf1)
    assert opens(token)
    assert not opens(token[:-1] + ("0" if token[-1] != "0" else "1"))
    assert not opens(token, office.admin)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not opens(token)
    settings.PASSWORD_RESET_TIMEOUT = 3600
    office.staf1.set_password(NEW)
    office.staf1.save()
    assert not opens(token)


def test_it_is_not_the_users_own_name(office):
    office.staf1.username, office.staf1.first_name = "wahyuningtyas88", "Wahyuningtyas"
    with pytest.raises(ValidationError):
        validate_password("wahyuningtyas-88", office.staf1)


@pytest.mark.django_db
class TestReset:
    ASK = "/admin/password_reset/"

    def ask(self, browser, email):
        return browser.post(self.ASK, {"email": email})

    def test_the_mail_is_queued_and_leads_to_a_new_password_not_into_the_admin(self, office, browser, app):
        app.set_up(office.sekretaris)
        self.ask(browser, office.sekretaris.email)
        link = urlsplit(Notification.objects.get().address).path
        form = browser.get(link)["Location"]
        done = browser.post(form, {"new_password1": "rahasia123456", "new_password2": "rahasia123456"})
        assert "terlalu mudah ditebak" in done.content.decode()
        browser.post(form, {"new_password1": NEW, "new_password2": NEW})
        assert not browser.is_signed_in()
        assert browser.sign_in(office.sekretaris, NEW)["Location"] == CODE
        assert not browser.is_signed_in()

    def test_the_answer_does_not_tell_who_has_an_account(self, office, browser):
        known, unknown = self.ask(browser, office.staf1.email), self.ask(browser, "tiada@contoh.go.id")
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert Notification.objects.count() == 1

    def test_three_mails_an_hour(self, office, browser):
        for number in range(4):
            answer = self.ask(Browser(f"192.0.2.{number}"), office.staf1.email)
        assert "Terlalu banyak percobaan" in answer.content.decode()
        assert Notification.objects.count() == 3


@pytest.mark.django_db
def test_the_old_password_is_not_guessed_at_an_open_session(office, browser):
    browser.sign_in(office.staf1)
    form = {
        "name_email-first_name": "A",
        "name_email-last_name": "B",
        "name_email-email": "a@contoh.go.id",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
        "pemberitahuan-mode": "each",
        "pemberitahuan-digest_hour": "7",
        "password-new_password1": NEW,
        "password-new_password2": NEW,
    }
    account = reverse("wagtailadmin_account")
    for _ in range(11):
        html = browser.post(account, form | {"password-old_password": "tebakan"}).content.decode()
    assert "Terlalu banyak percobaan" in html
    office.staf1.refresh_from_db()
    assert office.staf1.check_password(PASSWORD)


@pytest.mark.django_db
def test_changing_it_ends_the_other_sessions(office, browser):
    other = Browser("192.0.2.1")
    for each in (browser, other):
        each.sign_in(office.staf1)
    office.staf1.set_password(NEW)
    office.staf1.save()
    assert not other.is_signed_in()
