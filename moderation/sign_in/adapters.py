"""What this site does its own way in django-allauth: limits, mails, secrets, where a sign-in leads."""

import ipaddress
import time
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone

from moderation.people import notifications

from . import devices, second_factor, sessions, throttle

#: Seconds after signing in during which no password is asked for again.
_JUST_SIGNED_IN = 5 * 60
#: What is told by mail after a change of the second factor.
_CHANGES = {
    "mfa/email/totp_activated": "Aplikasi kode dipasang",
    "mfa/email/totp_deactivated": "Aplikasi kode dilepas",
    "mfa/email/webauthn_added": "Passkey ditambahkan",
    "mfa/email/webauthn_removed": "Passkey dihapus",
    "mfa/email/recovery_codes_generated": "Kode pemulihan dibuat baru",
}
#: Messages about what is seen on the screen that follows.
_SHOWN_ANYWAY = ("account/messages/logged_in.txt", "mfa/messages/recovery_codes_generated.txt")


def get_network(address: str) -> str:
    """Return the address, of IPv6 the network of one subscriber: nobody guesses from 2**64 addresses."""
    found = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if found.version == 6 else address


def list_limits(request, username: str, *, is_code: bool = False) -> list[throttle.Limit]:
    """Return the limits of a guess in this request at an account's password or, apart from it, its code."""
    address = get_network(AccountAdapter().get_client_ip(request))
    account = f"code of {username}" if is_code else username
    return throttle.list_limits(account, address, devices.find_known(request, username))


class AccountAdapter(DefaultAccountAdapter):
    """Password sign-in by user name."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Nama pengguna atau kata sandi salah.",
        "incorrect_password": "Kata sandi salah.",
        "incorrect_code": "Kode salah atau sudah terpakai.",
    }

    def authenticate(self, request, **credentials: Any):
        """Count the guess before looking at it; a right one is not counted."""
        rows = throttle.consume(list_limits(request, credentials.get("username", "")))
        user = super().authenticate(request, **credentials)
        if user is not None:
            throttle.give_back(rows)
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Ask for the password again before a change of the second factor, unless it was typed a moment ago."""
        return time.time() - sessions.get_beginning(context.request.session) > _JUST_SIGNED_IN

    def get_login_redirect_url(self, request) -> str:
        return reverse("wagtailadmin_home")

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        devices.greet(request, response, user, self.get_client_ip(request))
        due = sessions.get_due(request.session)
        if due is not None and due > timezone.localdate():
            remaining = second_factor.describe_remaining(due)
            text = f"Faktor kedua wajib mulai {remaining}. Pasang sekarang pada Akun, bagian Keamanan akun."
            messages.warning(request, text)
        return response

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        """Leave out what the next screen shows by itself."""
        if message_template not in _SHOWN_ANYWAY:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Queue a mail about a change of the second factor, in the office's words."""
        change = _CHANGES[template_prefix]
        notifications.tell(
            user,
            change,
            f"{change} pada akun {user.get_username()}. Bila bukan Anda yang melakukannya, segera ganti kata sandi "
            "Anda dan hubungi pengelola situs.",
            address=notifications.get_link(reverse("mfa_index")),
        )


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, their secrets encrypted under CHANNEL_KEYS."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Kode salah atau sudah terpakai.",
        "cannot_delete_authenticator": "Faktor kedua wajib bagi akun Anda. Pasang yang lain sebelum melepas yang ini.",
    }

    def get_totp_issuer(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def get_totp_label(self, user) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """Draw the code with the QR library that the papers use."""
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=4, border=4, light="white", xmldecl=False)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return second_factor.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator) -> bool:
        """Keep the last second factor of an account that must have one."""
        return second_factor.may_remove(authenticator)

    def generate_authenticator_name(self, user, type) -> str:
        return devices.describe_browser(context.request.headers.get("user-agent", ""))

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME
