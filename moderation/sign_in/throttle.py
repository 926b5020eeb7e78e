"""Slow guessing down, by account and by address, without locking anybody out.

A stranger's failures never stop a person at a device from which they have signed in before: such a device has a limit
of its own. Attempts are rows, so that every process and machine counts the same ones; allauth's own counters live in
the cache, which here belongs to one process.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import SignInAttempt


@dataclass(frozen=True)
class Limit:
    """At most ``amount`` attempts within ``period`` for what ``subject`` names."""

    subject: str
    amount: int
    period: timedelta


_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)
#: Old attempts are deleted after this time, which no limit exceeds.
_KEPT = _HOUR


def list_limits(account: str, address: str, device: str = "") -> list[Limit]:
    """Return the limits of a guess at an account's password or code, the narrowest first.

    ``address``: the caller's, an IPv6 network of 64 bits as one. ``device``: the token of a device on which this very
    account has signed in before, or nothing.
    """
    account = account.casefold()
    if device:
        return [Limit(f"device {device} {account}", 10, _QUARTER)]
    return [
        Limit(f"account {account} from {address}", 5, _QUARTER),
        Limit(f"address {address}", 30, _QUARTER),
        Limit(f"account {account}", 50, _HOUR),
    ]


def list_mail_limits(email: str, address: str) -> list[Limit]:
    """Return the limits of a request for a new password by mail."""
    return [Limit(f"mail to {email.casefold()}", 3, _HOUR), Limit(f"mail from {address}", 20, _HOUR)]


def consume(limits: list[Limit]) -> list[int]:
    """Count one attempt against every limit and return its rows; ValidationError when one limit is reached.

    The row is written before it is counted, so that many attempts at once do not all find room. A refused attempt
    is not kept: trying again while waiting does not make the wait longer.
    """
    now = timezone.now()
    _refuse_if_full(limits, now)
    rows = [SignInAttempt.objects.create(key=_hash(limit.subject), at=now).pk for limit in limits]
    try:
        _refuse_if_full(limits, now, own=1)
    except ValidationError:
        give_back(rows)
        raise
    return rows


def give_back(rows: list[int]) -> None:
    """Forget an attempt that turned out right."""
    SignInAttempt.objects.filter(pk__in=rows).delete()


def _refuse_if_full(limits, now, own: int = 0) -> None:
    for limit in limits:
        found = SignInAttempt.objects.filter(key=_hash(limit.subject), at__gt=now - limit.period)
        times = list(found.order_by("-at").values_list("at", flat=True)[: limit.amount + own])
        if len(times) >= limit.amount + own:
            free_at = times[limit.amount - 1] + limit.period
            raise ValidationError(
                f"Terlalu banyak percobaan. Coba lagi dalam {_describe(free_at - now)}.", code="too_many_attempts"
            )


def _describe(wait: timedelta) -> str:
    return f"{max(1, -(-int(wait.total_seconds()) // 60))} menit"


def _hash(subject: str) -> str:
    return hashlib.sha256(subject.encode()).hexdigest()


def forget_old() -> int:
    """Delete the attempts that no limit counts any more and return how many; a job of the worker."""
    return SignInAttempt.objects.filter(at__lt=timezone.now() - _KEPT).delete()[0]
