"""Take a step of the SOP: the one entry point for every row, screen and job."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from moderation import sop
from moderation.evidence import audit
from moderation.evidence.audit_labels import describe
from moderation.evidence.own_contacts import mask_typed
from moderation.models import AuditEntry, Disposition, PublicationPermit, SopWorkflowState
from moderation.models.roles import display_name
from moderation.people import appointments, notifications
from moderation.ports import channels
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.official_step import official_step
from moderation.privacy.files import read_ahead
from moderation.privacy.steps import GATED
from moderation.review.changes import describe_since_last_round

from . import deadlines, policy
from .effects import EFFECTS
from .forms import get_action_form_class


@dataclass
class StepContext:
    """Input of an effect, and its output for the audit line."""

    item: Disposition
    action: sop.Action
    user: object
    authority: policy.Authority
    data: dict
    now: datetime
    expected_seal: str = ""
    by_worker: bool = False
    seal: str = ""
    revision_id: int | None = None
    output: str = ""
    #: Reason for the audit line, where it is not the note of the form.
    reason: str = ""
    facts: dict = field(default_factory=dict)
    #: The images and documents of the text, once it is sealed.
    media: list | None = None
    permit: PublicationPermit | None = None
    #: Target state set by the effect, in place of the table's.
    to: str = ""

    @cached_property
    def draft(self):
        """The item's page with its newest text, read once after the lock; None before row 5."""
        return self.item.get_draft()

    @cached_property
    def workflow_state(self) -> SopWorkflowState | None:
        """The state in Wagtail's workflow that the item's page is in, locked and read once after the item's lock."""
        page_id = self.item.page_id
        return None if page_id is None else SopWorkflowState.lock_running(page_id)

    @cached_property
    def role(self) -> str:
        """The name of the role in which the user takes the step, for the audit line."""
        return policy.get_role_used(self.action, self.user)

    @cached_property
    def closing_note(self) -> str:
        """Why the item can be closed right after this publication, "" when it cannot."""
        if self.action.code != "publish" or self.permit is None:
            return ""
        if not self.permit.channels:
            return "Hanya website."
        if self.permit.is_correction and not channels.is_waited_for(self.item):
            return "Ralat tayang. Tidak ada unggahan yang perlu ditindaklanjuti."
        return ""

    def forget_text(self) -> None:
        """Drop the cached page after writing it, so that it is read again on next use."""
        self.__dict__.pop("draft", None)
        self.authority.__dict__.pop("page", None)


def take(disposition: Disposition, action_code: str, user, data=None, **expected) -> Disposition:
    """Take one step and return the item as it is then.

    Locks the item, re-reads it, checks state, role, separation of duties and form, acts through
    Wagtail's own methods, writes the mails to whoever is next and one audit line for each row,
    all in one transaction. Of ``disposition`` only the key is used; ``expected``: see ``perform``.
    Raises StepRefused, or StepStale when somebody else acted first; nothing has changed then.
    """
    if action_code in GATED:
        read_ahead(disposition)
    with transaction.atomic(), official_step():
        context = perform(disposition, action_code, user, data, **expected)
        record(context)
    return context.item


def take_combination(disposition, code: str, user, data=None, **expected) -> Disposition:
    """Take two steps with one click, for a person who holds both roles; each gets its audit line."""
    combination = next((found for found in sop.COMBINATIONS if found.code == code), None)
    if combination is None:
        raise StepRefused("Langkah ini tidak dikenal.")
    first, second = combination.actions
    with transaction.atomic(), official_step():
        one = perform(disposition, first, user, **expected)
        two = perform(one.item, second, user, data)
        record(one, two)
    return two.item


def perform(
    disposition: Disposition,
    action_code: str,
    user,
    data=None,
    *,
    expected_step: str | None = None,
    expected_version: int | None = None,
    expected_seal: str = "",
    by_worker: bool = False,
) -> StepContext:
    """Do all of a step except its audit lines, inside the caller's transaction; call ``record`` last."""
    action = _get_action(action_code)
    item = Disposition.objects.select_for_update().get(pk=disposition.pk)
    user = get_user_model().objects.get(pk=user.pk)
    _check_freshness(item, action, expected_step, expected_version)
    authority = policy.Authority(item, user)
    problem = authority.why_not(action)
    if problem:
        # A screen that was opened before the end of an appointment still offers its steps.
        raise StepRefused(f"{appointments.describe_end(user, action.by)} {problem}".strip())
    context = StepContext(
        item=item,
        action=action,
        user=user,
        authority=authority,
        data=clean_data(action, data),
        now=timezone.now(),
        expected_seal=expected_seal,
        by_worker=by_worker,
    )
    if action.is_return:
        item.round += 1
    if "checklist" in context.data:
        context.facts["checklist"] = context.data["checklist"]
    EFFECTS.get(action.code, _do_nothing)(context)
    _move(context)
    _tell(context)
    return context


def record(*contexts: StepContext, before: tuple[AuditEntry, ...] = ()) -> None:
    """Write the audit lines of a performed step, after the lines ``before``; close a finished item.

    Do this last: from the first line on, every other step of the office waits for this transaction.
    """
    lines = [*before]
    for context in contexts:
        lines += _make_lines(context)
        if context.closing_note:
            lines.append(_close(context.item, context.closing_note))
    audit.write(lines)


def close_item(disposition: Disposition, note: str = "") -> bool:
    """Close the item (SELESAI) when every ordered channel is done; return whether it did.

    Called by the app that sends posts. Does nothing when the item is already closed or was taken down.
    """
    with transaction.atomic(), official_step():
        item = Disposition.objects.select_for_update().get(pk=disposition.pk)
        if item.state not in sop.get_action("settle").at:
            return False
        audit.write([_close(item, note)])
        return True


def clean_data(action: sop.Action, data) -> dict:
    """Validate the action's form and return its data without unknown keys; raise StepRefused."""
    form = get_action_form_class(action.code)(data or {})
    if form.is_valid():
        return mask_typed(form.get_data())
    errors = {name: " ".join(map(str, messages)) for name, messages in form.errors.items()}
    raise StepRefused("Langkah belum dapat diambil. " + " ".join(errors.values()), fields=errors)


def _get_action(code) -> sop.Action:
    try:
        return sop.get_action(code)
    except KeyError as error:
        raise StepRefused("Langkah ini tidak dikenal.") from error


def _check_freshness(item, action, expected_step, expected_version) -> None:
    wrong_step = expected_step is not None and (item.step is None or item.step.code != expected_step)
    if not wrong_step and expected_version in (None, item.version):
        return
    lines = AuditEntry.objects.filter(disposition_id=item.pk).exclude(action__startswith="comment_")
    last = lines.latest("sequence")
    at = timezone.localtime(last.at)
    raise StepStale(
        f"“{action.label}” tidak dijalankan: keadaan materi telah berubah. "
        f"{last.actor_name} mengambil langkah “{describe(last.action)}” pada "
        f"{at:%d-%m-%Y} pukul {at:%H.%M}. Status sekarang: {item.state_label}."
    )


def _do_nothing(context: StepContext) -> None:
    """Effect of actions that only move the item: rows 2 and 3, and recalls."""


def _move(context: StepContext) -> None:
    item, action, before = context.item, context.action, context.item.state
    item.version += 1
    if action.keeps_state:
        item.save_changes()
        return
    item.assessment_asked_at = None
    item.state = context.to or action.to or before
    item.state_since = context.now
    if deadlines.waits_anew(before, action, item.state):
        item.step_since = context.now
    item.last_note = context.data.get("comment", "")
    item.last_note_by = display_name(context.user) if item.last_note else ""
    item.save_changes()


def _tell(context: StepContext) -> None:
    """Queue mails to the next actor, with the changes since the round before, except for a return."""
    item, action = context.item, context.action
    if action.keeps_state or context.closing_note:
        return
    is_new_round = item.round > 1 and not action.is_return and item.step is not None
    changes = describe_since_last_round(item, context.draft) if is_new_round else ""
    notifications.tell_next(item, action, context.user, context.role, changes)


def _make_lines(context: StepContext) -> list[AuditEntry]:
    """Return an audit line for each SOP row that the action carries out; one for an extension."""
    return [
        audit.make_line(
            action=context.action.code,
            disposition=context.item,
            user=context.user,
            role=context.role,
            row=number,
            revision_id=context.revision_id,
            seal=context.seal,
            reason=context.reason or context.data.get("comment", ""),
            output=context.output or (sop.get_row(number).output if number else ""),
            data=context.facts | ({"by_worker": True} if context.by_worker else {}),
        )
        for number in context.action.rows or (None,)
    ]


def _close(item: Disposition, note: str) -> AuditEntry:
    """Move the item to SELESAI; return the audit line."""
    action = sop.get_action("settle")
    item.state, item.state_since, item.version = action.to, timezone.now(), item.version + 1
    item.save_changes()
    return audit.make_line(
        action=action.code,
        disposition=item,
        row=action.rows[0],
        reason=note,
        output=sop.REGISTER_TITLE,
    )
