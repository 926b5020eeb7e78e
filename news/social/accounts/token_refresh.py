"""Renew credentials before they expire: one worker asks, and saves the result before its use.

A claim on the account names the worker; no transaction is open during the request. A lost answer
may have invalidated the old credentials, so the account is then paused with that reason, without
a second request.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from news.social.channels import Channel
from news.social.channels.errors import AuthDead, ChannelError, NotSent, Throttled
from news.social.channels.oauth import Grant
from news.social.models import Account, leases
from news.social.models.leases import Claim

from . import service

logger = logging.getLogger(__name__)

#: Lease of the claim: longer than the request takes.
LEASE = timedelta(minutes=1)
#: Wait of the other workers before they look for new credentials.
SHORT_WAIT = timedelta(seconds=5)
LOST = (
    "Jawaban atas pembaruan izin tidak diterima. Belum diketahui apakah izin yang tersimpan masih berlaku. "
    "Hubungkan kembali akun ini."
)


def get_channel(account: Account) -> Channel:
    """Return the account's adapter, after renewing credentials that are about to expire."""
    if account.refresh_at is not None and account.refresh_at <= timezone.now():
        refresh(account)
    return account.build_channel()


def refresh(account: Account) -> None:
    """Renew the credentials of ``account`` and update the object; raise ChannelError on failure."""
    claim = _claim(account)
    if claim is None:
        return
    try:
        grant = account.build_channel().refresh()
    except (NotSent, Throttled):
        claim.end()
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


def _claim(account: Account) -> Claim[Account] | None:
    """Commit this worker's claim; return None where the credentials are new already."""
    with transaction.atomic(durable=True):
        now = timezone.now()
        worker, taken = Account.objects.filter(pk=account.pk, refresh_at__lte=now).take(now + LEASE)
        stored = Account.objects.get(pk=account.pk)
    _copy(stored, account)
    if taken:
        return Claim(stored, worker)
    if stored.refresh_at is None or stored.refresh_at > now:
        return None
    if stored.lease_until is None or stored.lease_until > now:
        raise Throttled(now + SHORT_WAIT, "Izin akun ini sedang diperbarui.")
    with transaction.atomic():
        if leases.end_lost(stored, now):
            service.pause(stored.pk, LOST)
    raise AuthDead(LOST)


@transaction.atomic
def _save(account: Account, claim: Claim[Account], grant: Grant | None) -> None:
    """Save the new credentials, even late ones: the old may be invalid.

    Does not replace those of a person who connected the account meanwhile.
    """
    stored = Account.objects.select_for_update().get(pk=account.pk)
    if stored.version != claim.row.version:
        raise Throttled(timezone.now() + SHORT_WAIT, "Akun ini baru saja dihubungkan kembali.")
    if grant is None:
        stored.refresh_at = None
    else:
        service.take_grant(stored, grant)
    stored.save(update_fields=service.GRANT_FIELDS)
    claim.end()
    _copy(stored, account)


@transaction.atomic
def _give_up(account: Account, claim: Claim[Account], reason: str) -> None:
    if claim.end():
        service.pause(account.pk, reason)


def _copy(stored: Account, account: Account) -> None:
    for name in (*service.GRANT_FIELDS, "version"):
        setattr(account, name, getattr(stored, name))


def refresh_due() -> int:
    """Renew due credentials before a post needs them; return how many were renewed."""
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
