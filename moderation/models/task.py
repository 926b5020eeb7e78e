"""Rows 5 to 8 as a Wagtail workflow: one task type for every step, and its states."""

from django.core.exceptions import PermissionDenied
from django.db import models
from wagtail.models import Task, TaskState, Workflow, WorkflowState

from moderation import sop
from moderation.ports import engine
from moderation.ports.exceptions import StepRefused
from moderation.ports.official_step import official_step

_TASK_CHOICES = [(step.code.value, step.label) for step in sop.tasks()]


class SopWorkflow(Workflow):
    """The workflow of the SOP. Starting it is row 5, "menyerahkan kepada Sekretaris"."""

    class Meta:
        proxy = True

    def start(self, obj, user):
        """Hand the page over as a step of the SOP; raises StepRefused."""
        engine.get().take(_disposition_of(obj), "hand_over", user)
        return obj.current_workflow_state

    def start_officially(self, page, user):
        """Create the workflow state; only for the transition function."""
        with official_step():
            return super().start(page, user)


class SopWorkflowState(WorkflowState):
    """A workflow state whose every move is a step of the SOP.

    Wagtail's own ``resume`` is not atomic (wagtail#14586) and its ``cancel`` belongs to the
    page's owner; both go through the transition function here.
    """

    class Meta:
        proxy = True

    def resume(self, user=None):
        """Hand the page over again after a return to the Staf; raises StepRefused."""
        engine.get().take(_disposition_of(self.content_object), "hand_over", user)

    def cancel(self, user=None):
        """Refuse: an item is cancelled from its worksheet, with a reason (I10)."""
        raise StepRefused("Batalkan materi melalui lembar kerja, dengan alasan.")

    def user_can_cancel(self, user):
        """Nobody cancels from the editor."""
        return False

    def resume_officially(self, user):
        """Restart the task that was returned; only for the transition function."""
        with official_step():
            return super().resume(user)

    def cancel_officially(self, user):
        """Cancel the state and its open task; only for the transition function."""
        with official_step():
            return super().cancel(user)


def _disposition_of(page):
    disposition = page.specific.disposition
    if disposition is None:
        raise StepRefused("Materi ini tidak memiliki lembar disposisi dan tidak dapat diserahkan.")
    return disposition


class SopTaskState(TaskState):
    """One passage of an item through one task: round, the seal decided upon, and the form."""

    round = models.PositiveSmallIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)


class SopTask(Task):
    """A step of the SOP as a Wagtail task. Who may act comes from ``sop.STEPS`` alone."""

    step = models.CharField(max_length=30, choices=_TASK_CHOICES, unique=True)

    task_state_class = SopTaskState
    admin_form_readonly_on_edit_fields = [*Task.admin_form_readonly_on_edit_fields, "step"]

    class Meta:
        verbose_name = "langkah SOP"
        verbose_name_plural = "langkah SOP"

    @classmethod
    def get_description(cls):
        return f"Langkah SOP {sop.NUMBER}"

    def user_can_access_editor(self, obj, user):
        """The page's permission tester alone decides who opens the editor."""
        return False

    def locked_for_user(self, obj, user):
        """The text is open to the one who holds it, to nobody else, superusers included."""
        return not engine.get().may_write_text(obj.specific.disposition, user)

    def get_actions(self, obj, user):
        """Return the actions the user may take now: (code, button, asks for more data)."""
        disposition = obj.specific.disposition
        if disposition is None or disposition.step is None or disposition.step.code != self.step:
            return []
        actions = engine.get().authority(disposition, user).actions
        return [(action.code, action.label, True) for action in actions if not action.is_aside]

    def get_form_for_action(self, action):
        return engine.get().get_form_class(action)

    def on_action(self, task_state, user, action_name, **data):
        """Take a step on the task state's own page; raises StepRefused.

        Wagtail asks ``get_actions`` about the page in the address but acts on the task state in
        the address, and passes unchecked data: nothing of it is believed (docs/wagtail-facts.md#workflows).
        """
        task_state = SopTaskState.objects.select_related("workflow_state").get(pk=task_state.pk)
        workflow_state = task_state.workflow_state
        if workflow_state.current_task_state_id != task_state.pk:
            raise StepRefused(
                "Langkah ini sudah tidak berlaku. Muat ulang lembar kerja untuk melihat keadaan terakhir."
            )
        disposition = _disposition_of(workflow_state.content_object)
        engine.get().take(disposition, action_name, user, data, expected_step=self.step)
        return disposition.get_absolute_url()

    def get_task_states_user_can_moderate(self, user, **kwargs):
        from .roles import has_role

        if not has_role(user, sop.get_step(self.step).role):
            return TaskState.objects.none()
        return TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr)

    def deactivate(self, user=None):
        """Refuse: the steps come from the SOP's table."""
        raise PermissionDenied("Langkah SOP tidak dapat dinonaktifkan.")
