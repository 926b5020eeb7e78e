"""Views of the ledger (Unggahan): deliveries, their texts and events, and decisions about them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import DetailView, FormView, ListView, View
from wagtail.admin import messages

from moderation.desk.views.base import HOME, DeskMixin
from moderation.desk.views.lists.register import SafeSpreadsheetMixin
from moderation.models import Disposition
from moderation.models.roles import get_roles
from moderation.ports.exceptions import StepRefused
from news.social.accounts import service
from news.social.follow_ups import planning
from news.social.models import Account, Delivery, DeliveryEvent, FollowUp, Restoration
from news.social.outbox import age_limit
from news.social.outbox.composing import get_post
from news.social.outbox.restored import RE_ENTERED
from news.social.sharing.package import list_to_remove

from . import handout, listing, manual_tasks
from .decisions import ROLES, decide, get_available, get_decision, may_decide
from .forms import DecisionForm, FilterForm, FollowUpForm
from .read_back import check, compare_with_last_found, is_checkable, may_check


class LedgerMixin(DeskMixin):
    """View for every role of the SOP and observers; ``decisions`` checks who may act."""

    page_title = "Unggahan"
    header_icon = "upload"

    def get_breadcrumbs_items(self):
        trail = [(reverse("social:index"), "Unggahan"), *self.get_trail()]
        return [HOME, *({"url": url, "label": label} for url, label in trail)]

    def get_trail(self) -> list[tuple[str, str]]:
        """Return (URL, label) of the screens between the list and this one, this one last."""
        return []


class IndexView(SafeSpreadsheetMixin, LedgerMixin, ListView):
    """List the deliveries, newest first, in a constant number of queries; also as CSV or XLSX."""

    template_name = "social/index.html"
    paginate_by = 25
    page_kwarg = "p"
    context_object_name = "deliveries"
    list_export = list(listing.COLUMNS)
    export_headings = listing.COLUMNS
    export_filename = "unggahan"

    def get(self, request, *args, **kwargs):
        if self.is_export:
            return self.as_spreadsheet(listing.get_all_rows(self.get_queryset()), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        self.filter_form = FilterForm(self.request.GET)
        deliveries = listing.get_deliveries()
        if not self.is_export:
            deliveries = deliveries.defer("request_text")
        return self.filter_form.narrow(deliveries)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        context["elided_page_range"] = page.paginator.get_elided_page_range(page.number)
        context["filter_form"] = self.filter_form
        context["is_filtered"] = self.filter_form.is_narrowed
        for delivery in context["deliveries"]:
            delivery.check_label = listing.describe_check(delivery.last_check)
        context["paused_accounts"] = Account.objects.offered().exclude(paused_at=None)
        restorations = Restoration.objects.filter(restored_at__gt=timezone.now() - RE_ENTERED)
        context["restoration"] = restorations.last()
        context["stopped_accounts"] = listing.list_stopped()
        context["csv_url"], context["xlsx_url"] = self.csv_export_url, self.xlsx_export_url
        context["may_decide"] = may_decide(self.request.user)
        context["may_manage"] = service.may_manage(self.request.user)
        context["open_tasks"] = manual_tasks.list_waiting(self.request.user)
        context["to_share"] = manual_tasks.list_to_share()
        context["shares_to_remove"] = list_to_remove()
        return context


#: Replies with a ralat that the screen of a restore names, the newest first.
MOST_REPLIES = 50


class RestorationView(LedgerMixin, ListView):
    """Tell of the last restore: its archive's moment, the posts looked for first, and what a person has to check."""

    template_name = "social/restoration.html"
    page_title = "Pemulihan"
    paginate_by = 25
    page_kwarg = "p"
    context_object_name = "deliveries"

    def get_trail(self):
        return [("", self.page_title)]

    def get_queryset(self):
        self.restoration = Restoration.objects.last()
        if self.restoration is None:
            return Delivery.objects.none()
        sought = listing.get_deliveries().filter(restored_at=self.restoration.restored_at)
        return sought.defer("request_text")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page, restoration = context["page_obj"], self.restoration
        context["elided_page_range"] = page.paginator.get_elided_page_range(page.number)
        context["restoration"] = restoration
        if restoration is not None:
            ordered = Disposition.objects.open().filter(issued_at__lt=restoration.restored_at)
            context["expected"] = ordered.count()
            context["re_entered_until"] = restoration.restored_at + RE_ENTERED
            replies = FollowUp.objects.filter(restored_at=restoration.restored_at)
            context["replies"] = replies.select_related("delivery__account", "delivery__disposition")[:MOST_REPLIES]
        return context


class DeliveryView(LedgerMixin, DetailView):
    """One delivery: its exact text, events and decisions."""

    template_name = "social/delivery.html"
    queryset = Delivery.objects.select_related("account", "disposition", "closed_by", "permit__revision")
    context_object_name = "delivery"

    def get_page_title(self):
        return self.object.title

    def get_trail(self):
        return [("", str(self.object))]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        delivery, channel = self.object, self.object.account.get_composer()
        events = list(delivery.events.select_related("user"))
        posted = planning.get_posted_text(delivery)
        context["length"] = channel.count(delivery.request_text)
        context["limit"] = channel.capabilities.max_length
        context["post"] = get_post(delivery, channel)
        context["later_text"] = posted if posted != delivery.request_text else ""
        context["events"] = events
        context["difference"] = compare_with_last_found(delivery, posted, events)
        context["may_check"] = is_checkable(delivery) and may_check(self.request.user)
        context["decisions"] = get_available(delivery, self.request.user)
        context["follow_ups"] = manual_tasks.list_for(self.object, self.request.user)
        context["handout"] = handout.get_handout(delivery, channel)
        return context


class CheckView(LedgerMixin, View):
    """Read one post back and redirect to its screen, which shows the result."""

    http_method_names = ["post"]

    def post(self, request, pk):
        delivery = get_object_or_404(Delivery.objects.select_related("account", "permit"), pk=pk)
        try:
            event = check(delivery, request.user)
        except StepRefused as refusal:
            messages.error(request, refusal.message)
        else:
            is_well = event.outcome in (DeliveryEvent.Outcome.CHECKED_SAME, DeliveryEvent.Outcome.FOUND)
            words = ". ".join(filter(None, (event.get_outcome_display(), event.message.rstrip("."))))
            (messages.success if is_well else messages.warning)(request, f"{words}.")
        return redirect("social:delivery", pk=pk)


class DecisionView(LedgerMixin, FormView):
    """Confirm a decision after announcing its effect; keep the typed data on a refusal."""

    template_name = "social/decision.html"
    form_class = DecisionForm

    def setup(self, request, *args, pk, code, **kwargs):
        super().setup(request, *args, **kwargs)
        decision = get_decision(code)
        if decision is None:
            raise Http404
        self.decision = decision
        self.delivery = get_object_or_404(Delivery.objects.select_related("account", "disposition"), pk=pk)

    def get_page_title(self):
        return self.decision.label

    def get_trail(self):
        return [(self.get_success_url(), str(self.delivery)), ("", self.decision.label)]

    def get_success_url(self):
        return reverse("social:delivery", args=[self.delivery.pk])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"decision": self.decision}

    def get_initial(self):
        return {"seal": self.delivery.seal}

    def form_invalid(self, form):
        # Keep the typed data, but with the seal of the text shown now.
        form.data = form.data.copy()
        form.data["seal"] = self.delivery.seal
        return super().form_invalid(form)

    def get(self, request, *args, **kwargs):
        if self.decision not in get_available(self.delivery, request.user):
            messages.error(
                request, f"“{self.decision.label}” tidak dapat dilakukan. Status sekarang: {self.delivery.state_label}."
            )
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            decide(self.delivery, self.decision, self.request.user, **form.cleaned_data)
        except StepRefused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, self.decision.done)
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"delivery": self.delivery, "decision": self.decision}


class FollowUpView(LedgerMixin, FormView):
    """Confirm ending or retrying a follow-up."""

    template_name = "social/follow_up.html"
    form_class = FollowUpForm

    def setup(self, request, *args, pk, code, **kwargs):
        super().setup(request, *args, **kwargs)
        decision = manual_tasks.get_decision(code)
        if decision is None:
            raise Http404
        self.decision = decision
        found = FollowUp.objects.select_related(
            "delivery__account", "delivery__disposition", "target", "permit__revision"
        )
        self.follow_up = get_object_or_404(found, pk=pk)

    def get_page_title(self):
        return self.decision.label

    def get_trail(self):
        return [(self.get_success_url(), str(self.follow_up.delivery)), ("", self.decision.label)]

    def get_success_url(self):
        return reverse("social:delivery", args=[self.follow_up.delivery_id])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"decision": self.decision, "follow_up": self.follow_up}

    def get(self, request, *args, **kwargs):
        if self.decision not in manual_tasks.get_available(self.follow_up, request.user):
            messages.error(
                request,
                f"“{self.decision.label}” tidak dapat dilakukan. Status sekarang: "
                f"{self.follow_up.get_state_display()}.",
            )
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            manual_tasks.decide(self.follow_up, self.decision, self.request.user, **form.cleaned_data)
        except StepRefused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, self.decision.done)
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "follow_up": self.follow_up,
            "decision": self.decision,
            "handout": handout.get_changed_handout(self.follow_up, self.follow_up.delivery.account.get_composer()),
        }


class ResumeView(LedgerMixin, DetailView):
    """Confirm resuming a paused account."""

    template_name = "social/resume.html"
    model = Account
    slug_field = slug_url_kwarg = "key"
    context_object_name = "account"
    page_title = "Lanjutkan akun"

    def dispatch(self, request, *args, **kwargs):
        if not may_decide(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_trail(self):
        return [("", f"Lanjutkan {self.object}")]

    def get_context_data(self, **kwargs):
        waiting = Delivery.objects.filter(account=self.object, state=Delivery.State.PENDING)
        return super().get_context_data(**kwargs) | {
            "waiting": waiting.count(),
            "late": age_limit.filter_too_old(waiting, timezone.now()).count(),
        }

    def post(self, request, *args, **kwargs):
        account = self.get_object()
        role = next(role.value for role in get_roles(request.user) if role in ROLES)
        if service.resume(account, request.user, role):
            messages.success(request, f"Akun {account} dilanjutkan. Unggahan yang menunggu akan dikirim.")
        return redirect("social:index")
