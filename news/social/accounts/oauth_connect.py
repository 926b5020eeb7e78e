"""Connect an account through a network's consent screen, with a state for one use, person and session.

An encrypted ``ConnectAttempt`` keeps the data between the two steps; the session holds a random
part of its own, so that a state is useless in another browser.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from moderation.ports.exceptions import StepRefused
from news.social import channels
from news.social.channels.base import get_flows
from news.social.channels.errors import ChannelError
from news.social.channels.oauth import Grant, OAuthFlow, explain_refusal
from news.social.models import Account, ConnectAttempt
from news.social.models.fields import Secret, SecretUnreadable

SESSION_KEY = "kanal_bukti"
INVALID = "Jawaban dari kanal tidak cocok dengan permintaan mana pun dari peramban ini. Mulailah lagi."
OVER = "Waktu untuk menghubungkan sudah habis. Mulailah lagi."
_TIMES = ("expires_at", "data_expires_at", "refresh_at")


def get_flow(kind: str, code: str) -> OAuthFlow | None:
    """Return the flow of this kind with this code."""
    channel = channels.KINDS.get(kind)
    return next((flow for flow in get_flows(channel) if flow.code == code), None) if channel else None


def get_callback() -> str:
    """Return the callback URL, which is registered at the networks."""
    return settings.WAGTAILADMIN_BASE_URL + reverse("kanal:callback")


def begin(request, kind: str, flow: OAuthFlow, label: str, values: dict, given: dict, account: Account | None) -> str:
    """Store a new attempt and return the URL of the consent screen; raise StepRefused without one."""
    callback = get_callback()
    try:
        if not all(given.get(name) for name in flow.app_fields):
            given = {**given, **flow.register(values, callback, settings.WAGTAIL_SITE_NAME)}
        started = flow.start(values, given, callback)
    except ChannelError as error:
        raise StepRefused(error.message) from error
    except (KeyError, ValueError) as error:
        raise StepRefused("Isian aplikasi belum lengkap.") from error
    proof = request.session.setdefault(SESSION_KEY, secrets.token_urlsafe(32))
    with transaction.atomic():
        forget_old()
        ConnectAttempt.objects.create(
            user=request.user,
            account=account,
            kind=kind,
            flow=flow.code,
            label=label,
            settings=values,
            secret=Secret.hide({"given": given, "step": started.secret}),
            state_digest=digest(started.state),
            session_digest=digest(proof),
        )
    return started.address


def find_way_again(account: Account) -> tuple[OAuthFlow, dict] | None:
    """Return the flow that reconnects an account with one click, and its stored values.

    Returns None where something must be typed first: a token, or the application's keys.
    """
    if account.from_settings:
        return None
    flows = get_flows(channels.KINDS[account.kind]) if account.kind in channels.KINDS else ()
    used = account.settings.get("auth")
    flow = next((flow for flow in flows if not used or flow.code == used), None)
    try:
        kept = account.credentials.reveal()
    except SecretUnreadable:
        return None
    if flow is None or any(not account.settings.get(name) for name in flow.needs):
        return None
    if getattr(flow, "registration_url", ""):
        # A pasted token has no application; the server registers one.
        return flow, {}
    given = {name: kept[name] for name in flow.app_fields if kept.get(name)}
    return (flow, given) if len(given) == len(flow.app_fields) else None


def begin_again(request, account: Account) -> str:
    """Return the URL of the consent screen for an existing account; raise StepRefused where more must be typed."""
    found = find_way_again(account)
    if found is None:
        raise StepRefused("Akun ini dihubungkan kembali lewat formulirnya.")
    flow, given = found
    return begin(request, account.kind, flow, account.label, account.settings, given, account)


def forget_old() -> None:
    """Delete expired attempts."""
    ConnectAttempt.objects.filter(created_at__lte=timezone.now() - ConnectAttempt.LIFETIME).delete()


def come_back(request, answer: dict) -> ConnectAttempt:
    """Exchange the callback's query for the accounts to choose from, and keep them in the attempt.

    Uses up the state and commits that before anything else. Raises StepRefused with the reason.
    """
    state = answer.get("state") or answer.get("oauth_token") or answer.get("denied") or ""
    attempt = _use_up(request, state)
    refusal = explain_refusal(answer)
    if refusal:
        attempt.delete()
        raise StepRefused(refusal)
    flow = get_flow(attempt.kind, attempt.flow)
    kept = attempt.secret.reveal()
    try:
        grants = flow.finish(attempt.settings, kept["given"], get_callback(), kept["step"], answer)
    except ChannelError as error:
        attempt.delete()
        raise StepRefused(error.message) from error
    except (KeyError, ValueError) as error:
        attempt.delete()
        raise StepRefused(INVALID) from error
    if not grants:
        attempt.delete()
        raise StepRefused("Kanal tidak memberi satu akun pun yang dapat dipakai.")
    attempt.secret = Secret.hide({"given": kept["given"], "grants": [_pack(grant) for grant in grants]})
    attempt.save(update_fields=["secret"])
    return attempt


def _use_up(request, state: str) -> ConnectAttempt:
    with transaction.atomic():
        attempt = (
            ConnectAttempt.objects.select_for_update()
            .filter(state_digest=digest(state), returned_at=None, user=request.user)
            .first()
        )
        if attempt is None or not _is_of_session(request, attempt):
            raise StepRefused(INVALID)
        if attempt.is_over:
            over = True
        else:
            over = False
            attempt.returned_at = timezone.now()
            attempt.save(update_fields=["returned_at"])
    if over:
        attempt.delete()
        raise StepRefused(OVER)
    return attempt


def get_attempt(request, pk: int) -> ConnectAttempt:
    """Return the attempt of this person and session that waits for the choice of an account."""
    attempt = ConnectAttempt.objects.filter(pk=pk, user=request.user).exclude(returned_at=None).first()
    if attempt is None or not _is_of_session(request, attempt):
        raise StepRefused(INVALID)
    if attempt.is_over:
        attempt.delete()
        raise StepRefused(OVER)
    return attempt


def get_grants(attempt: ConnectAttempt) -> list[Grant]:
    """Return the attempt's accounts to choose from."""
    return [_unpack(values) for values in attempt.secret.reveal()["grants"]]


def get_given(attempt: ConnectAttempt) -> dict:
    """Return the application's id and secret, as typed or registered."""
    kept = attempt.secret.reveal()["given"]
    return {name: value for name, value in kept.items() if value}


def digest(text: str) -> str:
    """Return the digest kept of a secret that only has to be recognised."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_of_session(request, attempt: ConnectAttempt) -> bool:
    proof = request.session.get(SESSION_KEY, "")
    return hmac.compare_digest(digest(proof), attempt.session_digest)


def _pack(grant: Grant) -> dict:
    values = asdict(grant)
    return values | {name: values[name].isoformat() if values[name] else None for name in _TIMES}


def _unpack(values: dict) -> Grant:
    times: dict[str, datetime | None] = {
        name: parse_datetime(values[name]) if values[name] else None for name in _TIMES
    }
    return Grant(**{**values, **times, "scopes": tuple(values["scopes"])})
