"""Take Wagtail's own workflow screens and mails out of service: the SOP has its own."""

from wagtail.models import Task, TaskState, Workflow, WorkflowState
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)


class FrozenPolicy(BasePermissionPolicy):
    """Refuse every action, to superusers too: the chain is changed in ``sop`` alone."""

    def user_has_permission(self, user, action):
        return False

    def users_with_any_permission(self, actions):
        from django.contrib.auth import get_user_model

        return get_user_model().objects.none()

    def instances_user_has_any_permission_for(self, user, actions):
        return self.model.objects.none()


def freeze_workflow_admin() -> None:
    """Close the admin's screens for workflows and tasks, to superusers too."""
    register_permission_policy(Workflow, FrozenPolicy(Workflow))
    register_permission_policy(Task, FrozenPolicy(Task))


def silence_stock_mail() -> None:
    """Keep Wagtail from sending its workflow mails: they go out inside the transaction, in
    English, to the wrong people. ``moderation.people.notifications`` tells whoever is next.

    Wagtail connects its notifiers later, under fixed ids; an id that is taken stays taken.
    """
    for signal, sender, name in (
        (task_submitted, TaskState, "group_approval_task_submitted"),
        (workflow_submitted, WorkflowState, "workflow_state_submitted"),
        (workflow_rejected, WorkflowState, "workflow_state_rejected"),
        (workflow_approved, WorkflowState, "workflow_state_approved"),
    ):
        signal.connect(_say_nothing, sender=sender, dispatch_uid=f"{name}_email_notification", weak=False)


def _say_nothing(sender, **kwargs) -> None:
    """Take the dispatch id of Wagtail's notifier and do nothing."""
