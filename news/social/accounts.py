"""What happens to an account as a whole: it comes from the settings, waits, is paused, resumes."""

import logging

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from moderation import audit, notifications
from moderation.roles import users_with_role
from moderation.sop import Role

from .models import Account

logger = logging.getLogger(__name__)

#: What the audit lines of this file are called on screen.
LOG_WORDS = {"channel_paused": "Akun kanal dijeda", "channel_resumed": "Akun kanal dilanjutkan"}


def sync_accounts() -> None:
    """Make accounts of SOCIAL_CHANNELS; one that is gone from there is kept, and nothing is sent to it.

    Accounts that were connected in the admin are nobody's business here.
    """
    configured = getattr(settings, "SOCIAL_CHANNELS", {})
    for position, (key, config) in enumerate(configured.items()):
        values = {"kind": config["kind"], "label": config["label"], "position": position, "enabled": True}
        if Account.objects.filter(key=key, from_settings=False).exists():
            logger.warning("SOCIAL_CHANNELS names %s, which was connected in the admin: that one stays", key)
            continue
        Account.objects.update_or_create(key=key, defaults=values)
    Account.objects.filter(from_settings=True).exclude(key__in=configured).update(enabled=False)


def on_post_migrate(**kwargs) -> None:
    """Keep the accounts as the settings have them, after every ``migrate``."""
    sync_accounts()


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
