"""What happens to an account as a whole: it comes from the settings, waits, is paused, resumes."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from moderation import audit, notifications
from moderation.roles import users_with_role
from moderation.sop import Role

from .models import Account

logger = logging.getLogger(__name__)

#: So many failures in a row park the account: 1, 2, 4 ... 60 minutes.
BREAKER_LIMIT = 5
LONGEST_PARKING = timedelta(hours=1)

#: What the audit lines of this file are called on screen.
LOG_WORDS = {"channel_paused": "Akun kanal dijeda", "channel_resumed": "Akun kanal dilanjutkan"}


def sync_accounts() -> None:
    """Make the accounts those of SOCIAL_CHANNELS; one that is gone is kept, and nothing is sent to it."""
    configured = getattr(settings, "SOCIAL_CHANNELS", {})
    for position, (key, config) in enumerate(configured.items()):
        values = {"kind": config["kind"], "label": config["label"], "position": position, "enabled": True}
        Account.objects.update_or_create(key=key, defaults=values)
    Account.objects.exclude(key__in=configured).update(enabled=False)


def on_post_migrate(**kwargs) -> None:
    """Keep the accounts as the settings have them, after every ``migrate``."""
    sync_accounts()


def note_success(account_id: int) -> None:
    """Forget earlier failures: the account works."""
    Account.objects.filter(pk=account_id, consecutive_failures__gt=0).update(consecutive_failures=0, not_before=None)


def note_failure(account_id: int, now: datetime) -> None:
    """Count a failure; from the fifth in a row on, park the account for growing times."""
    Account.objects.filter(pk=account_id).update(consecutive_failures=F("consecutive_failures") + 1)
    failures = Account.objects.values_list("consecutive_failures", flat=True).get(pk=account_id)
    if failures >= BREAKER_LIMIT:
        parking = timedelta(minutes=2 ** min(failures - BREAKER_LIMIT, 6))
        Account.objects.filter(pk=account_id).update(not_before=now + min(parking, LONGEST_PARKING))


def take_probe(account: Account, until: datetime) -> bool:
    """Let one delivery through to a parked account whose time is over; False for everybody else."""
    if account.consecutive_failures < BREAKER_LIMIT:
        return True
    return bool(Account.objects.filter(pk=account.pk, not_before=account.not_before).update(not_before=until))


def throttle(account_id: int, until: datetime) -> None:
    """Send nothing before ``until``; a longer wait stands."""
    Account.objects.filter(pk=account_id).exclude(not_before__gt=until).update(not_before=until)


@transaction.atomic
def pause(account_id: int, reason: str) -> None:
    """Stop the account until a person resumes it, write it down and tell the Sekretaris; once."""
    paused = Account.objects.filter(pk=account_id, paused_at=None).update(
        paused_at=timezone.now(), pause_reason=reason[:300]
    )
    if not paused:
        return
    account = Account.objects.get(pk=account_id)
    logger.warning("Account %s is paused: %s", account.key, reason)
    audit.append(action="channel_paused", reason=reason, data={"account": account.key})
    tell(
        f"Kanal {account.label} dijeda",
        f"{reason}\nUnggahan ke {account.label} menunggu sampai akun dilanjutkan. Tidak ada unggahan yang hilang.",
    )


@transaction.atomic
def resume(account: Account, user, role: str) -> bool:
    """Let a paused account send again; says whether it was paused."""
    resumed = (
        Account.objects.filter(pk=account.pk)
        .exclude(paused_at=None)
        .update(paused_at=None, pause_reason="", not_before=None, consecutive_failures=0)
    )
    if resumed:
        audit.append(action="channel_resumed", user=user, role=role, data={"account": account.key})
    return bool(resumed)


def tell(subject: str, body: str, item=None) -> None:
    """Write a mail to the Sekretaris, and to the Staf of the item when there is one."""
    people = set(users_with_role(Role.SEKRETARIS))
    if item is not None and item.assigned_to is not None:
        people.add(item.assigned_to)
    address = settings.WAGTAILADMIN_BASE_URL + reverse("social:index")
    for user in people:
        notifications.tell(user, subject, body, item, address)
