"""Who may do what now. Screens ask here before they show a button; ``take`` asks here again."""

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from . import sop
from .models import AuditEntry, Disposition, OfficeProcedure, SopTaskState
from .permits import find_pending
from .roles import choose_role, has_role

OWN_TEXT = "Anda tidak dapat memverifikasi materi yang Anda susun atau koreksi sendiri."
OWN_FINDING = "Anda tidak dapat menilai temuan pada materi yang Anda susun atau koreksi sendiri."
OWN_VERDICT = "Anda tidak dapat menyusun atau mengoreksi materi yang telah Anda periksa sebagai Bidang."
#: Lines of the log that make their person an author, and those that make theirs a judge (I2).
_WRITING = ("compose", "hand_over", "declare_corrected")
_NAMING = ("assign", "reassign")
_JUDGING = ("verify", "return_to_sekretaris", "mark_exempt", "assess_finding")


def may_write_text(disposition: Disposition | None, user) -> bool:
    """Say whether the user holds the text now: the assigned Staf at row 5, a Sekretaris at
    correction, nobody else and nobody later (I4)."""
    if disposition is None or disposition.step is None or not disposition.step.text_is_open:
        return False
    if disposition.state == "assigned" or not has_role(user, disposition.step.role):
        return False
    if disposition.step.role == sop.Role.STAF and disposition.assigned_to_id != user.pk:
        return False
    return user.pk not in get_judge_ids(disposition)


def may_open_editor(page, user) -> bool:
    """Say whether the user may open the editor; saving is for ``may_write_text``.

    A Staf whose assignment was handed on may: what a stale tab still holds is shown, not lost.
    """
    disposition = page.disposition
    if disposition is None:
        return user.is_superuser
    if user.is_superuser or disposition.assigned_to_id == user.pk or has_role(user, sop.Role.SEKRETARIS):
        return True
    return user.pk in _get_named_ids(disposition)


def get_judge_ids(disposition: Disposition) -> set[int]:
    """Return the users who decided about the text as Bidang, in whatever round: none of them
    writes or corrects it, not through another role nor through one that starts later (I2)."""
    entries = AuditEntry.objects.filter(disposition_id=disposition.pk, action__in=_JUDGING)
    return set(entries.values_list("actor_id", flat=True))


def _get_named_ids(disposition) -> set[int]:
    """Return the users to whom the text was ever assigned."""
    entries = AuditEntry.objects.filter(disposition_id=disposition.pk, action__in=_NAMING)
    return {data.get("staf_id") for data in entries.values_list("data", flat=True)}


def get_author_ids(disposition: Disposition) -> set[int]:
    """Return the users who wrote or corrected the item's text: owner, every Staf it was assigned
    to, author of any revision, and every Sekretaris who declared it corrected (I2)."""
    page = disposition.page
    written = AuditEntry.objects.filter(disposition_id=disposition.pk, action__in=_WRITING)
    authors = {disposition.assigned_to_id, *_get_named_ids(disposition), *written.values_list("actor_id", flat=True)}
    if page is not None:
        authors.add(page.owner_id)
        authors.update(
            Revision.objects.filter(base_content_type=page.get_base_content_type(), object_id=str(page.pk)).values_list(
                "user_id", flat=True
            )
        )
        authors.update(
            SopTaskState.objects.filter(
                Q(workflow_state__object_id=str(page.pk)),
                workflow_state__base_content_type=page.get_base_content_type(),
                task__soptask__step=sop.StepCode.CORRECTION,
                status=SopTaskState.STATUS_APPROVED,
            ).values_list("finished_by_id", flat=True)
        )
    return authors - {None}


def why_not(disposition: Disposition, action: sop.Action, user) -> str | None:
    """Return why the user may not take the action now, in Indonesian; None when he may."""
    if not action.is_offered_at(disposition.state, disposition.correcting):
        return f"“{action.label}” tidak dapat dilakukan. Status materi sekarang: {disposition.state_label}."
    if not action.by:
        return "Langkah ini dijalankan oleh sistem."
    if not has_role(user, *action.by):
        roles = " atau ".join(role.value for role in action.by)
        return f"Langkah ini hanya dapat dilakukan oleh {roles}."
    return _why_not_this_person(disposition, action, user)


def _why_not_this_person(disposition, action, user) -> str | None:
    step = disposition.step
    if action.code in {"compose", "hand_over"} and disposition.assigned_to_id != user.pk:
        return "Materi ini ditugaskan kepada staf lain."
    if (
        step is not None
        and step.code == sop.StepCode.VERIFICATION
        and action.by == (sop.Role.BIDANG,)
        and user.pk in get_author_ids(disposition)
    ):
        return OWN_TEXT
    if action.code in _WRITING and user.pk in get_judge_ids(disposition):
        return OWN_VERDICT
    if action.code == "assess_finding":
        return _why_not_assess(disposition, user)
    if action.code == "ask_assessment":
        return _why_not_ask(disposition, user)
    if action.code in {"publish", "schedule"}:
        return _why_not_publish(disposition, action, user)
    if action.code == "take_down" and not disposition.page.live:
        return "Berita ini tidak sedang tayang."
    return None


def _why_not_assess(disposition, user) -> str | None:
    """Only the verifier sets a finding aside: at row 7, or where the holder of the text has asked."""
    if user.pk in get_author_ids(disposition):
        return OWN_FINDING
    if disposition.step.code != sop.StepCode.VERIFICATION and not disposition.assessment_asked_at:
        return "Penilaian Bidang belum diminta oleh yang memegang naskah."
    return None


def _why_not_ask(disposition, user) -> str | None:
    """Whoever holds the item asks, once."""
    if disposition.assessment_asked_at:
        return "Penilaian Bidang sudah diminta."
    writes = not disposition.step.text_is_open or may_write_text(disposition, user)
    if not writes or not has_role(user, disposition.step.role, sop.Role.SEKRETARIS):
        return "Penilaian hanya dapat diminta oleh yang memegang naskah."
    return None


def _why_not_publish(disposition, action, user) -> str | None:
    """The ordered time binds the Staf; the Sekretaris, whose order it is, may be quicker."""
    is_staf = has_role(user, sop.Role.STAF)
    if not is_staf and not OfficeProcedure.load().sekretaris_may_publish:
        return "Prosedur kantor menetapkan penayangan oleh Staf Sekretariat."
    permit = find_pending(disposition)
    is_early = permit is not None and permit.go_live_at is not None and permit.go_live_at > timezone.now()
    if action.code == "schedule":
        return None if is_early else "Perintah tayang tidak memuat waktu yang akan datang."
    if is_early and not has_role(user, sop.Role.SEKRETARIS):
        at = timezone.localtime(permit.go_live_at)
        return f"Perintah tayang menetapkan waktu {at:%d-%m-%Y} pukul {at:%H.%M} WIB. Jadwalkan penayangan."
    return None


def may_take(disposition: Disposition, action_code: str, user) -> bool:
    """Say whether the user may take the action now."""
    return why_not(disposition, sop.get_action(action_code), user) is None


def get_available_actions(disposition: Disposition, user) -> list[sop.Action]:
    """Return the actions the user may take now, in the order of the SOP's table."""
    return [action for action in sop.ACTIONS if why_not(disposition, action, user) is None]


def get_role_used(action: sop.Action, user) -> str:
    """Return the role in which the user takes the action, as it stands in the log."""
    role = choose_role(user, action.by)
    return role.value if role else ""
