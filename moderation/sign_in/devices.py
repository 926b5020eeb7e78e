"""Know the devices that people sign in from, and tell the owner of an account about a new one."""

import hashlib
import re
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from moderation.people import notifications

from .models import KnownDevice

COOKIE = "perangkat"
_COOKIE_AGE = 400 * 24 * 60 * 60  # The longest that browsers keep a cookie.
_TOKEN = re.compile(r"[\w-]{43}")
#: What a browser's name for itself holds, the more special one first, and what people call it.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def describe_browser(user_agent: str) -> str:
    """Return "Firefox di Windows"; what is not recognised is left out."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "Peramban")
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    return f"{browser} di {system}" if system else browser


def read_token(request) -> str:
    """Return the token of the device's cookie, or nothing where it has none that we could have given."""
    token = request.COOKIES.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else ""


def find_known(request, username: str) -> str:
    """Return the device's token where this account has signed in on it before."""
    token = read_token(request)
    found = KnownDevice.objects.filter(token_hash=_hash(token), user__username__iexact=username)
    return token if token and found.exists() else ""


def is_known(request) -> bool:
    """Say whether anybody has signed in on this device before."""
    token = read_token(request)
    return bool(token) and KnownDevice.objects.filter(token_hash=_hash(token)).exists()


def greet(request, response, user, address: str) -> None:
    """Remember the device of somebody who has just signed in, and write a mail when it is new for the account."""
    token, now = read_token(request), timezone.now()
    name = describe_browser(request.headers.get("user-agent", ""))
    seen = KnownDevice.objects.filter(user=user, token_hash=_hash(token))
    if token and seen.update(last_seen_at=now, name=name):
        return
    token = token or secrets.token_urlsafe(32)
    KnownDevice.objects.create(user=user, token_hash=_hash(token), name=name, last_seen_at=now)
    response.set_cookie(
        COOKIE,
        token,
        max_age=_COOKIE_AGE,
        path=f"/{settings.ADMIN_PATH}",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    at = date_format(timezone.localtime(now), "DATETIME_FORMAT")
    notifications.tell(
        user,
        "Masuk dari perangkat baru",
        f"Akun Anda ({user.get_username()}) baru saja dipakai masuk dari perangkat yang belum dikenal.\n"
        f"Perangkat: {name}\nAlamat: {address}\nWaktu: {at} WIB\n\n"
        "Bila itu Anda, abaikan surel ini. Bila bukan, segera akhiri sesi itu dan ganti kata sandi Anda.",
        address=notifications.get_link(reverse("usersessions_list")),
    )


def forget(user) -> None:
    """Make every device of an account unknown again."""
    KnownDevice.objects.filter(user=user).delete()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
