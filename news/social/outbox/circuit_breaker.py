"""Circuit breaker of an account: after consecutive failures pause for growing times, then probe with one row.

Its state is stored on the account's row, shared by all workers and threads. Every update filters on
the previous state, so that one of several concurrent ones wins.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from news.social.accounts import service
from news.social.channels.base import AuthDead, ChannelError, Duplicate, NoFunds, Rejected, Sent, Throttled
from news.social.models import Account

#: Consecutive failures that park the account: 1, 2, 4 ... 60 minutes.
LIMIT = 5
LONGEST_PARKING = timedelta(hours=1)


def needs_probe(account: Account) -> bool:
    """Say whether the account is parked and takes only one row as a probe."""
    return account.consecutive_failures >= LIMIT


def take_probe(account: Account, until: datetime) -> bool:
    """Claim the probe of a parked account whose wait is over; False for all others."""
    if not needs_probe(account):
        return True
    return bool(Account.objects.filter(pk=account.pk, not_before=account.not_before).update(not_before=until))


def note_success(account_id: int) -> None:
    """Reset the failures; keep a wait that the network asked for."""
    failed = Account.objects.filter(pk=account_id, consecutive_failures__gt=0)
    parked = failed.filter(consecutive_failures__gte=LIMIT)
    if not parked.update(consecutive_failures=0, not_before=None):
        failed.update(consecutive_failures=0)


def note_failure(account_id: int, now: datetime, probe: datetime | None = None) -> None:
    """Count a failure; from the fifth in a row on, park the account.

    Ignore failures of requests that left before the account was parked: only a probe extends the wait.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    was_parked = needs_probe(account)
    if was_parked and account.not_before and account.not_before > now and account.not_before != probe:
        return
    failures = account.consecutive_failures + 1
    not_before = account.not_before
    if failures >= LIMIT:
        parking = min(timedelta(minutes=2 ** min(failures - LIMIT, 6)), LONGEST_PARKING)
        not_before = now + parking if was_parked or not not_before else max(not_before, now + parking)
    Account.objects.filter(pk=account_id).update(consecutive_failures=failures, not_before=not_before)


def throttle(account_id: int, until: datetime, probe: datetime | None = None) -> None:
    """Send nothing before ``until``, unless a longer wait is set; counts as no failure."""
    shorter = Q(not_before=None) | Q(not_before__lte=until) | Q(not_before=probe)
    Account.objects.filter(shorter, pk=account_id).update(consecutive_failures=0, not_before=until)


def give_back(account_id: int, now: datetime, probe: datetime | None) -> None:
    """Release a probe without a result, so that the next row may probe."""
    if probe is not None:
        Account.objects.filter(pk=account_id, not_before=probe).update(not_before=now)


def note(account_id: int, result: Sent | ChannelError, now: datetime, probe: datetime | None) -> None:
    """Throttle, pause, park or reset the account by the network's answer to one row."""
    if isinstance(result, (Sent, Rejected, Duplicate)):
        note_success(account_id)
    elif isinstance(result, Throttled):
        if result.needs_person:
            service.tell_of_limit(account_id, result.message, now)
        throttle(account_id, result.until, probe)
    elif isinstance(result, (AuthDead, NoFunds)):
        service.pause(account_id, result.message)
    else:
        note_failure(account_id, now, probe)


def note_look(account_id: int, error: ChannelError | None, now: datetime, probe: datetime | None) -> None:
    """Apply a look-up's answer; without an error only release the probe: reading proves nothing about posting."""
    if error is None or isinstance(error, Rejected):
        give_back(account_id, now, probe)
    else:
        note(account_id, error, now, probe)
