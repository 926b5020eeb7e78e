"""Keep what a session needs to know, so that a request asks the database nothing for it.

Django ends a session that was not saved for ``SESSION_COOKIE_AGE`` seconds; a session in use is saved again every few
minutes, and then also asks anew what is stored here.
"""

import datetime
import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone

from . import second_factor

_KEY = "sign_in"
#: Seconds between two looks; an idle session may end that much earlier than the setting says.
CHECK_EVERY = 5 * 60


def begin(sender, request, user, **kwargs) -> None:
    """Note the beginning of a session, whatever signed the user in; connected to ``user_logged_in``."""
    now = int(time.time())
    request.session[_KEY] = {"since": now, "checked": now, "due": _find_due(user)}


def get_beginning(session) -> int:
    """Return the second since 1970 at which the user signed in."""
    return session.get(_KEY, {}).get("since", 0)


def is_too_old(session) -> bool:
    """Say whether the session has lasted as long as any may, however busy."""
    return time.time() - get_beginning(session) > settings.SESSION_LONGEST


def check(request, *, is_activity: bool) -> None:
    """Save a session in use every few minutes. A page that asks by itself is no activity."""
    noted = request.session.get(_KEY, {})
    if is_activity and time.time() - noted.get("checked", 0) > CHECK_EVERY:
        request.session[_KEY] = noted | {"checked": int(time.time()), "due": _find_due(request.user)}
        sessions = UserSession.objects.filter(session_key=request.session.session_key)
        sessions.update(last_seen_at=timezone.now())


def refresh(request) -> None:
    """Ask anew whether the second factor is missing."""
    request.session[_KEY] = request.session.get(_KEY, {}) | {"due": _find_due(request.user)}


def get_due(session) -> datetime.date | None:
    """Return the day from which the session's user must have a second factor that is missing."""
    due = session.get(_KEY, {}).get("due")
    return datetime.date.fromisoformat(due) if due else None


def is_due(session) -> bool:
    """Say whether that day has come."""
    due = get_due(session)
    return due is not None and due <= timezone.localdate()


def _find_due(user) -> str:
    due = second_factor.find_due(user)
    return due.isoformat() if due else ""


def end_all(user) -> int:
    """End the sessions of an account and return how many there were."""
    listed = list(UserSession.objects.filter(user=user))
    for session in listed:
        session.end()
    return len(listed)
