"""The checklists of the steps: the desk reads; PPID Pembantu and the administrator edit."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation import sop
from moderation.desk.views.base import DeskMixin
from moderation.evidence import audit
from moderation.models import Checklist
from moderation.models.roles import has_role
from moderation.review import checklists
from moderation.review.checklist_settings import ChecklistSettingsForm
from moderation.sop.checklist_defaults import DEFAULTS


def may_edit_checklists(user) -> bool:
    """Say whether the user may edit the lists: PPID Pembantu or a superuser.

    The roles that answer a list do not write it.
    """
    return user.is_superuser or has_role(user, sop.Role.PPID_PEMBANTU)


class ChecklistView(DeskMixin, TemplateView):
    """All lists on one screen."""

    template_name = "moderation/office/checklists.html"
    page_title = "Daftar periksa"
    header_icon = "list-ul"

    def get_context_data(self, **kwargs):
        kwargs.setdefault("lists", self._make_forms())
        return super().get_context_data(may_edit=may_edit_checklists(self.request.user), **kwargs)

    def post(self, request, *args, **kwargs):
        if not may_edit_checklists(request.user):
            raise PermissionDenied
        with transaction.atomic():
            # Lock the list's row: who saves second sees the text of the first.
            locked = {row.step: row for row in Checklist.objects.select_for_update().order_by("pk")}
            forms = self._make_forms(locked, request.POST)
            wrong = [form for form in forms if not form.is_valid()]
            if not wrong:
                changed = [form for form in forms if form.is_changed]
                for form in changed:
                    form.save()
                    self._record(form)
                messages.success(request, "Daftar periksa disimpan." if changed else "Tidak ada yang diubah.")
                return redirect("moderation:checklists")
        messages.error(request, "Belum disimpan. Perbaiki isian yang ditandai di bawah.")
        return self.render_to_response(self.get_context_data(lists=forms), status=422)

    def _make_forms(self, locked=None, data=None):
        rows = locked or {step: checklists.load(step) for step in DEFAULTS}
        return [ChecklistSettingsForm(data, checklist=rows[step]) for step in DEFAULTS]

    def _record(self, form) -> None:
        user = self.request.user
        audit.append(
            action="checklist_changed",
            user=user,
            role=sop.Role.PPID_PEMBANTU.value if has_role(user, sop.Role.PPID_PEMBANTU) else "",
            reason=form.step_label,
            data={
                "step": form.checklist.step,
                "mode": form.cleaned_data["mode"],
                "items": [f"{group}: {text}" if group else text for group, text in form.cleaned_data["lines"]],
            },
        )
