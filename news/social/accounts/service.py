"""Create accounts from settings, apply grants, pause and resume accounts, notify about them."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from moderation.evidence import audit
from moderation.models.roles import has_role, users_with_role
from moderation.people import notifications
from moderation.sop import Role
from news.social.channels.oauth import Grant
from news.social.models import Account
from news.social.models.fields import Secret, SecretUnreadable

logger = logging.getLogger(__name__)

#: Role in the audit log of a manager without a role in the SOP.
ADMINISTRATOR = "Pengelola situs"
#: Fields of an account that a grant changes.
GRANT_FIELDS = (
    "credentials",
    "settings",
    "account_name",
    "account_id",
    "expires_at",
    "data_expires_at",
    "refresh_at",
    "warned_days",
)

#: Labels of this module's audit lines.
AUDIT_LABELS = {"channel_paused": "Akun kanal dijeda", "channel_resumed": "Akun kanal dilanjutkan"}


def sync_accounts() -> None:
    """Create or update accounts from SOCIAL_CHANNELS; keep one removed from there, but disabled.

    Does not touch accounts connected in the admin.
    """
    configured = getattr(settings, "SOCIAL_CHANNELS", {})
    for position, (key, config) in enumerate(configured.items()):
        values = {"kind": config["kind"], "label": config["label"], "position": position, "enabled": True}
        if Account.objects.filter(key=key, from_settings=False).exists():
            logger.warning("SOCIAL_CHANNELS names %s, which was connected in the admin: that one stays", key)
            continue
        Account.objects.update_or_create(key=key, defaults=values)
    Account.objects.filter(from_settings=True).exclude(key__in=configured).update(enabled=False)


def may_manage(user) -> bool:
    """Say whether the user may connect and change accounts: the Sekretaris or a superuser."""
    return user.is_authenticated and user.is_active and (user.is_superuser or has_role(user, Role.SEKRETARIS))


def get_manager_role(user) -> str:
    """Return the role in which the user manages accounts, for the audit log."""
    return Role.SEKRETARIS.value if has_role(user, Role.SEKRETARIS) else ADMINISTRATOR


def take_grant(account: Account, grant: Grant) -> None:
    """Apply a grant to the unsaved row: keep values it does not name, replace all times."""
    try:
        kept = account.credentials.reveal()
    except SecretUnreadable:
        kept = {}
    account.credentials = Secret.hide({**kept, **grant.credentials})
    account.settings = {**account.settings, **grant.settings}
    account.account_name = (grant.account_name or account.account_name)[:200]
    account.account_id = (grant.account_id or account.account_id)[:200]
    if grant.expires_at != account.expires_at or grant.data_expires_at != account.data_expires_at:
        account.warned_days = None
    account.expires_at, account.data_expires_at = grant.expires_at, grant.data_expires_at
    account.refresh_at = grant.refresh_at


def on_post_migrate(**kwargs) -> None:
    """Sync the accounts with the settings after every ``migrate``."""
    sync_accounts()


@transaction.atomic
def pause(account_id: int, reason: str) -> None:
    """Pause an account until a person resumes it, with an audit line and a mail to the Sekretaris; once."""
    paused = Account.objects.filter(pk=account_id, paused_at=None).update(
        paused_at=timezone.now(), pause_reason=reason[:300]
    )
    if not paused:
        return
    account = Account.objects.get(pk=account_id)
    logger.warning("Account %s is paused: %s", account.key, reason)
    tell(
        f"Kanal {account.label} dijeda",
        f"{reason}\nUnggahan ke {account.label} menunggu sampai akun dilanjutkan. Tidak ada unggahan yang hilang.",
        screen="kanal:index",
    )
    audit.append(action="channel_paused", reason=reason, data={"account": account.key})


def tell_of_limit(account_id: int, reason: str, now: datetime) -> None:
    """Notify the Sekretaris that the network restricts the account; once while it waits."""
    account = Account.objects.get(pk=account_id)
    if account.not_before is not None and account.not_before > now:
        return
    tell(
        f"Kanal {account.label} dibatasi",
        f"{reason}\nUnggahan ke {account.label} menunggu dan dicoba lagi kemudian. Tidak ada unggahan yang hilang.",
        screen="kanal:index",
    )


@transaction.atomic
def resume(account: Account, user, role: str) -> bool:
    """Resume a paused account; return whether it was paused."""
    resumed = (
        Account.objects.filter(pk=account.pk)
        .exclude(paused_at=None)
        .update(paused_at=None, pause_reason="", not_before=None, consecutive_failures=0)
    )
    if resumed:
        audit.append(action="channel_resumed", user=user, role=role, data={"account": account.key})
    return bool(resumed)


def tell(subject: str, body: str, item=None, screen: str = "social:index", args: Sequence[int] = ()) -> None:
    """Queue a mail to the Sekretaris, and to the Staf of ``item`` if given."""
    people = set(users_with_role(Role.SEKRETARIS))
    if item is not None and item.assigned_to is not None:
        people.add(item.assigned_to)
    address = settings.WAGTAILADMIN_BASE_URL + reverse(screen, args=args)
    for user in people:
        notifications.tell(user, subject, body, item, address)
