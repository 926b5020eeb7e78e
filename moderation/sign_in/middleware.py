"""Ask of each request in the admin whether its session may still be used, and for what."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect

from . import sessions

#: What somebody without the required second factor may open: the ways to one, and out.
_SETTING_UP = {
    "account_login",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
}
#: Asked by an open page in the background, without anybody at the keyboard.
_BACKGROUND = {"wagtailadmin_editing_sessions:ping"}


def _get_prefixes() -> tuple[str, ...]:
    """Return where the routes begin that tell signed-in people more than others."""
    return (settings.ADMIN_PATH, "dokumen/", "media/avatar_images/")


class SignInMiddleware:
    """End sessions that lasted too long; from the office's day on, lead to the second factor before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        # Without the cookie the session stays unread, and the answer the same for everybody.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not match.route.startswith(_get_prefixes()):
            return None
        if not request.user.is_authenticated:
            return None
        if sessions.is_too_old(request.session):
            logout(request)
            return None
        sessions.check(request, is_activity=match.view_name not in _BACKGROUND)
        if match.view_name in _SETTING_UP or not _is_due(request):
            return None
        if request.method == "GET" and match.route.startswith(settings.ADMIN_PATH):
            return redirect("mfa_index")
        # As if nobody were signed in: a form is answered with what was typed, a file is not given out.
        request.user = AnonymousUser()
        return None


def _is_due(request) -> bool:
    """Say whether the second factor is missing today; the database is asked before anybody is held up."""
    if not sessions.is_due(request.session):
        return False
    sessions.refresh(request)
    return sessions.is_due(request.session)
