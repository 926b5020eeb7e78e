"""Refuse anonymous requests beyond their bounds: the second line behind nginx, and the only one without it."""

import ipaddress
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse

import home
from moderation.sign_in import devices
from moderation.sign_in.adapters import AccountAdapter, get_network

from . import counter
from .drain import drain
from .table import RETRY_AFTER, Bounds, find_bounds

#: nginx sends the same file.
PAGE = Path(home.__file__).parent / "static" / "home" / "terlalu-sering.html"


class BoundsMiddleware:
    """Count each request; look whether somebody is signed in only where it would be refused.

    Stands behind the middleware that finds the user. This machine's own requests are not counted: the proof and the
    watch ask from here, and a client behind nginx cannot claim to be it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        bounds, length = find_bounds(request.path_info), _get_length(request)
        if bounds.forms and request.method == "POST" and not _is_signed_in(request):
            bounds = bounds.find_form(length)
        if length > bounds.body and not _is_signed_in(request):
            raise RequestDataTooBig(f"A request of the kind {bounds.name} is at most {bounds.body} bytes.")
        subscriber = AccountAdapter().get_client_ip(request)
        if ipaddress.ip_address(subscriber).is_loopback or _has_room(request, bounds, get_network(subscriber)):
            return self.get_response(request)
        return self.get_response(request) if _is_signed_in(request) else _refuse(request)


def _has_room(request, bounds: Bounds, subscriber: str) -> bool:
    """Count for the subscriber first: what is refused there uses up nothing of the others."""
    if not counter.take(bounds.name, subscriber, bounds.per_minute, bounds.burst):
        return False
    if counter.take(bounds.name, "together", bounds.together, bounds.together_burst):
        return True
    return bounds.spares_devices and devices.is_known(request)


def _is_signed_in(request) -> bool:
    """Without the cookie the session stays unread."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _get_length(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


@cache
def _read_page() -> bytes:
    return PAGE.read_bytes()


def _refuse(request) -> HttpResponse:
    drain(request)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(_read_page(), status=429, headers=headers)
