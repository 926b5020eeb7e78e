"""Disable Wagtail's own workflow screens and mails, which the desk replaces."""

from wagtail.models import Task, TaskState, Workflow, WorkflowState
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)


class DenyAllPolicy(BasePermissionPolicy):
    """Permission policy that refuses every action, superusers included: only ``sop`` changes the chain."""

    def user_has_permission(self, user, action):
        return False

    def users_with_any_permission(self, actions):
        from django.contrib.auth import get_user_model

        return get_user_model().objects.none()

    def instances_user_has_any_permission_for(self, user, actions):
        return self.model.objects.none()


def lock_workflow_admin() -> None:
    """Close the admin's screens for workflows and tasks, superusers included."""
    register_permission_policy(Workflow, DenyAllPolicy(Workflow))
    register_permission_policy(Task, DenyAllPolicy(Task))


def silence_stock_mail() -> None:
    """Keep Wagtail from sending its workflow mails.

    They would leave inside the transaction, in English, to people outside the step;
    ``moderation.people.notifications`` queues the SOP's own.

    Wagtail connects its notifiers later, under fixed dispatch ids; the first receiver of an id keeps it.
    """
    for signal, sender, name in (
        (task_submitted, TaskState, "group_approval_task_submitted"),
        (workflow_submitted, WorkflowState, "workflow_state_submitted"),
        (workflow_rejected, WorkflowState, "workflow_state_rejected"),
        (workflow_approved, WorkflowState, "workflow_state_approved"),
    ):
        signal.connect(_say_nothing, sender=sender, dispatch_uid=f"{name}_email_notification", weak=False)


def _say_nothing(sender, **kwargs) -> None:
    """Do nothing, in place of the notifier of Wagtail with the same dispatch id."""
