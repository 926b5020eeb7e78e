"""System checks of the SOP's tables, of the database against them, and of settings."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import connection

from moderation import sop
from moderation.evidence import audit_keys
from moderation.models import ModeratedPage, SopTask


def connect() -> None:
    """Register the checks; called once, when the app is ready."""
    register(check_table, "moderation")
    register(check_page_classes, "moderation")
    register(check_database, Tags.database)
    register(check_settings, Tags.security)
    register(check_mail, Tags.security)
    register(check_audit_keys, Tags.security)
    register(check_audit_keys_exist, Tags.security, deploy=True)
    register(check_witness, Tags.security, deploy=True)


def check_table(app_configs, **kwargs):
    """Check the tables of ``sop``: a missing row, an edge that leads nowhere."""
    return [Error(message, id=f"moderation.E00{number}") for number, message in _find_table_errors()]


def _find_table_errors():
    if [row.number for row in sop.ROWS] != list(range(1, 9)):
        yield 1, "sop.ROWS must hold the eight rows of the paper, in order."
    states = {state.code for state in sop.STATES}
    for action in sop.ACTIONS:
        unknown = {action.to or action.at[0], *action.at, *(action.at_in_correction or ())} - states
        if unknown:
            yield 2, f"Action {action.code} names unknown states: {sorted(unknown)}."
    carried_out = {row for action in sop.ACTIONS for row in action.rows}
    missing = {row.number for row in sop.ROWS} - carried_out
    if missing:
        yield 3, f"No action carries out row {sorted(missing)} of the SOP."
    for row in sop.ROWS:
        actors = {actor for action in sop.ACTIONS if row.number in action.rows for actor in action.by}
        if actors and row.actor not in actors:
            yield 4, f"Row {row.number} belongs to {row.actor}, but no action lets them do it."


def check_page_classes(app_configs, **kwargs):
    """Check that no moderated page class is offered in Wagtail's "add page" (I6).

    Wagtail resets ``is_creatable`` on each class, so the mixin cannot set it for all.
    """
    return [
        Error(f"{model.__name__} must set is_creatable = False.", obj=model, id="moderation.E005")
        for model in ModeratedPage.__subclasses__()
        if model.is_creatable
    ]


def check_database(app_configs, databases=None, **kwargs):
    """Check groups, tasks and workflow against ``sop`` (``check --database default``).

    Warns only, because ``migrate`` runs this check before it repairs the difference.
    """
    if not databases or SopTask._meta.db_table not in connection.introspection.table_names():
        return []
    return [Warning(message, id="moderation.W010") for message in find_drift()]


def find_drift() -> list[str]:
    """Return each difference between database and tables, as a sentence."""
    from django.contrib.auth.models import Group
    from wagtail.models import GroupPagePermission, Workflow, WorkflowTask

    drift = []
    names = {str(role) for role in sop.Role}
    missing = names - set(Group.objects.filter(name__in=names).values_list("name", flat=True))
    drift += [f"Group {name} is missing." for name in sorted(missing)]
    expected = [step.code.value for step in sop.tasks()]
    found = list(
        WorkflowTask.objects.filter(workflow__name=sop.WORKFLOW_NAME, workflow__active=True)
        .order_by("sort_order")
        .values_list("task__soptask__step", flat=True)
    )
    if found != expected:
        drift.append(f"The workflow has the tasks {found}, the SOP has {expected}.")
    others = Workflow.objects.filter(active=True).exclude(name=sop.WORKFLOW_NAME)
    drift += [f"Workflow “{workflow.name}” is active beside the SOP's." for workflow in others]
    publishers = GroupPagePermission.objects.filter(permission__codename="publish_page")
    drift += [
        f"Group {permission.group.name} may publish below page {permission.page_id}."
        for permission in publishers.select_related("group", "page")
        if permission.group.name in names and _may_hold_moderated(permission.page.specific_class)
    ]
    return drift


def _may_hold_moderated(page_class) -> bool:
    """Say whether moderated pages are allowed at any depth below a page of this class."""
    from wagtail.models import Page

    open_classes, seen = [page_class or Page], set()
    while open_classes:
        current = open_classes.pop()
        if issubclass(current, ModeratedPage):
            return True
        if current not in seen:
            seen.add(current)
            open_classes += current.allowed_subpage_models()
    return False


def check_settings(app_configs, **kwargs):
    """Check the settings that would open a way round the SOP."""
    errors = []
    if getattr(settings, "WAGTAIL_FINISH_WORKFLOW_ACTION", "") != (
        "moderation.chain.workflow.finish_action.finish_workflow"
    ):
        errors.append(
            Error("WAGTAIL_FINISH_WORKFLOW_ACTION must publish the permitted revision.", id="moderation.E020")
        )
    if getattr(settings, "WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH", True):
        errors.append(Error("WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH must be False.", id="moderation.E021"))
    return errors


def check_mail(app_configs, **kwargs):
    """Warn, at every start of a command, where no mail leaves this site."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend":
        return []
    text = "EMAIL_URL is not set: NOBODY IS TOLD BY MAIL whose turn it is, what failed or what is due."
    return [Warning(text, hint="Set EMAIL_URL and DEFAULT_FROM_EMAIL in .env, then restart.", id="moderation.W022")]


def check_audit_keys(app_configs, **kwargs):
    """Check the form of the keys of the audit log."""
    return [Error(fault, id="moderation.E030") for fault in audit_keys.find_faults()]


def check_audit_keys_exist(app_configs, **kwargs):
    """Warn of a log whose codes are made with a key derived from ``SECRET_KEY``."""
    if settings.AUDIT_KEYS:
        return []
    return [
        Warning(
            "AUDIT_KEYS is empty: the lines of the audit log are coded with a key derived from SECRET_KEY, which is "
            "meant for the demo. Whoever learns SECRET_KEY can forge lines, and after a change of SECRET_KEY they "
            "are verified only while SECRET_KEY_FALLBACKS holds the old one. Set AUDIT_KEYS (docs/operations.md).",
            id="moderation.W030",
        )
    ]


def check_witness(app_configs, **kwargs):
    """Warn of a log whose only witness lies in the same database."""
    if settings.WITNESS_DIR or settings.WITNESS_MAIL:
        return []
    text = (
        "Neither WITNESS_DIR nor WITNESS_MAIL is set: whoever has the database and the keys can cut the end off the "
        "audit log, and only mails to PPID Pembantu and printed registers would tell."
    )
    return [Warning(text, hint="See docs/operations.md, The witness.", id="moderation.W031")]
