"""Views of Admin → Kanal: the office's accounts, for the Sekretaris and the administrator."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from moderation.desk.views.base import HOME
from moderation.ports.exceptions import StepRefused
from news.social.accounts import costs, oauth_connect, service
from news.social.models import Account

from . import actions, forms, labels


class KanalMixin(WagtailAdminTemplateMixin):
    """View for those who may manage accounts; Wagtail's admin prevents caching."""

    page_title = "Kanal"
    header_icon = "link"
    template_name: str | None = "social/kanal/form.html"

    def setup(self, request, *args, **kwargs):
        """Ask for the right before a view looks for its account."""
        super().setup(request, *args, **kwargs)
        if not service.may_manage(request.user):
            raise PermissionDenied

    def get_breadcrumbs_items(self):
        trail = [(reverse("kanal:index"), "Kanal"), *self.get_trail()]
        return [HOME, *({"url": url, "label": label} for url, label in trail)]

    def get_trail(self) -> list[tuple[str, str]]:
        """Return (URL, label) of the screens between the list and this one, this one last."""
        return []


class AccountMixin(KanalMixin):
    """View of one account."""

    def setup(self, request, *args, key, **kwargs):
        super().setup(request, *args, **kwargs)
        self.account = get_object_or_404(Account, key=key)

    def get_trail(self):
        trail = [(reverse("kanal:account", args=[self.account.key]), self.account.label)]
        return trail if self.page_title == "Kanal" else [*trail, ("", self.page_title)]

    def get_success_url(self):
        return reverse("kanal:account", args=[self.account.key])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "account": self.account,
            "state": labels.describe_state(self.account, timezone.now()),
        }


class ConnectedMixin(AccountMixin):
    """View of an account that was connected in the admin, not by settings."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if self.account.from_settings or self.account.archived_at is not None:
            raise Http404


class IndexView(KanalMixin, TemplateView):
    """List the accounts with their state, deleted ones while posts wait, in a constant number of queries."""

    template_name = "social/kanal/index.html"

    def get_context_data(self, **kwargs):
        now = timezone.now()
        rows = [(account, labels.describe_state(account, now)) for account in labels.list_accounts()]
        return super().get_context_data(**kwargs) | {"rows": rows}


class AccountView(AccountMixin, TemplateView):
    """One account: who connected it, its last test, what waits, and the actions."""

    template_name = "social/kanal/account.html"

    def get_page_title(self):
        return self.account.label

    def get_context_data(self, **kwargs):
        account = self.account
        return super().get_context_data(**kwargs) | {
            "waiting": actions.count_waiting(account),
            "settings_shown": labels.describe_settings(account),
            "spending": costs.get_spending(account, timezone.now()),
            "may_change": not account.from_settings and account.archived_at is None,
            "may_connect": account.kind in {channel.kind for channel in forms.get_kinds()},
            "has_way_again": oauth_connect.find_way_again(account) is not None,
        }


class FormScreen(FormView):
    """Base of the forms; shows a refusal beside the typed data."""

    def form_valid(self, form):
        try:
            return self.carry_out(form)
        except StepRefused as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, message)
            if not refusal.fields:
                form.add_error(None, refusal.message)
            return self.form_invalid(form)


class ChangeView(ConnectedMixin, FormScreen):
    """Rename an account and change its settings, but not its credentials."""

    page_title = "Ubah pengaturan"
    form_class = forms.ChangeForm
    extra_context = {"button": "Simpan"}

    def get_form_kwargs(self):
        asked = labels.get_changeable(self.account)
        return super().get_form_kwargs() | {"asked": asked, "secrets": [], "account": self.account}

    def get_initial(self):
        return {"version": self.account.version}

    def carry_out(self, form):
        actions.change(
            self.account,
            self.request.user,
            form.cleaned_data["version"],
            label=form.cleaned_data["label"],
            values=form.values,
        )
        messages.success(self.request, "Pengaturan kanal disimpan.")
        return redirect(self.get_success_url())


class HoldView(ConnectedMixin, FormScreen):
    """Pause an account, with a reason."""

    page_title = "Jeda akun"
    form_class = forms.ReasonForm
    extra_context = {"button": "Jeda akun", "consequence": "Unggahan menunggu sampai akun dilanjutkan."}

    def carry_out(self, form):
        actions.hold(self.account, self.request.user, form.cleaned_data["reason"])
        messages.success(self.request, f"Akun {self.account} dijeda.")
        return redirect(self.get_success_url())


class DeleteView(ConnectedMixin, FormScreen):
    """Delete an account after showing what waits for it and asking what to do with that."""

    page_title = "Hapus akun"
    template_name = "social/kanal/delete.html"
    form_class = forms.DeleteForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.waiting = actions.count_waiting(self.account)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "may_cancel": actions.may_cancel(self.request.user),
            "unsent": self.waiting.unsent,
            "total": self.waiting.total,
        }

    def get_initial(self):
        return {"version": self.account.version, "waiting_total": self.waiting.total}

    def carry_out(self, form):
        data = form.cleaned_data
        cancels = data.get("waiting") == form.CANCEL
        total = data["waiting_total"]
        actions.delete(self.account, self.request.user, data["version"], total, cancels=cancels, reason=data["reason"])
        messages.success(
            self.request, f"Akun {self.account} dihapus. Cabut juga izin aplikasi ini di {self.account.kind_label}."
        )
        return redirect("kanal:index")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"waiting": self.waiting}


class ActionView(AccountMixin, View):
    """Carry out a button: test, resume, switch, move; only by POST."""

    http_method_names = ["post"]

    def post(self, request, *args, code, **kwargs):
        try:
            if code == "hubungkan":
                return redirect(oauth_connect.begin_again(request, self.account))
            done = self.carry_out(code)
        except StepRefused as refusal:
            messages.error(request, refusal.message)
            return redirect(self.get_success_url())
        if done:
            messages.success(request, done)
        return redirect("kanal:index" if code in ("naik", "turun") else self.get_success_url())

    def carry_out(self, code: str) -> str:
        """Carry out the action and return its message."""
        account, user = self.account, self.request.user
        if code == "uji":
            health = actions.note_test(account, user)
            if health.problems:
                raise StepRefused(" ".join(health.problems))
            return f"Uji coba berhasil, tanpa mengirim apa pun: {health.account_name or account.label}."
        if code == "lanjutkan":
            service.resume(account, user, service.get_manager_role(user))
            return f"Akun {account} dilanjutkan. Unggahan yang menunggu akan dikirim."
        if code in ("nyalakan", "matikan"):
            actions.switch(account, user, on=code == "nyalakan")
            waiting = actions.count_waiting(account).total
            if code == "nyalakan":
                return f"Kanal {account} dinyalakan."
            words = f" Yang menunggu: {waiting}, tetap menunggu sampai kanal dinyalakan." if waiting else ""
            return f"Kanal {account} dimatikan dan tidak ditawarkan pada perintah tayang.{words}"
        if code in ("naik", "turun"):
            actions.move(account, user, -1 if code == "naik" else 1)
            return ""
        raise Http404
