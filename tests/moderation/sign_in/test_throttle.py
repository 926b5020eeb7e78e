"""Guessing is slow, by account and by address, and locks nobody out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.sign_in import throttle
from moderation.sign_in.models import SignInAttempt
from tests.support.factories import PASSWORD

from .conftest import LOGIN, Browser

pytestmark = pytest.mark.django_db
TOO_MANY = "Terlalu banyak percobaan. Coba lagi dalam 15 menit."
WRONG = "Nama pengguna atau kata sandi salah."


def guess(browser, user, times, password="tebakan"):
    for _ in range(times):
        html = browser.sign_in(user, password).content.decode()
    return html


def test_five_guesses_at_an_account_from_an_address(office, browser):
    assert WRONG in guess(browser, office.staf1, 5)
    assert TOO_MANY in guess(browser, office.staf1, 1)
    # The right password is not even looked at.
    assert TOO_MANY in browser.sign_in(office.staf1).content.decode()
    assert TOO_MANY in browser.sign_in(office.staf1.username.upper()).content.decode()
    # Somebody else at the same address signs in.
    assert browser.sign_in(office.staf2)["Location"] == "/admin/"


def test_a_stranger_locks_nobody_out(office, browser):
    """The owner signs in at a device that is known, however many guesses strangers make."""
    assert browser.sign_in(office.staf1).status_code == 302
    browser.close()
    for number in range(10):
        guess(Browser(f"198.51.100.{number}"), office.staf1, 5)
    # The account's own limit now holds for every device that is not known.
    assert "Terlalu banyak" in Browser("192.0.2.1").sign_in(office.staf1).content.decode()
    assert browser.sign_in(office.staf1).status_code == 302
    assert browser.is_signed_in()


def test_a_device_known_to_one_account_is_a_stranger_to_another(office, browser):
    browser.sign_in(office.staf1)
    browser.close()
    assert TOO_MANY in guess(browser, office.bidang, 6)


def test_guesses_at_many_accounts_from_one_address(office, browser):
    for number in range(30):
        browser.sign_in(f"orang{number}", "tebakan")
    assert "Terlalu banyak percobaan" in browser.sign_in(office.staf1).content.decode()
    assert Browser("203.0.113.2").sign_in(office.staf1).status_code == 302


def test_the_addresses_of_one_subscriber_are_one(office):
    for number in range(5):
        Browser(f"2001:db8:1:2::{number + 1}").sign_in(office.staf1, "tebakan")
    assert TOO_MANY in Browser("2001:db8:1:2::99").sign_in(office.staf1).content.decode()
    assert Browser("2001:db8:1:3::1").sign_in(office.staf1).status_code == 302


def test_waiting_helps_and_nothing_is_kept(office, browser):
    guess(browser, office.staf1, 7)
    assert SignInAttempt.objects.count() == 5 * 3, "a refused attempt does not lengthen the wait"
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert browser.sign_in(office.staf1).status_code == 302
    SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert throttle.forget_old() == 15
    assert not SignInAttempt.objects.exists()


def test_a_missing_name_is_told_in_words(browser):
    html = browser.post(LOGIN, {"login": "", "password": PASSWORD}).content.decode()
    assert "wajib diisi" in html.lower() or "harus diisi" in html.lower()
