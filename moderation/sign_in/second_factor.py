"""Who must have a second factor, from which day; secrets of second factors are encrypted in the database."""

import datetime

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from moderation import sop
from moderation.evidence import audit
from moderation.models import OfficeProcedure
from moderation.models.roles import display_name, has_role
from moderation.people import notifications
from moderation.ports.encryption import get_fernet

#: Their steps decide what goes live. Whoever manages accounts could give these roles to themselves.
REQUIRED_OF = (sop.Role.SEKRETARIS, sop.Role.BIDANG, sop.Role.PPID_PEMBANTU)
_UNREADABLE = "Faktor kedua akun ini tidak terbaca lagi. Hubungi pengelola situs untuk mengaturnya ulang."
AUDIT_LABELS = {"second_factor_reset": "Faktor kedua diatur ulang"}


def is_required_of(user) -> bool:
    """Say whether the office's rule is about this person: by role, in person or acting, or as an administrator."""
    return user.is_active and (user.is_superuser or has_role(user, *REQUIRED_OF) or user.has_perm("auth.change_user"))


def get_start() -> datetime.date | None:
    """Return the day from which a second factor is required, None while the office has set none."""
    return OfficeProcedure.objects.values_list("second_factor_from", flat=True).first()


def has_one(user) -> bool:
    """Say whether the user has an app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def find_due(user) -> datetime.date | None:
    """Return the day from which the user must have a second factor that is still missing."""
    start = get_start()
    return start if start is not None and is_required_of(user) and not has_one(user) else None


def may_remove(authenticator: Authenticator) -> bool:
    """Say whether this second factor may go: never the last one of somebody who must have one."""
    others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
    if others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return True
    start = get_start()
    return start is None or start > timezone.localdate() or not is_required_of(authenticator.user)


def describe_remaining(due: datetime.date) -> str:
    """Return "12 hari lagi" or "besok"."""
    days = (due - timezone.localdate()).days
    return "besok" if days == 1 else f"{days} hari lagi"


def encrypt(text: str) -> str:
    return get_fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return the secret; ValidationError with what to do where no key opens it."""
    try:
        return get_fernet().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise ValidationError(_UNREADABLE) from error


def reset(user, by=None) -> bool:
    """Remove every second factor of somebody who lost theirs, log it and tell them; return whether there was one.

    ``by``: the administrator; None for a command on the machine.
    """
    with transaction.atomic():
        if not Authenticator.objects.filter(user=user).delete()[0]:
            return False
        notifications.tell(
            user,
            "Faktor kedua akun Anda diatur ulang",
            f"Aplikasi kode, passkey, dan kode pemulihan akun {user.get_username()} dihapus oleh "
            f"{display_name(by) if by else 'pengelola situs'}. Pasang kembali saat Anda masuk berikutnya.",
        )
        audit.append(
            action="second_factor_reset",
            user=by,
            reason=f"{display_name(user)} ({user.get_username()})",
            data={"user": user.pk},
        )
    return True


def rotate_keys() -> int:
    """Encrypt every secret under the newest key and return how many; InvalidToken where no key opens one."""
    rotated = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            name = "secret" if row.type == Authenticator.Type.TOTP else "seed"
            row.data[name] = get_fernet().rotate(row.data[name].encode()).decode()
            row.save(update_fields=["data"])
            rotated += 1
    return rotated
