"""Describe an account in words for Admin → Kanal."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from news.social import channels
from news.social.accounts.health_checks import WARN_DAYS, get_end
from news.social.channels.base import get_flows
from news.social.channels.post import Field
from news.social.models import Account, Delivery

from . import forms


@dataclass(frozen=True)
class State:
    """State of an account: label, style and expiry in words."""

    label: str
    mark: str
    ending: str = ""
    ends_soon: bool = False


def list_accounts():
    """Return the accounts to show: all that exist, and deleted ones with waiting posts."""
    open_ones = Q(deliveries__closed_at=None) & ~Q(deliveries__state=Delivery.State.SENT) & ~Q(deliveries=None)
    counted = Account.objects.select_related("connected_by").annotate(waiting=Count("deliveries", filter=open_ones))
    return counted.filter(Q(archived_at=None) | Q(waiting__gt=0)).order_by("position", "pk")


def describe_state(account: Account, now: datetime) -> State:
    """Return the account's current state."""
    ending, soon = describe_end(account, now)
    if account.archived_at is not None:
        return State("Dihapus", "off")
    if account.from_settings and not account.enabled:
        return State("Perlu dihubungkan kembali", "off")
    if not account.enabled:
        return State("Dimatikan", "off", ending, soon)
    if account.paused_at is not None:
        return State("Dijeda", "paused", ending, soon)
    if account.not_before is not None and account.not_before > now:
        return State("Menunggu sebentar", "waiting", ending, soon)
    return State("Dibagikan petugas" if account.is_by_hand else "Terhubung", "good", ending, soon)


def describe_end(account: Account, now: datetime) -> tuple[str, bool]:
    """Return in words when a person has to connect again, and whether that is soon."""
    end = get_end(account)
    if end is None:
        return "", False
    local, today = timezone.localtime(end), timezone.localdate(now)
    days = (local.date() - today).days
    if end <= now:
        return "sudah berakhir", True
    words = {0: "berakhir hari ini", 1: "berakhir besok"}.get(days, f"berakhir {days} hari lagi")
    return words, days <= max(WARN_DAYS)


def get_changeable(account: Account) -> list[Field]:
    """Return the settings that may change without connecting again: those that do not identify the account."""
    channel = channels.KINDS[account.kind]
    flows = get_flows(channel)
    needed = {name for flow in flows for name in flow.needs}
    return [
        field
        for field in forms.get_asked(channel, flows[0] if flows else None)
        if field.name not in needed and field.type != "url" and (not field.required or field.default != "")
    ]


def describe_settings(account: Account) -> list[tuple[str, str]]:
    """Return the account's settings as (label, value in words), without credentials."""
    if account.from_settings or account.kind not in channels.KINDS:
        return []
    shown = []
    channel = channels.KINDS[account.kind]
    for field in (*channel.settings_fields, *channel.server_fields):
        value = account.settings.get(field.name, "")
        if isinstance(value, bool):
            value = "Ya" if value else "Tidak"
        words = dict(field.choices).get(value, value)
        if words != "":
            shown.append((field.label, str(words)))
    return shown
