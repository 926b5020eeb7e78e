"""What each action does besides moving the item: one function an action, through Wagtail's own
methods, inside the transaction of ``transitions.take``."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from wagtail.fields import StreamField

from . import channels, corrections, permits, sop, withdrawals
from .exceptions import StepRefused, StepStale
from .models import AuditEntry, SopTask, SopTaskState, SopWorkflowState
from .roles import display_name, users_with_role
from .seal import compute_seal
from .typed import has_control_characters

CHANGED_SINCE = "Materi ini telah berubah setelah diverifikasi. Serahkan kembali kepada Bidang untuk verifikasi ulang."


def assign(context):
    """Row 4: name the Staf who composes."""
    staf = users_with_role(sop.Role.STAF).filter(pk=context.data["staf"]).first()
    if staf is None:
        raise StepRefused("Pilih staf yang ditugaskan.", fields={"staf": "Pilih staf."})
    context.item.assigned_to = staf
    context.facts["assigned_to"] = display_name(staf)


def compose(context):
    """Row 5: open the news page of the disposition, a draft in its place in the tree."""
    model = apps.get_model(settings.MODERATED_PAGE_MODEL)
    page = model.create_for_disposition(context.item, context.user)
    context.item.page_id = page.pk


def hand_over(context):
    """Row 5: hand the draft to the Sekretaris; starts or resumes the workflow."""
    draft = _get_complete_draft(context)
    workflow_state = draft.current_workflow_state
    if workflow_state is None:
        # A ralat has opened its own round.
        context.item.round = context.item.round or 1
        draft.get_workflow().start_officially(draft, context.user)
    else:
        workflow_state.resume_officially(context.user)
    _stamp_current_task_state(context)


def declare_corrected(context):
    """Row 6: vouch for the text and hand it to Bidang; from here on it is frozen."""
    _get_complete_draft(context)
    _forward(context, sop.StepCode.VERIFICATION)


def return_to_staf(context):
    """Extension: the Staf gets the text back, with a reason."""
    task_state = _get_task_state(context)
    task_state.data = _get_kept(context)
    task_state.reject(user=context.user, comment=context.data["comment"])


def verify(context):
    """Row 7, approved: exactly the version that was handed over, classified, not exempt (I8)."""
    _require_unchanged(context)
    context.item.classification = context.data["classification"]
    context.facts["classification"] = context.item.get_classification_display()
    _forward(context, sop.StepCode.PUBLICATION_ORDER)


def return_to_correction(context):
    """Row 7, returned (I3), or taken back by the Sekretaris later: a new round of correction in
    the same workflow state; verification and order are void (I4)."""
    permits.revoke_pending(context.item, context.user, context.data["comment"])
    context.item.schedule_error = ""
    task_state = _get_task_state(context)
    task_state.data = _get_kept(context)
    task_state.reject(user=context.user, update=False, comment=context.data["comment"])
    _start_task(context, task_state.workflow_state, sop.StepCode.CORRECTION)


def order(context):
    """Row 8: the order of the Sekretaris for exactly the verified version (I5)."""
    _require_unchanged(context)
    _require_verified(context)
    known = {choice.key: choice.label for choice in channels.get_choices()}
    # A ralat posts nothing anew: it concerns the channels of the order before it.
    chosen = (
        corrections.get_channel_labels(context.item)
        if context.item.correcting
        else {key: known[key] for key in context.data["channels"]}
    )
    go_live_at = context.data["go_live_at"]
    context.permit = permits.issue(
        context.item,
        context.user,
        revision_id=context.revision_id,
        seal=context.seal,
        channel_labels=chosen,
        go_live_at=parse_datetime(go_live_at) if go_live_at else None,
        note=context.data["comment"],
    )
    context.output = f"Perintah tayang {context.permit.number}" + (" (ralat)" if context.item.correcting else "")
    context.facts |= {"channels": list(chosen), "go_live_at": go_live_at}
    _forward(context, sop.StepCode.PUBLICATION)


def schedule(context):
    """Row 8: the Staf confirms the ordered time; the worker carries it out."""
    permit = permits.get_pending(context.item)
    permit.add_fact(scheduled_by=context.user)
    context.permit, context.seal = permit, permit.seal
    context.facts["go_live_at"] = permit.go_live_at


def publish(context):
    """Row 8: make exactly the permitted revision live, then prove it."""
    permit = permits.get_pending(context.item)
    context.permit, context.seal = permit, permit.seal
    context.revision_id = permit.revision_id
    context.facts |= {"channels": permit.channels, "go_live_at": permit.go_live_at}
    context.item.schedule_error = ""
    if compute_seal(permit.revision.as_object()) != permit.seal:
        raise StepRefused(CHANGED_SINCE)
    first_published_at = permit.page.first_published_at
    previous = corrections.replace_order(context.item, permit, context.user) if permit.is_correction else None
    permit.add_fact(executed_at=context.now, executed_by=context.user)
    task_state = _get_task_state(context)
    task_state.approve(user=context.user, update=False, comment=context.data["comment"])
    # The workflow's finish action publishes the permitted revision (moderation.finish).
    task_state.workflow_state.finish(user=context.user)
    if permit.is_correction:
        corrections.announce(context.item, permit, previous, first_published_at)
        context.item.correcting = False
        context.facts |= {"correction_note": permit.correction_note}
    permits.complete(permit, context.now)


def cancel(context):
    """Extension: the item will not be published; its register row stays (I7, I10)."""
    permits.revoke_pending(context.item, context.user, context.data["comment"])
    if context.item.page_id is None:
        return
    workflow_state = _get_workflow_state(context.item)
    if workflow_state is not None:
        workflow_state.cancel_officially(context.user)


EFFECTS = {
    "assign": assign,
    "compose": compose,
    "hand_over": hand_over,
    "declare_corrected": declare_corrected,
    "return_to_staf": return_to_staf,
    "verify": verify,
    "return_to_sekretaris": return_to_correction,
    "order": order,
    "return_to_correction": return_to_correction,
    "schedule": schedule,
    "publish": publish,
    "cancel": cancel,
    "open_correction": corrections.open_correction,
    "drop_correction": corrections.drop_correction,
    "take_down": withdrawals.take_down,
}


def _get_workflow_state(item) -> SopWorkflowState | None:
    return item.page.specific.current_workflow_state


def _get_task_state(context) -> SopTaskState:
    """Return the open task state of the item's step, bound to one workflow state object.

    ``WorkflowState.update`` is a silent no-op when a stale ``current_task_state`` is cached on
    it (WAGTAIL_FACTS 3), so both ends of the relation are the same objects.
    """
    workflow_state = _get_workflow_state(context.item)
    if workflow_state is None or workflow_state.current_task_state is None:
        raise StepRefused("Alur materi ini tidak ditemukan. Hubungi pengelola situs.")
    workflow_state = SopWorkflowState.objects.select_for_update().get(pk=workflow_state.pk)
    task_state = SopTaskState.objects.get(pk=workflow_state.current_task_state_id)
    if task_state.task.specific.step != context.item.step.code:
        raise StepStale("Alur materi ini sudah berpindah. Muat ulang lembar kerja.")
    task_state.workflow_state = workflow_state
    workflow_state.current_task_state = task_state
    return task_state


def _get_kept(context) -> dict:
    """Return the form as the task state keeps it; the note has its own place there."""
    return {key: value for key, value in context.data.items() if key != "comment"}


def _forward(context, next_step) -> None:
    """Approve the open task and start the next one, named explicitly: ``get_next_task`` would
    skip a task that an earlier round had approved (WAGTAIL_FACTS 2, 14)."""
    task_state = _get_task_state(context)
    task_state.seal = context.seal
    task_state.revision_id = context.revision_id
    task_state.data = _get_kept(context)
    task_state.approve(user=context.user, update=False, comment=context.data["comment"])
    _start_task(context, task_state.workflow_state, next_step)


def _start_task(context, workflow_state, step) -> None:
    # Without a current task state ``update`` moves on instead of parking in "needs changes".
    workflow_state.current_task_state = None
    workflow_state.update(user=context.user, next_task=SopTask.objects.get(step=step))
    _stamp_current_task_state(context)


def _stamp_current_task_state(context) -> None:
    """Write round and seal of what was handed over on the task state that waits now."""
    if not context.seal:
        _seal_draft(context)
    workflow_state = _get_workflow_state(context.item)
    task_state = SopTaskState.objects.get(pk=workflow_state.current_task_state_id)
    task_state.round = context.item.round
    task_state.seal = context.seal
    task_state.save(update_fields=["round", "seal"])


def _seal_draft(context):
    draft = context.item.get_draft()
    context.seal = compute_seal(draft)
    context.revision_id = draft.latest_revision_id
    return draft


def _get_complete_draft(context):
    """Return the draft after checking that nothing required is missing; seals it."""
    draft = _seal_draft(context)
    if context.expected_seal and context.expected_seal != context.seal:
        raise StepStale(
            "Naskah telah diubah sejak Anda membuka lembar kerja ini. Baca kembali naskah terakhir sebelum memutuskan."
        )
    problems = find_missing(draft)
    if problems:
        raise StepRefused("Materi belum dapat diserahkan. Lengkapi lebih dahulu: " + "; ".join(problems) + ".")
    return draft


def find_missing(page) -> list[str]:
    """Return what a draft still lacks before it may be handed over, one phrase a field."""
    problems = {}
    try:
        page.full_clean()
    except ValidationError as error:
        problems.update(error.message_dict)
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField) and field.name not in problems:
            value = getattr(page, field.name)
            try:
                value.stream_block.clean(value)
            except ValidationError:
                problems[field.name] = ["ada bagian yang belum lengkap"]
    for name in _find_unshowable(page):
        problems.setdefault(name, ["memuat karakter kendali yang tidak tampak; hapus bagian itu, lalu ketik ulang"])
    return [
        f"{_get_field_label(page, name)} ({' '.join(messages).rstrip('.').lower()})"
        for name, messages in problems.items()
    ]


def _find_unshowable(page) -> list[str]:
    """Return the fields whose text no feed and no spreadsheet could carry."""
    texts = {
        field.name: getattr(page, field.name).get_prep_value()
        if isinstance(field, StreamField)
        else getattr(page, field.attname)
        for field in page._meta.concrete_fields
    }
    return [name for name, text in texts.items() if has_control_characters(text)]


def _get_field_label(page, name) -> str:
    try:
        return str(page._meta.get_field(name).verbose_name)
    except LookupError:
        return "naskah"


def _require_unchanged(context) -> None:
    """Refuse when the text is not the one that was handed to this step (I1, I4)."""
    _seal_draft(context)
    task_state = _get_task_state(context)
    if context.seal != task_state.seal:
        raise StepRefused(CHANGED_SINCE)
    if context.expected_seal and context.expected_seal != context.seal:
        raise StepStale(CHANGED_SINCE)


def _require_verified(context) -> None:
    """Refuse when this seal is not the one that Bidang approved in this round, as the log has it:
    the log cannot be rewritten, the state of a task can."""
    verified = AuditEntry.objects.filter(disposition_id=context.item.pk, action="verify", round=context.item.round)
    if not verified.filter(seal=context.seal).exists():
        raise StepRefused(CHANGED_SINCE)
