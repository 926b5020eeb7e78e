"""Test accounts without a post, on request and once a day; warn before a permission expires."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections, transaction
from django.db.models import Q
from django.utils import timezone

from moderation.evidence import audit
from news.social import channels
from news.social.channels.errors import AuthDead, ChannelError, NoFunds, NotSent, Throttled, Unknown
from news.social.channels.post import Health
from news.social.models import Account

from . import oauth_connect, service, token_refresh

logger = logging.getLogger(__name__)

#: Days before expiry at which to notify the Sekretaris, once each.
WARN_DAYS = (14, 7, 1)
EVERY = timedelta(days=1)
#: Seconds between two rounds of due checks.
PAUSE = 60
ENDED = "Izin akun ini sudah berakhir. Hubungkan kembali akun."


def check(account: Account) -> Health:
    """Test the account at the network, store the result and return it; posts nothing.

    Pauses an account that the network refuses; stores nothing when the network cannot be reached.
    """
    try:
        health = token_refresh.get_channel(account).check()
    except (NotSent, Throttled, Unknown) as error:
        return Health(problems=(error.message,))
    except ChannelError as error:
        health = Health(problems=(error.message,))
        if isinstance(error, (AuthDead, NoFunds)):
            service.pause(account.pk, error.message)
    except Exception:
        logger.exception("Account %s could not be checked", account.key)
        health = Health(problems=("Uji coba terhenti oleh kesalahan sistem.",))
    keep(account, health)
    return health


@transaction.atomic
def keep(account: Account, health: Health) -> None:
    """Store the result of a test; keep values that it does not contain."""
    stored = Account.objects.select_for_update().get(pk=account.pk)
    if stored.version != account.version:
        # Somebody has replaced the tested credentials meanwhile.
        return
    stored.checked_at = timezone.now()
    stored.last_health = describe(health)
    if health.account_name:
        stored.account_name = health.account_name[:200]
    if health.expires_at and health.expires_at != stored.expires_at:
        stored.expires_at, stored.warned_days = health.expires_at, None
    if health.data_expires_at and health.data_expires_at != stored.data_expires_at:
        stored.data_expires_at, stored.warned_days = health.data_expires_at, None
    if health.learned and not stored.from_settings:
        stored.settings = {**stored.settings, **health.learned}
    stored.save(
        update_fields=[
            "checked_at",
            "last_health",
            "account_name",
            "expires_at",
            "data_expires_at",
            "warned_days",
            "settings",
        ]
    )


def describe(health: Health) -> dict:
    """Return the result as JSON for storage, without settings and secrets."""
    return {
        "account_name": health.account_name,
        "scopes": list(health.scopes),
        "missing_scopes": list(health.missing_scopes),
        "limits": dict(health.limits),
        "problems": list(health.problems),
        "warnings": list(health.warnings),
    }


def watch() -> int:
    """Renew expiring credentials, run the daily tests and warn of expiries; safe with several workers."""
    oauth_connect.forget_old()
    done = token_refresh.refresh_due()
    now = timezone.now()
    on_networks = Account.objects.kept().offered().exclude(kind=channels.BY_HAND)
    connected = on_networks.filter(from_settings=False, paused_at=None)
    stale = connected.filter(Q(checked_at=None) | Q(checked_at__lte=now - EVERY))
    for account in stale:
        done += _check_once(account, now)
    for account in connected.exclude(expires_at=None, data_expires_at=None):
        done += warn(account, now)
    return done


def _check_once(account: Account, now: datetime) -> int:
    mine = Account.objects.filter(pk=account.pk, checked_at=account.checked_at, version=account.version)
    if not mine.update(checked_at=now):
        return 0
    known = [*(account.last_health.get("problems") or ()), *(account.last_health.get("warnings") or ())]
    health = check(account)
    if describe(health) != Account.objects.values_list("last_health", flat=True).get(pk=account.pk):
        # An unreachable network tells nothing about the account.
        return 1
    still_sends = Account.objects.filter(pk=account.pk, paused_at=None).exists()
    found = [sentence for sentence in (*health.problems, *health.warnings) if sentence not in known]
    if still_sends and found:
        _tell(f"Kanal {account.label} perlu diperiksa", "\n".join(found))
    return 1


def get_end(account: Account) -> datetime | None:
    """Return the latest time at which a person has to connect the account again, None for never."""
    ends = [end for end in (account.expires_at, account.data_expires_at) if end is not None]
    return min(ends, default=None)


@transaction.atomic
def warn(account: Account, now: datetime) -> int:
    """Notify the Sekretaris of an expiry, once for each of ``WARN_DAYS``; pause an expired account."""
    end = get_end(account)
    if end <= now:
        service.pause(account.pk, ENDED)
        return 1
    reached = [days for days in WARN_DAYS if end - now <= timedelta(days=days)]
    if not reached or (account.warned_days is not None and account.warned_days <= min(reached)):
        return 0
    days = min(reached)
    seen = {name: getattr(account, name) for name in ("version", "warned_days", "expires_at", "data_expires_at")}
    if not Account.objects.filter(pk=account.pk, **seen).update(warned_days=days):
        return 0
    local = timezone.localtime(end)
    _tell(
        f"Izin kanal {account.label} segera berakhir",
        f"Izin {account.label} berakhir pada {local:%d-%m-%Y} pukul {local:%H.%M}. Hubungkan kembali akun sebelum itu "
        "supaya unggahan tidak tertahan.",
    )
    audit.append(action="channel_ending", data={"account": account.key, "ends": end, "days": days})
    return 1


def _tell(subject: str, body: str) -> None:
    service.tell(subject, body, screen="kanal:index")


def run(stop: threading.Event) -> None:
    """Run ``watch`` periodically until ``stop`` is set."""
    while not stop.is_set():
        close_old_connections()
        watch()
        stop.wait(PAUSE)
