"""Look up who holds which role, in person or as acting officer. Being a superuser grants none (I2, I12)."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q

from moderation import sop

from .acting_officer import ActingOfficer


def get_group_names(user) -> frozenset[str]:
    """Return the names of the user's groups, one query for the life of the user object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_sop_group_names"):
        remember_groups(user, Group.objects.filter(user=user).values_list("name", flat=True))
    return user._sop_group_names


def remember_groups(user, names) -> None:
    """Let ``get_group_names`` answer with these names for the life of the user object."""
    user._sop_group_names = frozenset(names)


def get_appointments(user) -> list[ActingOfficer]:
    """Return the appointments in force today, one query for the life of the user object.

    Compare with today's date on every call, so that a role ends at midnight for long-lived objects too.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_sop_appointments"):
        user._sop_appointments = list(ActingOfficer.objects.filter(user_id=user.pk, ended_at=None))
    return [appointment for appointment in user._sop_appointments if appointment.is_in_office()]


def get_role_names(user) -> set[str]:
    """Return the names of the user's groups and of the roles the user acts in."""
    return get_group_names(user) | {appointment.role for appointment in get_appointments(user)}


def get_roles(user) -> list[sop.Role]:
    """Return the roles of the SOP that the user holds, in the order of the paper's columns."""
    names = get_role_names(user)
    return [role for role in sop.Role if role.value in names]


def has_role(user, *roles: sop.Role) -> bool:
    """Say whether the user holds one of these roles, in person or as acting officer."""
    wanted = {role.value for role in roles}
    return bool(get_group_names(user) & wanted) or any(found.role in wanted for found in get_appointments(user))


def holds_in_person(user, *roles: sop.Role) -> bool:
    """Say whether one of these roles is the user's own; an acting officer's is not."""
    return bool(get_group_names(user) & {role.value for role in roles})


def choose_role(user, roles) -> sop.Role | None:
    """Return one of these roles that the user holds, their own before one held as acting officer."""
    return next((role for role in roles if holds_in_person(user, role)), None) or next(
        (role for role in roles if has_role(user, role)), None
    )


def get_acting_note(user, role: str) -> str:
    """Return "Plh. Sekretaris, SK 800/12/2026" when the user holds the role as acting officer alone."""
    if role in get_group_names(user):
        return ""
    return next((found.note for found in get_appointments(user) if found.role == role), "")


def describe_person(user, role: str) -> str:
    """Return who acts in which role: "Sri Lestari (Plh. Sekretaris, SK 800/12/2026)"."""
    note = get_acting_note(user, role) or role
    return f"{display_name(user)} ({note})" if note else display_name(user)


def may_see_desk(user) -> bool:
    """Say whether the user may open the queue, the register and the worksheets (reading)."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or sop.OBSERVER_GROUP in get_group_names(user) or has_role(user, *sop.Role)


def users_with_role(role: sop.Role):
    """Return the active users who hold a role today, in person or as acting officer."""
    acting = ActingOfficer.objects.in_office().filter(role=role.value).values("user")
    users = get_user_model().objects.filter(is_active=True)
    return users.filter(Q(groups__name=role.value) | Q(pk__in=acting)).distinct()


@dataclass(frozen=True)
class Holders:
    """Who holds a role today: active users, in person or as acting officer, with their preferences for mails."""

    role: sop.Role
    users: tuple
    #: The keys of those whom an acting officer represents.
    represented_ids: frozenset[int]

    @classmethod
    def find(cls, role: sop.Role) -> "Holders":
        """Read the holders, by key: one query for the appointments that were not ended, one for the users."""
        unended = ActingOfficer.objects.filter(role=role.value, ended_at=None).order_by()
        appointments = [appointment for appointment in unended if appointment.is_in_office()]
        is_holder = Q(groups__name=role.value)
        if appointments:
            is_holder |= Q(pk__in=[appointment.user_id for appointment in appointments])
        active = get_user_model().objects.filter(is_holder, is_active=True)
        users = {user.pk: user for user in active.select_related("notification_preference")}
        represented = (appointment.represents_id for appointment in appointments if appointment.user_id in users)
        return cls(role, tuple(users[key] for key in sorted(users)), frozenset(represented))


def display_name(user) -> str:
    """Return the name for printed documents and the log: full name, else user name."""
    return user.get_full_name() or user.get_username()
