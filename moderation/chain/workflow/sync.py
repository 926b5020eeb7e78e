"""Create groups, tasks and the workflow from ``sop`` after every migrate, idempotently."""

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import F
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowTask,
)

from moderation import sop
from moderation.models import Disposition, OfficeProcedure, SopTask, SopWorkflow, WorkTime
from moderation.ports.official_step import official_step
from moderation.review import checklists
from moderation.sop.checklist_defaults import DEFAULTS as CHECKLISTS

#: Wagtail's default workflow and groups, which could publish outside the SOP.
STOCK_WORKFLOW = "Moderators approval"
STOCK_GROUPS = ("Moderators", "Editors")
#: Roles that may add pictures and documents: those that write the text.
UPLOADING_ROLES = (sop.Role.STAF, sop.Role.SEKRETARIS)


def set_up(**kwargs) -> None:
    """Bring the database in line with the SOP; running it again changes nothing.

    Does nothing when a partial migrate stops before this app's tables exist.
    """
    if SopTask._meta.db_table not in connection.introspection.table_names():
        return
    with official_step():
        remove_stock_workflow()
        set_up_groups()
        set_up_workflow()
    OfficeProcedure.load()
    WorkTime.load()
    # Items from a version without targets have waited since their last step.
    Disposition.objects.filter(step_since=None).update(step_since=F("state_since"))
    for step in CHECKLISTS:
        checklists.load(step)


def remove_stock_workflow() -> None:
    """Remove Wagtail's default workflow, its task, and its groups with publish rights."""
    Workflow.objects.filter(name=STOCK_WORKFLOW).delete()
    Task.objects.filter(name=STOCK_WORKFLOW).delete()
    GroupPagePermission.objects.filter(group__name__in=STOCK_GROUPS).delete()
    Group.objects.filter(name__in=STOCK_GROUPS, user=None).delete()


def set_up_groups() -> None:
    """Make a group for each role and for the observer, with access to the admin."""
    access = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    for name in (*sop.Role, sop.OBSERVER_GROUP):
        group, _created = Group.objects.get_or_create(name=str(name))
        group.permissions.add(*access)
    for role in UPLOADING_ROLES:
        allow_uploads(Group.objects.get(name=role.value))


def allow_uploads(group) -> None:
    """Let a group add and choose images and documents in the root collection."""
    root = Collection.get_first_root_node()
    if root is None:
        return
    # Wagtail checks the permissions of its own models even where the site has custom ones.
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"),
        codename__in=("add_image", "choose_image", "add_document", "choose_document"),
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


def set_up_workflow() -> None:
    """Create one task for each task step of the SOP and one workflow, in the SOP's order."""
    workflow, _created = SopWorkflow.objects.get_or_create(name=sop.WORKFLOW_NAME)
    for order, step in enumerate(sop.tasks()):
        task, _created = SopTask.objects.update_or_create(
            step=step.code.value, defaults={"name": step.label, "active": True}
        )
        WorkflowTask.objects.update_or_create(workflow_id=workflow.pk, task_id=task.pk, defaults={"sort_order": order})
    steps = [step.code.value for step in sop.tasks()]
    WorkflowTask.objects.filter(workflow_id=workflow.pk).exclude(task__soptask__step__in=steps).delete()
