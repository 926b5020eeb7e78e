"""Sign in through the real addresses, with an app on a telephone."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from tests.support.factories import PASSWORD

LOGIN = "/admin/login/"
CODE = "/admin/login/kode/"
SECURITY = "/admin/akun/keamanan/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


class Browser(Client):
    """A browser with an address of its own."""

    def __init__(self, address="203.0.113.1", agent=CHROME):
        super().__init__(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)

    def sign_in(self, user, password=PASSWORD, **data):
        name = user if isinstance(user, str) else user.username
        return self.post(LOGIN, {"login": name, "password": password, **data})

    def is_signed_in(self) -> bool:
        return self.get("/admin/").status_code == 200

    def close(self):
        """Close the window: the session's cookie goes, the device's stays."""
        self.cookies.pop("sessionid", None)


class App:
    """An app that shows codes; its clock is the server's."""

    half_minute = 60_000_000
    secret = ""

    def set_up(self, user):
        self.secret = generate_totp_secret()
        return TOTP.activate(user, self.secret).instance

    def show(self) -> str:
        return format_hotp_value(hotp_value(self.secret, self.half_minute))

    def wait(self, half_minutes=1):
        self.half_minute += half_minutes


@pytest.fixture
def browser(db):
    return Browser()


@pytest.fixture
def app(monkeypatch):
    found = App()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: found.half_minute * 30.0)
    return found
