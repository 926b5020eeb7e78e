"""Who may do what now. Screens ask here before they show a button; ``take`` asks here again."""

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from . import sop
from .models import Disposition, OfficeProcedure, SopTaskState
from .permits import find_pending
from .roles import has_role

OWN_TEXT = "Anda tidak dapat memverifikasi materi yang Anda susun atau koreksi sendiri."


def may_write_text(disposition: Disposition | None, user) -> bool:
    """Say whether the user holds the text now: the assigned Staf at row 5, a Sekretaris at
    correction, nobody else and nobody later (I4)."""
    if disposition is None or disposition.step is None or not disposition.step.text_is_open:
        return False
    if disposition.state == "assigned" or not has_role(user, disposition.step.role):
        return False
    return disposition.step.role != sop.Role.STAF or disposition.assigned_to_id == user.pk


def may_open_editor(page, user) -> bool:
    """Say whether the user may open the editor; saving is for ``may_write_text``."""
    disposition = page.disposition
    if disposition is None:
        return user.is_superuser
    return user.is_superuser or disposition.assigned_to_id == user.pk or has_role(user, sop.Role.SEKRETARIS)


def get_author_ids(disposition: Disposition) -> set[int]:
    """Return the users who wrote or corrected the item's text: owner, assigned Staf, author of
    any revision, and every Sekretaris who declared it corrected (I2)."""
    page = disposition.page
    authors = {disposition.assigned_to_id}
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
    if action.code in {"publish", "schedule"}:
        return _why_not_publish(disposition, action, user)
    if action.code == "take_down" and not disposition.page.live:
        return "Berita ini tidak sedang tayang."
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
    return next((role.value for role in action.by if has_role(user, role)), "")
