"""Usulan: the desk reads; Staf and Sekretariat propose; PPID Pembantu makes dispositions of them."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from moderation import sop
from moderation.chain import dispositions
from moderation.desk.views.base import DeskMixin, KeepsFilesView, find_named, get_parameter, paginate
from moderation.desk.views.item.content import send_private_file
from moderation.models import Disposition, Proposal, SourceMaterial
from moderation.models.roles import has_role
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.records import proposals, queue
from moderation.records.proposal_forms import DecisionForm, ProposalForm

PAGE_SIZE = 25
PROPOSALS = (("moderation:proposals", "Usulan"),)
ISSUE = sop.get_action("issue")
_COMBINATION = next(found for found in sop.COMBINATIONS if found.code == "issue_and_forward")


class ProposalListView(DeskMixin, TemplateView):
    """List the proposals, newest first."""

    template_name = "moderation/lists/proposals.html"
    page_title = "Usulan"
    header_icon = "comment-add"

    def get_context_data(self, **kwargs):
        state = get_parameter(self.request, "status")
        state = state if state in Proposal.State.values else ""
        user = self.request.user
        return super().get_context_data(
            listing=paginate(self.request, proposals.get_proposals(state), PAGE_SIZE, "p"),
            states=Proposal.State.choices,
            chosen=state,
            may_propose=proposals.may_propose(user),
            may_decide=proposals.may_decide(user),
            **kwargs,
        )


class ProposalMixin(DeskMixin):
    """Screen of one proposal."""

    header_icon = "comment-add"
    trail = PROPOSALS

    @cached_property
    def proposal(self) -> Proposal:
        found = Proposal.objects.select_related("proposed_by", "decided_by", "disposition")
        return get_object_or_404(found, pk=self.kwargs["pk"])


class ProposalView(ProposalMixin, TemplateView):
    """One proposal with its files, what became of it, and PPID Pembantu's buttons."""

    template_name = "moderation/lists/proposal.html"
    page_title = "Usulan"
    #: The refused decision, with what was typed.
    form: DecisionForm | None = None

    def get_context_data(self, **kwargs):
        proposal, user = self.proposal, self.request.user
        waits = proposal.state == Proposal.State.WAITING
        return super().get_context_data(
            proposal=proposal,
            materials=list(proposal.materials.order_by("pk")),
            may_change=proposals.may_change(proposal, user),
            may_decide=waits and proposals.may_decide(user),
            is_own_check=proposal.proposed_by_id == user.pk and has_role(user, sop.Role.BIDANG),
            combination=_COMBINATION if has_role(user, sop.Role.SEKRETARIS) else None,
            action=ISSUE,
            form=self.form or DecisionForm(initial={"version": proposal.version}),
            **kwargs,
        )


class ProposalFormView(KeepsFilesView):
    """Base of the views that make and change a proposal; keeps everything typed on a refusal."""

    template_name = "moderation/lists/proposal_form.html"
    form_class = ProposalForm
    refused = "Belum dapat diproses. Perbaiki isian yang ditandai di bawah."
    header_icon = "comment-add"
    trail = PROPOSALS
    #: The proposal that is changed; none while one is made.
    proposal: Proposal

    def dispatch(self, request, *args, **kwargs):
        if not proposals.may_propose(request.user):
            raise PermissionDenied
        if "pk" in kwargs:
            self.proposal = get_object_or_404(Proposal, pk=kwargs["pk"], proposed_by=request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": getattr(self, "proposal", None)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(is_verifier=has_role(self.request.user, sop.Role.BIDANG), **kwargs)

    def form_valid(self, form):
        try:
            proposal = self.keep(form)
        except StepRefused as refusal:
            form.reread_kept()
            for name, message in (refusal.fields or {"": refusal.message}).items():
                form.add_error(name if name in form.fields else None, message)
            return self.answer_refused(form, 409 if isinstance(refusal, StepStale) else 422)
        messages.success(self.request, f"Usulan “{proposal.subject}” menunggu keputusan PPID Pembantu.")
        return redirect(proposal)


class ProposalAddView(ProposalFormView):
    """Make a proposal."""

    page_title = "Ajukan usulan"

    def get_initial(self):
        """Prefill the facts of the older item whose text is to be copied."""
        item = find_named(self.request, "materi", Disposition.objects.filter(page__live=True))
        return dispositions.describe_old_item(item) if item else {}

    def keep(self, form):
        return proposals.propose(self.request.user, form.get_facts(), form.keep_files())


class ProposalChangeView(ProposalFormView):
    """Change an own proposal that is not decided, or that was returned."""

    page_title = "Perbaiki usulan"

    def get_initial(self):
        return {"version": self.proposal.version}

    def keep(self, form):
        data = form.cleaned_data
        return proposals.change(
            self.request.user,
            self.proposal,
            form.get_facts(),
            form.keep_files(),
            [material.pk for material in data["removed"]],
            expected_version=data["version"],
        )


class ProposalDecisionView(ProposalView):
    """PPID Pembantu's answer: one click makes a disposition; a reason returns or refuses the proposal."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        if not proposals.may_decide(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        decision = request.POST.get("decision", "")
        version = request.POST.get("version", "")
        version = int(version) if version.isdecimal() and len(version) < 10 else 0
        try:
            if decision in {"issue", "forward"}:
                return self._issue(version, decision == "forward")
            return self._answer(decision, version)
        except StepRefused as refusal:
            self.form = self.form or DecisionForm(request.POST)
            messages.error(request, refusal.message)
            status = 409 if isinstance(refusal, StepStale) else 422
            return self.render_to_response(self.get_context_data(), status=status)

    def _issue(self, version: int, forwards: bool):
        issue = dispositions.issue_and_forward if forwards else dispositions.issue
        data = dispositions.describe_proposal(self.proposal) | {"proposal_version": version}
        item = issue(self.request.user, data)
        messages.success(
            self.request,
            f"“{item.subject}” terbit dengan nomor register {item.register_number}. {queue.describe_position(item)}",
        )
        return redirect(item)

    def _answer(self, decision: str, version: int):
        self.form = DecisionForm(self.request.POST)
        if not self.form.is_valid():
            raise StepRefused(" ".join(str(message) for found in self.form.errors.values() for message in found))
        reason = self.form.cleaned_data["reason"]
        proposal = proposals.decide(self.request.user, self.proposal, decision, reason, expected_version=version)
        messages.success(
            self.request, f"Usulan “{proposal.subject}”: {proposal.get_state_display().lower()}. Pengusul diberi tahu."
        )
        return redirect(reverse("moderation:proposals"))


class ProposalFileView(DeskMixin, View):
    """Serve a file of a proposal from the private storage."""

    def get(self, request, pk, material_pk):
        material = get_object_or_404(SourceMaterial, pk=material_pk, proposal_id=pk)
        shown_type = material.shown_type if "tampil" in request.GET else None
        return send_private_file(material.file, material.name, shown_type)
