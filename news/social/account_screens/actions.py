"""Actions of a person on an account, each with its audit line; none loses a waiting post."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from moderation.evidence import audit
from moderation.models import PublicationPermit
from moderation.models.roles import has_role
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.sop import Role
from news.social import channels
from news.social.accounts import health_checks, service
from news.social.channels.errors import ChannelError
from news.social.channels.oauth import Grant
from news.social.channels.post import Health
from news.social.ledger.decisions import decide, get_decision
from news.social.models import Account, Delivery, FollowUp
from news.social.models.fields import Secret
from news.social.models.leases import FREE

AUDIT_LABELS = {
    "channel_connected": "Akun kanal dihubungkan",
    "channel_reconnected": "Akun kanal dihubungkan kembali",
    "channel_changed": "Pengaturan kanal diubah",
    "channel_tested": "Akun kanal diuji coba",
    "channel_held": "Akun kanal dijeda",
    "channel_switched_on": "Kanal dinyalakan",
    "channel_switched_off": "Kanal dimatikan",
    "channel_deleted": "Akun kanal dihapus",
    "channel_ending": "Izin akun kanal segera berakhir",
    "channel_keys_rotated": "Kunci enkripsi kanal diganti",
}
#: Code for a token that a person typed; other ways have the code of their flow.
PASTED = "token"
#: States in which a post has certainly not been sent.
UNSENT = (Delivery.State.PENDING, Delivery.State.TASK, Delivery.State.FAILED)
STALE = "Akun ini telah diubah pengguna lain. Periksa keadaannya, lalu ulangi."


@dataclass(frozen=True)
class Waiting:
    """Counts of what waits for an account: unsent posts, posts in doubt, follow-ups, future orders."""

    unsent: int
    unknown: int
    follow_ups: int
    orders: int

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return self.unsent + self.unknown + self.follow_ups + self.orders


def count_waiting(account: Account) -> Waiting:
    """Count what waits for the account now, orders that are not live yet included."""
    open_ones = account.deliveries.unsettled()
    ordered = PublicationPermit.objects.filter(completed_at=None, revoked_at=None).values_list("channels", flat=True)
    return Waiting(
        unsent=open_ones.filter(state__in=UNSENT).count(),
        unknown=open_ones.filter(state__in=(Delivery.State.SENDING, Delivery.State.UNCERTAIN)).count(),
        follow_ups=FollowUp.objects.filter(delivery__account=account, state=FollowUp.State.PENDING).count(),
        orders=sum(account.key in keys for keys in ordered),
    )


def connect(
    kind: str, label: str, values: dict, secrets: dict, grant: Grant, user, *, account: Account | None, way: str
) -> Account:
    """Create an account, or replace the credentials of one, after a successful test at the network.

    Raises StepRefused when the network refuses, or when the credentials are of another account than
    before or of one that exists already.
    """
    _check_right(user)
    old_settings = account.settings if account else {}
    if way == PASTED:
        first = channels.KINDS[kind].first_refresh
        grant = replace(grant, refresh_at=None if first is None else timezone.now() + first)
        # Drop the settings of the flow before: they do not apply to a pasted token.
        values = {**values, **dict.fromkeys(old_settings.keys() & {"auth"}, "")}
    merged = replace(grant, credentials={**secrets, **grant.credentials}, settings={**values, **grant.settings})
    old_secrets = reveal_or_nothing(account)
    health = _test(kind, {**old_settings, **merged.settings}, {**old_secrets, **merged.credentials})
    with transaction.atomic():
        stored = _lock(account) if account else _make(kind, label)
        _check_same(stored, merged, health)
        _check_name(stored, label)
        stored.from_settings, stored.enabled, stored.archived_at = False, True, None
        service.take_grant(stored, merged)
        stored.settings = {**stored.settings, **health.learned}
        stored.label = label or stored.label
        stored.connected_by, stored.connected_at = user, timezone.now()
        stored.worker, stored.lease_until = "", None
        stored.paused_at, stored.pause_reason = None, ""
        stored.not_before, stored.consecutive_failures = None, 0
        stored.version += 1
        stored.save()
        health_checks.keep(stored, health)
        _log("channel_reconnected" if account else "channel_connected", stored, user, way=way, kind=kind)
    return stored


def _test(kind: str, settings: dict, credentials: dict) -> Health:
    """Test the account at the network; raise StepRefused with its reason."""
    try:
        health = channels.build(kind, settings, credentials).check()
    except ChannelError as error:
        raise StepRefused(error.message) from error
    except (KeyError, TypeError, ValueError) as error:
        raise StepRefused("Isian akun ini belum lengkap atau tidak cocok.") from error
    if health.problems:
        raise StepRefused(" ".join(health.problems))
    return health


def reveal_or_nothing(account: Account | None) -> dict:
    """Return the decrypted credentials, {} without an account or without a matching key."""
    try:
        return account.credentials.reveal() if account else {}
    except service.SecretUnreadable:
        return {}


def _check_same(stored: Account, grant: Grant, health: Health) -> None:
    """Raise StepRefused for another account of the network than before, or one that exists already."""
    name = health.account_name or grant.account_name
    if stored.account_id and grant.account_id:
        is_same = stored.account_id == grant.account_id
    else:
        is_same = not (stored.account_name and name) or stored.account_name == name
    if not is_same:
        raise StepRefused(
            f"Anda masuk sebagai “{name}”, sedangkan kanal ini adalah akun “{stored.account_name}”. Masuklah dengan "
            "akun itu, atau tambahkan sebagai kanal baru."
        )
    others = Account.objects.kept().filter(kind=stored.kind, from_settings=False).exclude(pk=stored.pk)
    for other in others:
        same_id = grant.account_id and other.account_id == grant.account_id
        same_name = not (grant.account_id and other.account_id) and name and other.account_name == name
        if (same_id or same_name) and _get_server(other.settings) == _get_server({**stored.settings, **grant.settings}):
            raise StepRefused(f"Akun ini sudah terhubung sebagai kanal “{other.label}”.")


def _check_name(stored: Account, label: str) -> None:
    """Raise StepRefused where another place has this name: a place has nothing else to be known by."""
    places = Account.objects.kept().filter(kind=channels.BY_HAND).exclude(pk=stored.pk)
    if stored.is_by_hand and any(place.label.casefold() == label.casefold() for place in places):
        message = f"Sudah ada tempat bernama “{label}”."
        raise StepRefused(message, fields={"label": message})


def _get_server(settings: dict) -> str:
    return str(settings.get("base_url") or "").rstrip("/")


def _make(kind: str, label: str) -> Account:
    """Return a new account with a unique key, at the end of the list."""
    base = slugify(label if kind == channels.BY_HAND else kind)[:40] or "kanal"
    taken = set(Account.objects.select_for_update().values_list("key", flat=True))
    number = 1
    while (key := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    last = Account.objects.aggregate(last=Max("position"))["last"]
    return Account.objects.create(
        key=key,
        kind=kind,
        label=label,
        position=0 if last is None else last + 1,
        from_settings=False,
        credentials=Secret(),
    )


def change(account: Account, user, version: int, *, label: str, values: dict) -> None:
    """Rename the account and change its settings; raise StepRefused for an outdated form."""
    _check_right(user)
    with transaction.atomic():
        stored = _lock(account, version)
        changed = sorted(name for name, value in values.items() if stored.settings.get(name) != value)
        if stored.label == label and not changed:
            return
        _check_name(stored, label)
        before, stored.label = stored.label, label
        stored.settings = {**stored.settings, **values}
        stored.version += 1
        stored.save(update_fields=["label", "settings", "version"])
        _log("channel_changed", stored, user, label=label, before=before, fields=changed)


def hold(account: Account, user, reason: str) -> None:
    """Pause the account until somebody resumes it; its posts wait."""
    _check_right(user)
    reason = reason.strip()
    if not reason:
        raise StepRefused("Tulis alasan lebih dahulu.", fields={"reason": "Alasan wajib diisi."})
    with transaction.atomic():
        stored = _lock(account)
        if stored.paused_at is not None:
            raise StepStale("Akun ini sudah dijeda.")
        stored.paused_at, stored.pause_reason = timezone.now(), reason[:300]
        stored.save(update_fields=["paused_at", "pause_reason"])
        _log("channel_held", stored, user, reason=reason)


def switch(account: Account, user, *, on: bool) -> None:
    """Enable or disable the account for new orders; waiting posts keep waiting."""
    _check_right(user)
    with transaction.atomic():
        stored = _lock(account)
        if stored.archived_at is not None or stored.from_settings:
            raise StepRefused("Kanal ini tidak dapat diubah di sini.")
        if stored.enabled == on:
            raise StepStale("Kanal ini sudah dinyalakan." if on else "Kanal ini sudah dimatikan.")
        stored.enabled = on
        stored.save(update_fields=["enabled"])
        waiting = count_waiting(stored).total
        _log("channel_switched_on" if on else "channel_switched_off", stored, user, waiting=waiting)


def move(account: Account, user, step: int) -> None:
    """Swap the account with its neighbour in the sequence of the order form."""
    _check_right(user)
    with transaction.atomic():
        listed = list(Account.objects.select_for_update().kept())
        place = next((number for number, one in enumerate(listed) if one.pk == account.pk), None)
        if place is None or not 0 <= place + step < len(listed):
            return
        listed.insert(place + step, listed.pop(place))
        for position, one in enumerate(listed):
            Account.objects.filter(pk=one.pk).update(position=position)
        _log("channel_changed", account, user, fields=["position"])


def delete(account: Account, user, version: int, waiting_total: int, *, cancels: bool, reason: str) -> bool:
    """Delete the account and its credentials; return whether a row is kept for its deliveries.

    ``waiting_total``: the count that the person was shown; raises StepRefused when it has grown.
    """
    _check_right(user)
    reason = reason.strip()
    if cancels and not may_cancel(user):
        raise StepRefused("Hanya Sekretaris yang dapat membatalkan unggahan yang menunggu.")
    if not reason:
        raise StepRefused("Tulis alasan lebih dahulu.", fields={"reason": "Alasan wajib diisi."})
    with transaction.atomic():
        stored = _lock(account, version)
        if stored.from_settings or stored.archived_at is not None:
            raise StepRefused("Kanal ini tidak dapat dihapus di sini.")
        waiting = count_waiting(stored)
        if waiting.total != waiting_total:
            raise StepStale(f"Jumlah yang menunggu telah berubah menjadi {waiting.total}. Periksa, lalu ulangi.")
        if cancels:
            for delivery in stored.deliveries.unsettled().filter(state__in=UNSENT):
                decide(delivery, get_decision("tutup"), user, note=reason)
        _log(
            "channel_deleted",
            stored,
            user,
            reason=reason,
            waiting=waiting.total,
            cancelled=waiting.unsent if cancels else 0,
        )
        if not stored.deliveries.exists() and not waiting.orders:
            stored.delete()
            return False
        # Without credentials nobody can look for these any more.
        stored.deliveries.filter(state=Delivery.State.UNCERTAIN, closed_at=None).update(needs_person=True, **FREE)
        stored.archived_at, stored.enabled = timezone.now(), False
        stored.credentials, stored.refresh_at = Secret(), None
        stored.worker, stored.lease_until = "", None
        stored.expires_at = stored.data_expires_at = None
        stored.version += 1
        stored.save()
        return True


def may_cancel(user) -> bool:
    """Say whether the user may cancel waiting posts: only the Sekretaris, who ordered them, may."""
    return has_role(user, Role.SEKRETARIS)


def note_test(account: Account, user) -> Health:
    """Test the account for a person and write the audit line."""
    _check_right(user)
    health = health_checks.check(account)
    _log("channel_tested", account, user, problems=len(health.problems))
    return health


def _lock(account: Account, version: int | None = None) -> Account:
    stored = Account.objects.select_for_update().filter(pk=account.pk).first()
    if stored is None or version not in (None, stored.version):
        raise StepStale(STALE)
    return stored


def _check_right(user) -> None:
    if not service.may_manage(user):
        raise StepRefused("Hanya Sekretaris dan pengelola situs yang dapat mengatur kanal.")


def _log(action: str, account: Account, user, *, reason: str = "", **data) -> None:
    role = service.get_manager_role(user)
    audit.append(action=action, user=user, role=role, reason=reason, data={"account": account.key, **data})
