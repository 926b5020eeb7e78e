"""Renews credentials before they end: one worker asks, and what it got is saved before anybody uses it.

The row is locked to write down who asks; then the lock is given back, because no transaction is
open while a network is talked to. An answer that was lost may have taken the old credentials with
it, so the account is paused and says so, instead of being asked a second time.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import accounts
from .channels import Channel
from .channels.errors import AuthDead, ChannelError, NotSent, Throttled
from .channels.oauth import Grant
from .leases import new_worker_name
from .models import Account

logger = logging.getLogger(__name__)

#: Longer than the one request takes; after it nobody knows what became of it.
LEASE = timedelta(minutes=1)
#: How long the others wait before they look whether the credentials are new.
SHORT_WAIT = timedelta(seconds=5)
LOST = (
    "Jawaban atas pembaruan izin tidak diterima. Belum diketahui apakah izin yang tersimpan masih berlaku. "
    "Hubungkan kembali akun ini."
)


@dataclass(frozen=True)
class _Claim:
    worker: str
    version: int


def get_channel(account: Account) -> Channel:
    """Return the adapter that may talk to the network, its credentials renewed where they are about to end."""
    if account.refresh_at is not None and account.refresh_at <= timezone.now():
        refresh(account)
    return account.build_channel()


def refresh(account: Account) -> None:
    """Renew the credentials of ``account``, which is up to date afterwards; ChannelError says why not."""
    claim = _claim(account)
    if claim is None:
        return
    try:
        grant = account.build_channel().refresh()
    except (NotSent, Throttled):
        _release(account, claim)
        raise
    except AuthDead as error:
        _give_up(account, claim, error.message)
        raise
    except ChannelError as error:
        _give_up(account, claim, LOST)
        raise AuthDead(LOST) from error
    except Exception as error:
        logger.exception("The credentials of account %s could not be renewed", account.key)
        _give_up(account, claim, LOST)
        raise AuthDead(LOST) from error
    _save(account, claim, grant)


def _claim(account: Account) -> _Claim | None:
    """Commit that this worker asks; None where the credentials are new already."""
    lost = False
    with transaction.atomic(durable=True):
        now = timezone.now()
        stored = Account.objects.select_for_update().get(pk=account.pk)
        if stored.refresh_at is None or stored.refresh_at > now:
            _copy(stored, account)
            return None
        if stored.refreshing_until is not None and stored.refreshing_until > now:
            raise Throttled(now + SHORT_WAIT, "Izin akun ini sedang diperbarui.")
        lost = stored.refreshing_until is not None
        worker = "" if lost else new_worker_name()
        until = None if lost else now + LEASE
        Account.objects.filter(pk=stored.pk).update(refreshing_until=until, refresher=worker)
        if lost:
            accounts.pause(stored.pk, LOST)
        _copy(stored, account)
    if lost:
        raise AuthDead(LOST)
    return _Claim(worker, stored.version)


@transaction.atomic
def _save(account: Account, claim: _Claim, grant: Grant | None) -> None:
    """Keep what was given, also when it came late: it may be all that still lives. A person who
    connected the account meanwhile wins."""
    stored = Account.objects.select_for_update().get(pk=account.pk)
    if stored.version != claim.version:
        raise Throttled(timezone.now() + SHORT_WAIT, "Akun ini baru saja dihubungkan kembali.")
    if grant is None:
        stored.refresh_at = None
    else:
        accounts.take_grant(stored, grant)
    stored.refreshing_until, stored.refresher = None, ""
    stored.save(update_fields=[*accounts.GRANT_FIELDS, "refreshing_until", "refresher"])
    _copy(stored, account)


def _release(account: Account, claim: _Claim) -> None:
    mine = Account.objects.filter(pk=account.pk, refresher=claim.worker)
    mine.update(refreshing_until=None, refresher="")


@transaction.atomic
def _give_up(account: Account, claim: _Claim, reason: str) -> None:
    mine = Account.objects.filter(pk=account.pk, refresher=claim.worker, version=claim.version)
    if mine.update(refreshing_until=None, refresher=""):
        accounts.pause(account.pk, reason)


def _copy(stored: Account, account: Account) -> None:
    for name in (*accounts.GRANT_FIELDS, "version"):
        setattr(account, name, getattr(stored, name))


def refresh_due() -> int:
    """Renew what is due, before a post has to wait for it; returns how many were renewed."""
    now = timezone.now()
    done = 0
    for account in Account.objects.ready(now).filter(refresh_at__lte=now, from_settings=False):
        try:
            refresh(account)
        except ChannelError as error:
            logger.warning("Account %s was not renewed: %s", account.key, error.message)
        else:
            done += 1
    return done
