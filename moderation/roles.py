"""Who holds which role of the SOP. Being a superuser is not a role (I2, I12)."""

from django.contrib.auth import get_user_model

from . import sop


def get_group_names(user) -> frozenset[str]:
    """Return the names of the user's groups, one query for the life of the user object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_sop_group_names"):
        user._sop_group_names = frozenset(user.groups.values_list("name", flat=True))
    return user._sop_group_names


def get_roles(user) -> list[sop.Role]:
    """Return the roles of the SOP that the user holds, in the order of the paper's columns."""
    names = get_group_names(user)
    return [role for role in sop.Role if role.value in names]


def has_role(user, *roles: sop.Role) -> bool:
    """Say whether the user holds one of these roles."""
    return bool(get_group_names(user) & {role.value for role in roles})


def may_see_desk(user) -> bool:
    """Say whether the user may open the queue, the register and the worksheets (reading)."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or bool(get_roles(user)) or sop.OBSERVER_GROUP in get_group_names(user)


def users_with_role(role: sop.Role):
    """Return the active users who hold a role."""
    return get_user_model().objects.filter(is_active=True, groups__name=role.value).distinct()


def display_name(user) -> str:
    """Return the name that stands on papers and in the log: full name, else account name."""
    return user.get_full_name() or user.get_username()
