"""Log every role given or taken, so that the roles in the audit log can be traced (I11)."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
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


def connect() -> None:
    """Connect to the groups of users; called once from ``AppConfig.ready``."""
    m2m_changed.connect(on_groups_changed, sender=get_user_model().groups.through, dispatch_uid="moderation_role_log")
