"""Decide who may take which action now, for the screens and again for ``take``."""

from functools import cached_property

from django.utils import timezone
from wagtail.models import Revision

from moderation import sop
from moderation.models import AuditEntry, Disposition, OfficeProcedure, SopTaskState
from moderation.models.roles import choose_role, has_role
from moderation.people.duties import JUDGING, NAMING, PROPOSING, WRITING

from .permits import find_pending

OWN_TEXT = "Anda tidak dapat memverifikasi materi yang Anda susun atau koreksi sendiri."
OWN_VERIFICATION = (
    "Prosedur kantor menetapkan perintah tayang oleh orang lain daripada yang memverifikasi, dan versi ini Anda yang "
    "memverifikasi."
)
OWN_FINDING = "Anda tidak dapat menilai temuan pada materi yang Anda susun atau koreksi sendiri."
OWN_VERDICT = "Anda tidak dapat menyusun atau mengoreksi materi yang telah Anda periksa sebagai Bidang."


class Authority:
    """What one person may do with one item.

    Reads each fact once, on first use. Create one for a step, after its item is locked, or for one
    screen, and do not keep it longer.
    """

    def __init__(self, item: Disposition, user):
        self.item = item
        self.user = user

    @cached_property
    def page(self):
        """The item's page as last published; None before row 5."""
        return self.item.page

    @cached_property
    def judge_ids(self) -> set[int]:
        """The users who decided about the text as Bidang in any round.

        None of them may write or correct it, whatever other role they hold now or later (I2).
        """
        return self._get_actors(JUDGING)

    @cached_property
    def named_ids(self) -> set[int]:
        """The users to whom the text was ever assigned."""
        return {data.get("staf_id") for action, _actor_id, data, _round in self._lines if action in NAMING}

    @cached_property
    def proposer_ids(self) -> set[int]:
        """Whoever proposed the item: title, activity and instructions are theirs."""
        return {data.get("proposed_by") for action, _actor_id, data, _round in self._lines if action in PROPOSING} - {
            None
        }

    @cached_property
    def copied_author_ids(self) -> set[int]:
        """The authors of the older item whose text the draft began with: what they wrote stays theirs."""
        keys = {data.get("based_on") for action, _actor_id, data, _round in self._lines if action in PROPOSING} - {None}
        items = Disposition.objects.filter(pk__in=keys)
        return set().union(*(Authority(item, self.user).author_ids for item in items)) if keys else set()

    @cached_property
    def verifier_ids(self) -> set[int]:
        """Who verified the version of this round."""
        own = self.item.round
        return {actor_id for action, actor_id, _data, number in self._lines if action == "verify" and number == own}

    @cached_property
    def author_ids(self) -> set[int]:
        """The users who wrote or corrected the item's text (I2).

        These are the page's owner, whoever proposed it, every Staf it was assigned to, the author of any revision,
        every Sekretaris who declared it corrected, and the authors of a text that was copied.
        """
        authors = {self.item.assigned_to_id, *self.proposer_ids, *self.named_ids, *self._get_actors(WRITING)}
        authors |= self.copied_author_ids
        if self.page is not None:
            content_type, key = self.page.get_base_content_type(), str(self.page.pk)
            written = Revision.objects.filter(base_content_type=content_type, object_id=key)
            corrected = SopTaskState.objects.filter(
                workflow_state__object_id=key,
                workflow_state__base_content_type=content_type,
                task__soptask__step=sop.StepCode.CORRECTION,
                status=SopTaskState.STATUS_APPROVED,
            )
            authors.add(self.page.owner_id)
            authors.update(written.order_by().values_list("user_id", flat=True).distinct())
            authors.update(corrected.values_list("finished_by_id", flat=True).distinct())
        return authors - {None}

    @cached_property
    def pending_permit(self):
        """The pending order, or None."""
        return find_pending(self.item)

    @cached_property
    def procedure(self) -> OfficeProcedure:
        """The office's settings of its procedure."""
        return OfficeProcedure.load()

    @cached_property
    def _lines(self) -> list[tuple]:
        """Action, actor, data and round of the audit lines that make somebody an author or a judge."""
        actions = (*PROPOSING, *WRITING, *NAMING, *JUDGING)
        lines = AuditEntry.objects.filter(disposition_id=self.item.pk, action__in=actions)
        return list(lines.order_by().values_list("action", "actor_id", "data", "round"))

    def _get_actors(self, actions) -> set[int]:
        return {actor_id for action, actor_id, _data, _round in self._lines if action in actions}

    def may_write_text(self) -> bool:
        """Say whether the user may save the text now (I4).

        Only the assigned Staf may at row 5, and a Sekretaris at correction.
        """
        step = self.item.step
        if step is None or not step.text_is_open:
            return False
        if self.item.state == "assigned" or not has_role(self.user, step.role):
            return False
        if step.role == sop.Role.STAF and self.item.assigned_to_id != self.user.pk:
            return False
        return self.user.pk not in self.judge_ids

    def may_open_editor(self) -> bool:
        """Say whether the user may open the editor; ``may_write_text`` decides about saving.

        A Staf whose assignment was handed on still may, so that the text of a stale tab is shown, not lost.
        """
        user = self.user
        if user.is_superuser or self.item.assigned_to_id == user.pk or has_role(user, sop.Role.SEKRETARIS):
            return True
        return user.pk in self.named_ids

    def may_take(self, action_code: str) -> bool:
        """Say whether the user may take the action now."""
        return self.why_not(sop.get_action(action_code)) is None

    @cached_property
    def actions(self) -> list[sop.Action]:
        """The actions the user may take now, in the order of the SOP's table."""
        return [action for action in sop.ACTIONS if self.why_not(action) is None]

    def why_not(self, action: sop.Action) -> str | None:
        """Return in Indonesian why the user may not take the action now, None when they may."""
        item = self.item
        if not action.is_offered_at(item.state, item.correcting):
            return f"“{action.label}” tidak dapat dilakukan. Status materi sekarang: {item.state_label}."
        if not action.by:
            return "Langkah ini dijalankan oleh sistem."
        if not has_role(self.user, *action.by):
            roles = " atau ".join(role.value for role in action.by)
            return f"Langkah ini hanya dapat dilakukan oleh {roles}."
        return self._why_not_this_person(action)

    def _why_not_this_person(self, action) -> str | None:
        item, key = self.item, self.user.pk
        if action.code in {"compose", "hand_over"} and item.assigned_to_id != key:
            return "Materi ini ditugaskan kepada staf lain."
        is_verdict = item.step is not None and item.step.code == sop.StepCode.VERIFICATION
        if is_verdict and action.by == (sop.Role.BIDANG,) and key in self.author_ids:
            return OWN_TEXT
        if action.code in WRITING and key in self.judge_ids:
            return OWN_VERDICT
        if action.code == "order" and self.procedure.verifier_may_not_order and key in self.verifier_ids:
            return OWN_VERIFICATION
        if action.code == "assess_finding":
            return self._why_not_assess()
        if action.code == "ask_assessment":
            return self._why_not_ask()
        if action.code in {"publish", "schedule"}:
            return self._why_not_publish(action)
        if action.code == "take_down" and not self.page.live:
            return "Berita ini tidak sedang tayang."
        return None

    def _why_not_assess(self) -> str | None:
        """Refuse everyone but the verifier, at row 7 or on request of the text's holder."""
        if self.user.pk in self.author_ids:
            return OWN_FINDING
        if self.item.step.code != sop.StepCode.VERIFICATION and not self.item.assessment_asked_at:
            return "Penilaian Bidang belum diminta oleh yang memegang naskah."
        return None

    def _why_not_ask(self) -> str | None:
        """Refuse everyone but the item's holder, and a second request."""
        if self.item.assessment_asked_at:
            return "Penilaian Bidang sudah diminta."
        step = self.item.step
        writes = not step.text_is_open or self.may_write_text()
        if not writes or not has_role(self.user, step.role, sop.Role.SEKRETARIS):
            return "Penilaian hanya dapat diminta oleh yang memegang naskah."
        return None

    def _why_not_publish(self, action) -> str | None:
        """Refuse the Staf before the ordered time; the Sekretaris, who gave the order, may publish earlier."""
        is_staf = has_role(self.user, sop.Role.STAF)
        if not is_staf and not self.procedure.sekretaris_may_publish:
            return "Prosedur kantor menetapkan penayangan oleh Staf Sekretariat."
        permit = self.pending_permit
        is_early = permit is not None and permit.go_live_at is not None and permit.go_live_at > timezone.now()
        if action.code == "schedule":
            return None if is_early else "Perintah tayang tidak memuat waktu yang akan datang."
        if is_early and not has_role(self.user, sop.Role.SEKRETARIS):
            at = timezone.localtime(permit.go_live_at)
            return f"Perintah tayang menetapkan waktu {at:%d-%m-%Y} pukul {at:%H.%M} WIB. Jadwalkan penayangan."
        return None


def may_write_text(disposition: Disposition | None, user) -> bool:
    """Say whether the user may save the text of the item now; False without an item."""
    return disposition is not None and Authority(disposition, user).may_write_text()


def may_open_editor(page, user) -> bool:
    """Say whether the user may open the page's editor; only superusers may without an item."""
    authority = page.get_authority(user)
    return user.is_superuser if authority is None else authority.may_open_editor()


def get_role_used(action: sop.Action, user) -> str:
    """Return the name of the role in which the user takes the action, for the audit line."""
    role = choose_role(user, action.by)
    return role.value if role else ""
