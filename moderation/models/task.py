"""Rows 5 to 8 as a Wagtail workflow: one task type for every step, and its states."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, Task, TaskState, Workflow, WorkflowState
from wagtail.signals import task_submitted, workflow_submitted

from moderation import sop
from moderation.ports import engine
from moderation.ports.exceptions import StepRefused
from moderation.ports.office import get_fact
from moderation.ports.official_step import official_step
from moderation.sop import choices

from .permit import PublicationPermit
from .roles import has_role


class SopWorkflow(Workflow):
    """The workflow of the SOP. Starting it takes row 5, "menyerahkan kepada Sekretaris"."""

    class Meta:
        proxy = True

    def start(self, obj, user):
        """Hand the page over as a step of the SOP; raises StepRefused."""
        engine.get().take(_disposition_of(obj), "hand_over", user)
        return obj.current_workflow_state

    def start_officially(self, user, passage: "Passage"):
        """Create the workflow state and start its first task; only for the transition function.

        As Wagtail's ``start`` does, with a state of the SOP's own class.
        """
        page = passage.page
        with official_step():
            state = SopWorkflowState(
                content_type=page.get_content_type(),
                base_content_type=page.get_base_content_type(),
                object_id=str(page.pk),
                workflow=self,
                requested_by=user,
            )
            state.passage = passage
            state.save()
            state.update(user=user, next_task=passage.task)
            workflow_submitted.send(sender=WorkflowState, instance=state, user=user)
            facts = {"id": self.id, "title": self.name, "status": state.status}
            facts |= {"next": state.current_task_state.task.describe(), "task_state_id": state.current_task_state.pk}
            _log(page, "wagtail.workflow.start", user, page.latest_revision_id, {"workflow": facts})
        return state


@dataclass
class Passage:
    """Data a step hands to the next task, or to the publication: the page as read after the lock, the task, round
    and seal; the permit that was just marked as executed."""

    page: Page
    task: "SopTask | None" = None
    round: int = 0
    seal: str = ""
    permit: PublicationPermit | None = None


class SopWorkflowState(WorkflowState):
    """A workflow state that changes only by steps of the SOP.

    Wagtail's own ``resume`` is not atomic (wagtail#14586) and its ``cancel`` belongs to the
    page's owner; both go through the transition function here.
    """

    #: Set by the running step on this instance; never stored.
    passage: Passage | None = None

    class Meta:
        proxy = True

    @classmethod
    def lock_running(cls, page_id: int) -> "SopWorkflowState | None":
        """Lock and return the workflow state that the page is in, None when it is in none.

        Call with the item's row locked, which every writer of these rows holds. State and open task state
        are bound to each other: ``WorkflowState.update`` is a silent no-op when a stale
        ``current_task_state`` is cached on it (docs/wagtail-facts.md#workflows).
        """
        base = ContentType.objects.get_for_model(Page)
        running = cls.objects.active().filter(base_content_type=base, object_id=str(page_id))
        running = running.select_for_update(of=("self",)).select_related(
            "workflow", "current_task_state__soptaskstate", "current_task_state__task__soptask"
        )
        # The database knows one running state a page (unique_in_progress_workflow).
        state = next(iter(running), None)
        if state is not None and state.current_task_state is not None:
            task_state, task = state.current_task_state.soptaskstate, state.current_task_state.task.soptask
            task_state.task, task_state.workflow_state, state.current_task_state = task, state, task_state
        return state

    def full_clean(self, *args, **kwargs):
        """Skip validation; the database refuses a missing key or a second running state."""
        self.clean_fields(exclude={field.name for field in self._meta.concrete_fields if field.is_relation})

    def resume(self, user=None):
        """Hand the page over again after a return to the Staf; raises StepRefused."""
        engine.get().take(_disposition_of(self.content_object), "hand_over", user)

    def cancel(self, user=None):
        """Refuse: an item is cancelled from its worksheet, with a reason (I10)."""
        raise StepRefused("Batalkan materi melalui lembar kerja, dengan alasan.")

    def user_can_cancel(self, user):
        """Return False: nobody cancels from the editor."""
        return False

    def resume_officially(self, user):
        """Restart the task that was returned; only for the transition function."""
        with official_step():
            return super().resume(user)

    def cancel_officially(self, user):
        """Cancel the state and its open task; only for the transition function."""
        with official_step():
            return super().cancel(user)


def _log(page, action, user, revision_id, data) -> None:
    """Write a line of Wagtail's own log without querying whether the given rows exist."""
    entry = PageLogEntry(
        page=page,
        content_type=page.cached_content_type,
        label=page.get_admin_display_title(),
        action=action,
        user=user,
        revision_id=revision_id,
        data=data,
        timestamp=timezone.now(),
        uuid=get_active_log_context().uuid,
    )
    entry.save_base(force_insert=True)


def _disposition_of(page):
    disposition = page.specific.disposition
    if disposition is None:
        raise StepRefused("Materi ini tidak memiliki lembar disposisi dan tidak dapat diserahkan.")
    return disposition


class SopTaskState(TaskState):
    """State of one task for an item: round, the seal decided upon, and the form."""

    round = models.PositiveSmallIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)

    def log_state_change_action(self, user, action):
        """Log the decision as Wagtail does, with the page as decided upon and the next task.

        Wagtail would rebuild the page from the revision and, in a later round, name a wrong task.
        """
        workflow_state = self.workflow_state
        passage = getattr(workflow_state, "passage", None)
        if passage is None:
            super().log_state_change_action(user, action)
            return
        facts = {"id": workflow_state.workflow_id, "title": workflow_state.workflow.name, "status": self.status}
        facts |= {"task_state_id": self.pk, "task": self.task.describe()}
        facts |= {"next": passage.task.describe() if passage.task else None}
        data = {"workflow": facts, "comment": self.get_comment()}
        _log(passage.page, f"wagtail.workflow.{action}", user, self.revision_id, data)


class SopTask(Task):
    """A step of the SOP as a Wagtail task. Who may act comes from ``sop.STEPS`` alone."""

    step = models.CharField(max_length=30, choices=choices.list_tasks, unique=True)

    task_state_class = SopTaskState
    admin_form_readonly_on_edit_fields = [*Task.admin_form_readonly_on_edit_fields, "step"]

    class Meta:
        verbose_name = "langkah SOP"
        verbose_name_plural = "langkah SOP"

    @classmethod
    def get_description(cls):
        return f"Langkah SOP {get_fact('sop_number')}"

    def describe(self) -> dict:
        """Return how Wagtail's log names a task."""
        return {"id": self.pk, "title": self.name}

    def start(self, workflow_state, user=None):
        """Create the task state as Wagtail does, with the round and seal of the ``Passage``."""
        passage = getattr(workflow_state, "passage", None)
        if passage is None:
            return super().start(workflow_state, user)
        task_state = SopTaskState.objects.create(
            workflow_state=workflow_state,
            revision=passage.page.latest_revision,
            task=self,
            round=passage.round,
            seal=passage.seal,
        )
        task_submitted.send(sender=SopTaskState, instance=task_state, user=user)
        return task_state

    def user_can_access_editor(self, obj, user):
        """Defer to the page's permission tester."""
        return False

    def locked_for_user(self, obj, user):
        """Lock the text for everyone but its holder, superusers included."""
        return not engine.get().may_write_text(obj.specific.disposition, user)

    def get_actions(self, obj, user):
        """Return the actions the user may take now: (code, button, asks for more data)."""
        disposition = obj.specific.disposition
        if disposition is None or disposition.step is None or disposition.step.code != self.step:
            return []
        actions = engine.get().authority(disposition, user).actions
        return [(action.code, action.label, True) for action in actions if not action.keeps_state]

    def get_form_for_action(self, action):
        return engine.get().get_form_class(action)

    def on_action(self, task_state, user, action_name, **data):
        """Take a step on the task state's own page; raises StepRefused.

        Wagtail asks ``get_actions`` about the page in the address but acts on the task state in
        the address, and passes unchecked data: trust none of it (docs/wagtail-facts.md#workflows).
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
        if not has_role(user, sop.get_step(self.step).role):
            return TaskState.objects.none()
        return TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr)

    def deactivate(self, user=None):
        """Raise: tasks are defined by the SOP's table."""
        raise PermissionDenied("Langkah SOP tidak dapat dinonaktifkan.")
