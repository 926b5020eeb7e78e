"""Views of connecting an account: network, way, settings, callback, choice of a Page."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin import messages

from moderation.ports.exceptions import StepRefused
from news.social import channels
from news.social.accounts import oauth_connect
from news.social.channels.base import get_flows
from news.social.channels.oauth import Grant
from news.social.models import Account

from . import actions, forms
from .views import FormScreen, KanalMixin

ADD, RECONNECT = "Tambah kanal", "Hubungkan kembali"


class NetworksView(KanalMixin, TemplateView):
    """List the networks."""

    template_name = "social/kanal/networks.html"
    page_title = ADD

    def get_trail(self):
        return [("", ADD)]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"kinds": forms.get_kinds()}


class WayMixin(KanalMixin):
    """Base of the views that lead to a new account, or to new credentials of an existing one."""

    def setup(self, request, *args, kind="", key="", **kwargs):
        super().setup(request, *args, **kwargs)
        self.account = get_object_or_404(Account, key=key) if key else None
        channel = channels.KINDS.get(self.account.kind if self.account else kind)
        if channel is None or channel not in forms.get_kinds():
            raise Http404
        self.channel = channel
        self.page_title = RECONNECT if self.account else ADD

    def get_trail(self):
        if self.account:
            name = self.account.label
            return [(reverse("kanal:account", args=[self.account.key]), name), ("", RECONNECT)]
        return [(reverse("kanal:networks"), ADD), ("", self.channel.label)]

    def get_address(self, code: str) -> str:
        """Return the URL of the form for one way."""
        if self.account:
            return reverse("kanal:reconnect_way", args=[self.account.key, code])
        return reverse("kanal:add_way", args=[self.channel.kind, code])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"account": self.account, "channel": self.channel}


class WaysView(WayMixin, TemplateView):
    """Ask for the way: a consent screen or a pasted token; redirect when there is only one."""

    template_name = "social/kanal/ways.html"

    def get(self, request, *args, **kwargs):
        flows = get_flows(self.channel)
        if not flows:
            return redirect(self.get_address(actions.PASTED))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        flows = [(self.get_address(flow.code), flow.label) for flow in get_flows(self.channel)]
        paste = self.get_address(actions.PASTED)
        return super().get_context_data(**kwargs) | {"flows": flows, "paste": paste}


class ConnectView(WayMixin, FormScreen):
    """Ask for the settings of the way, then test a pasted token or redirect to the consent screen."""

    template_name = "social/kanal/connect.html"
    form_class = forms.AccountForm

    def setup(self, request, *args, code, **kwargs):
        super().setup(request, *args, **kwargs)
        self.flow = oauth_connect.get_flow(self.channel.kind, code)
        if self.flow is None and code != actions.PASTED:
            raise Http404

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "asked": forms.get_asked(self.channel, self.flow),
            "secrets": forms.get_secrets(self.channel, self.flow),
            "account": self.account,
        }

    def carry_out(self, form):
        label = form.cleaned_data["label"]
        if self.flow is None:
            return self.connect_pasted(form, label)
        stored = actions.reveal_or_nothing(self.account)
        names = self.flow.app_fields
        registered = {name: stored[name] for name in names if name in stored and not self.is_registered_anew}
        values = {**(self.account.settings if self.account else {}), **form.values}
        address = oauth_connect.begin(
            self.request, self.channel.kind, self.flow, label, values, {**registered, **form.given}, self.account
        )
        return redirect(address)

    @property
    def is_registered_anew(self) -> bool:
        """Say whether the server registers a new application on each connection."""
        return bool(getattr(self.flow, "registration_url", ""))

    def connect_pasted(self, form, label: str):
        """Test and store a pasted token."""
        account = actions.connect(
            self.channel.kind,
            label,
            form.values,
            form.given,
            Grant(),
            self.request.user,
            account=self.account,
            way=actions.PASTED,
        )
        return lead_to(self.request, account)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "flow": self.flow,
            "callback": oauth_connect.get_callback() if self.flow and not self.is_registered_anew else "",
            "consequence": self.flow.label if self.flow else "",
        }


class CallbackView(KanalMixin, View):
    """Callback of the consent screen: use up the answer and redirect to a URL without it."""

    http_method_names = ["get"]

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get(self, request):
        answer = {name: value[:4000] for name, value in request.GET.items()}
        try:
            attempt = oauth_connect.come_back(request, answer)
            grants = oauth_connect.get_grants(attempt)
            if len(grants) > 1:
                return redirect("kanal:choose", pk=attempt.pk)
            return finish(request, attempt, grants[0])
        except StepRefused as refusal:
            messages.error(request, refusal.message)
            return redirect("kanal:index")


class ChooseView(KanalMixin, TemplateView):
    """Ask for the Page, where the network offers several."""

    template_name = "social/kanal/choose.html"
    page_title = "Pilih akun"

    def get_trail(self):
        return [("", self.page_title)]

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except StepRefused as refusal:
            messages.error(request, refusal.message)
            return redirect("kanal:index")

    def get_context_data(self, **kwargs):
        attempt = oauth_connect.get_attempt(self.request, self.kwargs["pk"])
        names = [grant.account_name or grant.account_id for grant in oauth_connect.get_grants(attempt)]
        return super().get_context_data(**kwargs) | {"names": names, "attempt": attempt}

    def post(self, request, pk):
        attempt = oauth_connect.get_attempt(request, pk)
        grants = oauth_connect.get_grants(attempt)
        chosen = request.POST.get("akun", "")
        if not chosen.isascii() or not chosen.isdigit() or int(chosen) >= len(grants):
            return self.render_to_response(self.get_context_data(problem="Pilih satu akun."))
        return finish(request, attempt, grants[int(chosen)])


def finish(request, attempt, grant: Grant):
    """Store the chosen account, delete the attempt, and redirect to the account."""
    given = oauth_connect.get_given(attempt)
    attempt.delete()
    account = actions.connect(
        attempt.kind,
        attempt.label,
        attempt.settings,
        given,
        grant,
        request.user,
        account=attempt.account,
        way=attempt.flow,
    )
    return lead_to(request, account)


def lead_to(request, account: Account):
    """Redirect to the connected account with a message."""
    if account.is_by_hand:
        messages.success(request, f"{account} dapat disebut dalam perintah tayang. Petugas yang membagikannya.")
    else:
        messages.success(request, f"Kanal {account} terhubung sebagai {account.account_name or account.label}.")
    return redirect("kanal:account", key=account.key)
