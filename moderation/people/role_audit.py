"""Log every role given or taken, so that the roles in the audit log can be traced (I11)."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed
from wagtail.log_actions import get_active_log_context

from moderation import sop
from moderation.evidence import audit
from moderation.models import AuditEntry
from moderation.models.roles import display_name

_ACTIONS = {"post_add": "role_granted", "post_remove": "role_withdrawn", "pre_clear": "role_withdrawn"}


def on_groups_changed(sender, instance, action, reverse, pk_set, **kwargs) -> None:
    """Write one line for each role given or taken. Set-up before the first disposition is not logged:
    until then no role could decide anything."""
    if action not in _ACTIONS or not AuditEntry.objects.exists():
        return
    if pk_set is None:  # ``clear()`` is about to remove every group.
        others = instance.user_set.all() if reverse else instance.groups.all()
    else:
        others = (get_user_model() if reverse else Group).objects.filter(pk__in=pk_set)
    for other in others:
        user, group = (other, instance) if reverse else (instance, other)
        if group.name in set(sop.Role):
            _write(_ACTIONS[action], user, group.name)


def _write(action, user, role) -> None:
    audit.append(
        action=action,
        user=get_active_log_context().user,
        role=role,
        # The line's role is the one given; an acting note would be about the giver's own role.
        acting_note="",
        reason=f"{display_name(user)} ({user.get_username()})",
        data={"user": user.pk},
    )


def find_unlogged() -> list[str]:
    """Return who holds a role that no line gave, or lost one that no line took: a change by SQL."""
    logged = _read_logged()
    if logged is None:
        return []
    users = {user.pk: user for user in get_user_model().objects.filter(groups__name__in=list(sop.Role)).distinct()}
    held = _read_held()
    gone = get_user_model().objects.in_bulk({key for key, _role in logged - held})
    problems = [
        *(
            (users[key], f"memegang peran {role}, tetapi jejak audit tidak memuat pemberiannya")
            for key, role in held - logged
        ),
        *(
            (gone[key], f"tidak lagi memegang peran {role}, tetapi jejak audit tidak memuat pencabutannya")
            for key, role in logged - held
            if key in gone
        ),
    ]
    return sorted(f"{display_name(user)} ({user.get_username()}) {problem}." for user, problem in problems)


def _read_logged() -> set[tuple[int, str]] | None:
    """Return (user, role) by the lines of the log, None while nobody wrote down who held what at first."""
    logged = None
    lines = AuditEntry.objects.filter(action__in=("roles_noted", "role_granted", "role_withdrawn"))
    for action, role, data in lines.order_by("sequence").values_list("action", "role", "data"):
        if action == "roles_noted":
            logged = {(user, held) for user, held in data["held"]}
        elif logged is not None:
            (logged.add if action == "role_granted" else logged.discard)((data["user"], role))
    return logged


def _read_held() -> set[tuple[int, str]]:
    groups = Group.objects.filter(name__in=list(sop.Role)).exclude(user=None)
    return set(groups.values_list("user", "name"))


def note_holders() -> bool:
    """Write down who holds which role, once, after the first disposition; return whether a line was written.

    The first nightly run that finds everything whole does. What was changed past the log before stays unseen.
    """
    if _read_logged() is not None or not AuditEntry.objects.exists():
        return False
    held = sorted(map(list, _read_held()))
    with transaction.atomic():
        audit.append(
            action="roles_noted", user=None, role="", reason=f"{len(held)} pemegang peran", data={"held": held}
        )
    return True


def connect() -> None:
    """Connect to the groups of users; called once from ``AppConfig.ready``."""
    m2m_changed.connect(on_groups_changed, sender=get_user_model().groups.through, dispatch_uid="moderation_role_log")
