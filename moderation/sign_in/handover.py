"""Serah terima: hand the roles of somebody who leaves to a successor, and close the old account for good.

The old account stays under its name: lines of the log go on naming the person who acted.
"""

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import transaction

from moderation import sop
from moderation.evidence import audit
from moderation.models.roles import display_name, holds_in_person
from moderation.people import notifications
from moderation.people.appointments import may_appoint
from moderation.ports.exceptions import StepRefused

from . import devices, sessions

AUDIT_LABELS = {"account_handed_over": "Serah terima akun"}


def may_hand_over(user) -> bool:
    """Say whether the user may hand accounts over: who appoints acting officers may."""
    return may_appoint(user)


def find_problems(by, old, successor) -> dict[str, str]:
    """Return why a handover is refused, one Indonesian sentence a field."""
    if not old.is_active:
        return {"": f"Akun {old.get_username()} sudah ditutup."}
    if old.is_superuser and not by.is_superuser:
        return {"": "Akun pengelola situs hanya dapat diserahterimakan oleh pengelola situs."}
    if successor.pk == old.pk:
        return {"successor": "Penerus harus orang lain."}
    if successor.pk == by.pk:
        return {"successor": "Anda tidak dapat menerima peran dari tangan Anda sendiri."}
    if not successor.is_active:
        return {"successor": "Akun penerus sudah ditutup."}
    return {}


def hand_over(by, old, successor, basis: str) -> None:
    """Give the old account's groups to the successor and close it; raises StepRefused with the problems by field.

    ``basis``: on which paper, for the log. The old account's sessions, second factors and devices end at once.
    """
    with transaction.atomic():
        if not may_hand_over(by):
            raise StepRefused("Serah terima dilakukan oleh PPID Pembantu atau pengelola situs.")
        # Always in the same order, so that two handovers at once do not wait for each other.
        locked = get_user_model().objects.select_for_update().order_by("pk").in_bulk([old.pk, successor.pk])
        old, successor = locked[old.pk], locked[successor.pk]
        if problems := find_problems(by, old, successor):
            raise StepRefused("Belum dicatat. " + " ".join(problems.values()), fields=problems)
        groups = list(old.groups.order_by("name"))
        successor.groups.add(*groups)
        old.groups.clear()
        if old.is_superuser:
            successor.is_superuser, old.is_superuser = True, False
            successor.save(update_fields=["is_superuser"])
        old.is_active = False
        old.set_unusable_password()
        old.save(update_fields=["is_active", "is_superuser", "password"])
        sessions.end_all(old)
        devices.forget(old)
        Authenticator.objects.filter(user=old).delete()
        names = ", ".join(group.name for group in groups) or "tanpa peran"
        notifications.tell(
            successor,
            f"Serah terima dari {display_name(old)}",
            f"Anda meneruskan tugas {display_name(old)}: {names}.\nDasar: {basis}",
        )
        audit.append(
            action="account_handed_over",
            user=by,
            role=sop.Role.PPID_PEMBANTU.value if holds_in_person(by, sop.Role.PPID_PEMBANTU) else "",
            acting_note="",
            reason=f"{_describe(old)} kepada {_describe(successor)}; {names}; dasar: {basis}",
            data={"old": old.pk, "successor": successor.pk, "groups": [group.name for group in groups]},
        )


def _describe(user) -> str:
    return f"{display_name(user)} ({user.get_username()})"
