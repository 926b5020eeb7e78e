"""Row 1: the list of dispositions, and the sheet that PPID Pembantu fills in."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation import sop
from moderation.chain import dispositions
from moderation.chain.dispositions import describe_letter, describe_old_item, describe_proposal
from moderation.desk.disposition_forms import DispositionForm
from moderation.models import Disposition, IncomingLetter, Proposal
from moderation.models.roles import has_role
from moderation.ports.exceptions import StepRefused
from moderation.records import queue

from .base import DeskMixin, KeepsFilesView, find_named, get_parameter, paginate

PAGE_SIZE = 25
ISSUE = sop.get_action("issue")
_COMBINATION = next(found for found in sop.COMBINATIONS if found.code == "issue_and_forward")


def may_issue(user) -> bool:
    """Say whether the user may carry out row 1."""
    return has_role(user, *ISSUE.by)


class DispositionListView(DeskMixin, TemplateView):
    """List all dispositions, newest first."""

    template_name = "moderation/lists/dispositions.html"
    page_title = "Disposisi"
    header_icon = "form"

    def get_context_data(self, **kwargs):
        words = get_parameter(self.request, "q")
        items = Disposition.objects.select_related("assigned_to", "issued_by")
        if words:
            items = items.filter(Q(subject__icontains=words) | Q(register_number__icontains=words))
        return super().get_context_data(
            listing=paginate(self.request, items, PAGE_SIZE, "p"),
            words=words,
            may_issue=may_issue(self.request.user),
            **kwargs,
        )


class DispositionAddView(KeepsFilesView):
    """The disposition sheet; keeps everything typed on a refusal."""

    template_name = "moderation/disposition_form.html"
    form_class = DispositionForm
    page_title = "Buat disposisi"
    refused = "Disposisi belum diterbitkan. Perbaiki isian yang ditandai di bawah."
    header_icon = "form"
    trail = (("moderation:disposition_list", "Disposisi"),)
    success_url = reverse_lazy("moderation:disposition_list")

    def dispatch(self, request, *args, **kwargs):
        if not may_issue(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Prefill the facts of the letter, the proposal or the older item from which the sheet is issued."""
        request = self.request
        if letter := find_named(request, "surat", IncomingLetter.objects.all()):
            return {"letter": letter, "subject": letter.summary, **describe_letter(letter)}
        if proposal := find_named(request, "usulan", Proposal.objects.filter(state=Proposal.State.WAITING)):
            return describe_proposal(proposal)
        if item := find_named(request, "materi", Disposition.objects.filter(page__live=True)):
            return describe_old_item(item)
        return {}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            action=ISSUE,
            combination=_COMBINATION if has_role(self.request.user, sop.Role.SEKRETARIS) else None,
            sop_row=sop.get_row(ISSUE.rows[0]),
            **kwargs,
        )

    def form_valid(self, form):
        forward = "forward" in self.request.POST
        issue = dispositions.issue_and_forward if forward else dispositions.issue
        data = dict(form.cleaned_data)
        del data["files"]
        try:
            item = issue(self.request.user, data, form.keep_files())
        except StepRefused as refusal:
            form.reread_kept()
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, message)
            if not refusal.fields:
                form.add_error(None, refusal.message)
            return self.answer_refused(form)
        messages.success(
            self.request,
            f"“{item.subject}” terbit dengan nomor register {item.register_number}. {queue.describe_position(item)}",
            buttons=[messages.button(reverse("moderation:disposition_add"), "Buat disposisi lain")],
        )
        return redirect(item)
