"""Effects of the actions: one function for each action that does more than move the item.

Each runs inside the transaction of ``transitions.take`` and acts through Wagtail's own methods.
"""

from django.apps import apps
from django.conf import settings
from django.utils.dateparse import parse_datetime

from moderation import sop
from moderation.evidence import audit
from moderation.evidence.addresses import guards as addresses
from moderation.models import AuditEntry, Passage, SopTask, SopTaskState
from moderation.models.roles import display_name, users_with_role
from moderation.people import notifications
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.seal import compute_seal, describe_all_media, get_media
from moderation.privacy.steps import ask_assessment, assess_finding, require_clean
from moderation.review.changes.media_facts import write_for_log

from . import comments, corrections, links, permits, publication_orders, withdrawals
from .completeness import CHANGED_SINCE, FORGED, explain_change, find_missing


def assign(context):
    """Row 4: name the Staf who composes."""
    staf = users_with_role(sop.Role.STAF).filter(pk=context.data["staf"]).first()
    if staf is None:
        raise StepRefused("Pilih staf yang ditugaskan.", fields={"staf": "Pilih staf."})
    if staf.pk in context.authority.judge_ids:
        raise StepRefused("Staf ini telah memverifikasi materi yang sama.", fields={"staf": "Pilih staf lain."})
    context.item.assigned_to = staf
    context.facts |= {"assigned_to": display_name(staf), "staf_id": staf.pk}


def reassign(context):
    """Extension: another Staf composes from here on; the one before stays an author (I2)."""
    before = context.item.assigned_to
    assign(context)
    if context.item.assigned_to == before:
        raise StepRefused("Materi ini sudah ditugaskan kepada staf tersebut.", fields={"staf": "Pilih staf lain."})
    context.facts["taken_from"] = display_name(before)
    notifications.tell_replaced(context.item, before, context.user, context.data["comment"])


def compose(context):
    """Row 5: create the news page of the disposition as a draft under its index page."""
    model = apps.get_model(settings.MODERATED_PAGE_MODEL)
    page = model.create_for_disposition(context.item, context.user)
    copied = context.item.get_text_to_copy()
    if copied is not None:
        context.facts |= {"copied_from": context.item.based_on.register_number, "copied": copied.live_revision_id}
    context.item.page_id = page.pk
    context.forget_text()


def hand_over(context):
    """Row 5: hand the draft to the Sekretaris; starts or resumes the workflow."""
    draft = _get_complete_draft(context)
    require_clean(context, draft)
    _heed_proposal(context, draft)
    # A ralat, or a return to the Staf, has opened its own round.
    context.item.round = context.item.round or 1
    workflow_state = context.workflow_state
    passage = _pass_on(context, sop.StepCode.CORRECTION)
    if workflow_state is None:
        draft.get_workflow().start_officially(context.user, passage)
    else:
        workflow_state.passage = passage
        workflow_state.resume_officially(context.user)


def declare_corrected(context):
    """Row 6: declare the text corrected and hand it to Bidang, which freezes it."""
    draft = _get_complete_draft(context)
    require_clean(context, draft)
    _heed_proposal(context, draft)
    _forward(context, sop.StepCode.VERIFICATION)


def return_to_staf(context):
    """Extension: return the text to the Staf, with a reason."""
    _seal_draft(context)
    task_state = _get_task_state(context)
    task_state.workflow_state.passage = Passage(context.draft)
    task_state.data = _get_kept(context)
    task_state.reject(user=context.user, comment=context.data["comment"])


def verify(context):
    """Row 7: approve exactly the version that was handed over, with a classification other than exempt (I8)."""
    draft = _require_unchanged(context)
    comments.require_none_open(context)
    require_clean(context, draft)
    classification = context.data["classification"]
    missing = draft.find_missing_for(classification)
    if missing:
        raise StepRefused(
            "Informasi serta merta belum lengkap. Kembalikan kepada Sekretaris untuk melengkapi: "
            f"{'; '.join(missing)}.",
            fields={"classification": "Naskah belum memuat isi wajib informasi serta merta."},
        )
    context.item.classification = classification
    context.facts["classification"] = context.item.get_classification_display()
    _set_lane(context, classification == sop.URGENT)
    _forward(context, sop.StepCode.PUBLICATION_ORDER)


def return_to_correction(context):
    """Row 7: return the text to correction (I3); also the Sekretaris's recall of a verified version.

    Starts a new round in the same workflow state and voids verification and order (I4).
    """
    permits.revoke_pending(context.item, context.user, context.data["comment"])
    context.item.schedule_error = ""
    task_state = _get_task_state(context)
    task_state.workflow_state.passage = passage = _pass_on(context, sop.StepCode.CORRECTION)
    task_state.data = _get_kept(context)
    task_state.reject(user=context.user, update=False, comment=context.data["comment"])
    _start_task(context, task_state.workflow_state, passage)


def mark_exempt(context):
    """Extension: record the ground of Pasal 17 that Bidang finds.

    Leaves the verification task open, so that the item continues from it when PPID Pembantu
    releases the exemption.
    """
    draft = _seal_draft(context)
    if context.expected_seal and context.expected_seal != context.seal:
        raise StepStale(CHANGED_SINCE)
    context.facts |= {
        "letter": context.data["letter"],
        "ground": dict(sop.EXEMPTION_GROUNDS)[context.data["letter"]],
        "period": context.data["period"],
        "consequence_test": context.data["consequence_test"],
        "text": draft.title,
    }


def confirm_exempt(context):
    """Extension: confirm the exemption for PPID Pembantu; the item never goes live (I8)."""
    _seal_draft(context)
    marked = AuditEntry.objects.filter(disposition_id=context.item.pk, action="mark_exempt").latest("sequence")
    if marked.actor_id == context.user.pk:
        raise StepRefused("Pengecualian ditetapkan oleh orang lain daripada yang menandainya.")
    context.item.classification = sop.EXEMPT
    context.facts |= {"classification": context.item.get_classification_display(), "decree": context.data["decree"]}
    cancel(context)


def release_exempt(context):
    """Extension: release the exemption; Bidang continues the verification in a new round."""
    _seal_draft(context)
    task_state = _get_task_state(context, sop.StepCode.VERIFICATION)
    task_state.round = context.item.round
    task_state.save(update_fields=["round"])


def order(context):
    """Row 8: issue the Sekretaris's order for exactly the verified version (I5)."""
    draft = _require_unchanged(context)
    _require_verified(context)
    comments.require_none_open(context)
    require_clean(context, draft)
    chosen, posts = publication_orders.decide_posts(context, draft)
    go_live_at = context.data["go_live_at"]
    context.permit = permits.issue(
        context.item,
        context.user,
        draft,
        media=context.media,
        seal=context.seal,
        channel_labels=chosen,
        go_live_at=parse_datetime(go_live_at) if go_live_at else None,
        note=context.data["comment"],
        procedure=context.authority.procedure,
        **publication_orders.get_end(context.data),
        **posts,
    )
    context.output = f"Perintah tayang {context.permit.number}" + (" (ralat)" if context.item.correcting else "")
    context.facts |= {"channels": list(chosen), "go_live_at": go_live_at} | publication_orders.get_facts(context.permit)
    _forward(context, sop.StepCode.PUBLICATION)


def schedule(context):
    """Row 8: record that the Staf confirms the ordered time; the worker publishes then."""
    permit = _get_order(context)
    permit.add_fact(scheduled_by=context.user)
    context.permit, context.seal = permit, permit.seal
    context.facts["go_live_at"] = permit.go_live_at


def publish(context):
    """Row 8: publish exactly the permitted revision, then compare the live rows with its seal."""
    permit = _get_order(context)
    context.permit, context.seal = permit, permit.seal
    context.revision_id = permit.revision_id
    context.facts |= {"channels": permit.channels, "go_live_at": permit.go_live_at}
    context.item.schedule_error = ""
    _require_ordered(context)
    if permit.ends_at is not None and permit.ends_at <= context.now:
        raise StepRefused(
            "Batas tayang dalam perintah ini sudah lewat. Kembalikan materi ke koreksi, lalu terbitkan perintah baru."
        )
    ordered = context.item.read_version(permit.revision)
    context.media = get_media(ordered)
    if compute_seal(ordered, describe_all_media(context.media)) != permit.seal:
        raise StepRefused(explain_change(ordered))
    require_clean(context, ordered)
    first_published_at = ordered.first_published_at
    previous = corrections.replace_order(context.item, permit, context.user) if permit.is_correction else None
    permit.add_fact(executed_at=context.now, executed_by=context.user)
    task_state = _get_task_state(context)
    task_state.workflow_state.passage = Passage(ordered, permit=permit)
    task_state.approve(user=context.user, update=False, comment=context.data["comment"])
    # The workflow's finish action publishes the permitted revision (moderation.chain.workflow.finish_action).
    task_state.workflow_state.finish(user=context.user)
    if permit.is_correction:
        corrections.announce(context.item, permit, previous, first_published_at)
        context.item.correcting = False
        context.facts |= {"correction_note": permit.correction_note}
    context.facts |= links.get_facts(type(ordered), permit.revision.content)
    page = permits.complete(context.item, permit, context.now)
    context.facts["address"] = addresses.get_address(page.url_path)


def cancel(context):
    """Extension: cancel the item, with a reason; its register row stays (I7, I10)."""
    permits.revoke_pending(context.item, context.user, context.data["comment"])
    if context.workflow_state is not None:
        context.workflow_state.cancel_officially(context.user)


EFFECTS = {
    "assign": assign,
    "reassign": reassign,
    "compose": compose,
    "hand_over": hand_over,
    "declare_corrected": declare_corrected,
    "return_to_staf": return_to_staf,
    "verify": verify,
    "return_to_sekretaris": return_to_correction,
    "mark_exempt": mark_exempt,
    "confirm_exempt": confirm_exempt,
    "release_exempt": release_exempt,
    "order": order,
    "return_to_correction": return_to_correction,
    "ask_assessment": ask_assessment,
    "assess_finding": assess_finding,
    "schedule": schedule,
    "publish": publish,
    "cancel": cancel,
    "open_correction": corrections.open_correction,
    "drop_correction": corrections.drop_correction,
    "take_down": withdrawals.take_down,
}


def _get_task_state(context, step="") -> SopTaskState:
    """Return the open task state of the item's step (or of ``step``)."""
    workflow_state = context.workflow_state
    if workflow_state is None or workflow_state.current_task_state is None:
        raise StepRefused("Alur materi ini tidak ditemukan. Hubungi pengelola situs.")
    task_state = workflow_state.current_task_state
    if task_state.task.step != (step or context.item.step.code):
        raise StepStale("Alur materi ini sudah berpindah. Muat ulang lembar kerja.")
    return task_state


def _get_order(context):
    """Return the pending order; raise StepRefused when there is none (I5)."""
    permit = context.authority.pending_permit
    if permit is None:
        raise StepRefused("Perintah tayang belum diterbitkan oleh Sekretaris.")
    return permit


def _get_kept(context) -> dict:
    """Return the form's data for the task state, without the note, which has its own field there."""
    return {key: value for key, value in context.data.items() if key != "comment"}


def _forward(context, next_step) -> None:
    """Approve the open task and start the next one, named explicitly: ``get_next_task`` would
    skip a task that an earlier round had approved (docs/wagtail-facts.md#workflows)."""
    task_state = _get_task_state(context)
    task_state.seal = context.seal
    task_state.revision = context.draft.latest_revision
    task_state.data = _get_kept(context)
    task_state.workflow_state.passage = passage = _pass_on(context, next_step)
    task_state.approve(user=context.user, update=False, comment=context.data["comment"])
    _start_task(context, task_state.workflow_state, passage)


def _pass_on(context, step) -> Passage:
    """Return the ``Passage`` to the next task: the draft, its seal and the round."""
    if not context.seal:
        _seal_draft(context)
    return Passage(context.draft, SopTask.objects.get(step=step), context.item.round, context.seal)


def _start_task(context, workflow_state, passage) -> None:
    # Without a current task state ``update`` moves on instead of parking in "needs changes".
    workflow_state.current_task_state = None
    workflow_state.update(user=context.user, next_task=passage.task)


def _seal_draft(context):
    draft = context.draft
    context.media = get_media(draft)
    facts = describe_all_media(context.media)
    context.seal = compute_seal(draft, facts)
    context.revision_id = draft.latest_revision_id
    # A file can be exchanged later under the same key, so log the files of this version.
    context.facts["media"] = write_for_log(facts)
    return draft


def _get_complete_draft(context):
    """Seal the draft and return it; raise StepRefused when a required field is missing."""
    draft = _seal_draft(context)
    if context.expected_seal and context.expected_seal != context.seal:
        raise StepStale(
            "Naskah telah diubah sejak Anda membuka lembar kerja ini. Baca kembali naskah terakhir sebelum memutuskan."
        )
    if any(not facts["file"] for facts in context.facts["media"]):
        raise StepRefused(explain_change(draft))
    problems = find_missing(draft)
    if problems:
        raise StepRefused("Materi belum dapat diserahkan. Lengkapi lebih dahulu: " + "; ".join(problems) + ".")
    return draft


def _require_unchanged(context):
    """Return the draft; raise StepRefused unless its text is the one handed to this step (I1, I4)."""
    draft = _seal_draft(context)
    task_state = _get_task_state(context)
    if context.seal != task_state.seal:
        raise StepRefused(explain_change(draft))
    if context.expected_seal and context.expected_seal != context.seal:
        raise StepStale(CHANGED_SINCE)
    return draft


def _heed_proposal(context, draft) -> None:
    """Open the fast lane when "serta merta" is proposed; only Bidang's classification closes it."""
    if draft.get_proposed_classification() == sop.URGENT:
        _set_lane(context, True)


def _set_lane(context, is_urgent: bool) -> None:
    """Open or close the fast lane; note a change for the audit line."""
    if context.item.is_urgent != is_urgent:
        context.item.is_urgent = is_urgent
        context.facts["is_urgent"] = is_urgent


def _require_verified(context) -> None:
    """Raise StepRefused unless the audit log says that Bidang approved this seal in this round.

    Read the log, not the task state: only the application has the key to its lines.
    """
    lines = _find_lines(context, "verify")
    if not lines:
        raise StepRefused(CHANGED_SINCE)
    if not any(map(audit.is_genuine, lines)):
        raise StepRefused(FORGED)


def _require_ordered(context) -> None:
    """Raise StepRefused unless the application wrote that this seal was verified and ordered in this round."""
    lines = _find_lines(context, "verify", "order")
    if {line.action for line in lines if audit.is_genuine(line)} != {"verify", "order"}:
        raise StepRefused(FORGED)


def _find_lines(context, *actions) -> list[AuditEntry]:
    """Return the lines of these actions for the text of this step in this round."""
    of_this_text = {"disposition_id": context.item.pk, "round": context.item.round, "seal": context.seal}
    return list(AuditEntry.objects.filter(action__in=actions, **of_this_text))
