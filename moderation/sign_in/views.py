"""Screens of the sign-in and of one's own security: allauth's views in the look of the admin."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkey_views
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.account import (
    AccountView,
    ChangePasswordPanel,
    NotificationsSettingsPanel,
    PasswordResetView,
)
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from . import second_factor, sessions
from .devices import describe_browser
from .forms import CountedPasswordChangeForm, QueuedPasswordResetForm
from .second_factor import may_remove

_STAGE_ENDED = "Waktu untuk menulis kode sudah habis. Masuk kembali dengan nama pengguna dan kata sandi."
_CANNOT_REMOVE = "Faktor kedua wajib bagi akun Anda. Pasang yang lain sebelum menghapus passkey ini."


class LoginView(account_views.LoginView):
    """Sign in by password; a second factor of the account is asked for next."""

    template_name = "moderation/sign_in/login.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin"):
            return redirect(self.get_next_url() or "wagtailadmin_home")
        return super().dispatch(request, *args, **kwargs)


class AuthenticateView(mfa_views.AuthenticateView):
    """Ask for the second factor after the password; nobody is signed in before it is right."""

    template_name = "moderation/sign_in/authenticate.html"

    def dispatch(self, request, *args, **kwargs):
        """Say why a code leads back to the password, where the session between the two is over."""
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST" and not (hasattr(request, "_login_stage") or request.user.is_authenticated):
            messages.warning(request, _STAGE_ENDED)
        return response

    def get_context_data(self, **kwargs):
        has_passkey = is_mfa_enabled(self.stage.login.user, [Authenticator.Type.WEBAUTHN])
        return super().get_context_data(**kwargs) | {"has_passkey": has_passkey}


class PasskeyLoginView(passkey_views.LoginWebAuthnView):
    """Sign in with a passkey alone, which stands for both factors."""


class CountedPasswordResetView(PasswordResetView):
    """Wagtail's request for a new password, counted by address."""

    form_class = QueuedPasswordResetForm

    def get_form_class(self):
        return self.form_class


class CountedChangePasswordPanel(ChangePasswordPanel):
    """Wagtail's change of the password, with guesses at the old one counted."""

    form_class = CountedPasswordChangeForm


class DeskAccountView(AccountView):
    """Wagtail's account screen without preferences for the mails that are never sent: the SOP has its own."""

    def get_panels(self):
        panels = []
        for panel in super().get_panels():
            if isinstance(panel, ChangePasswordPanel):
                panels.append(CountedChangePasswordPanel(panel.request, panel.user, panel.profile))
            elif not isinstance(panel, NotificationsSettingsPanel):
                panels.append(panel)
        return panels


class AccountScreen(WagtailAdminTemplateMixin):
    """Screen of one's own account in the admin."""

    header_icon = "lock"
    #: Where the way back leads; nowhere on the first screen.
    back = True

    def get_breadcrumbs_items(self):
        above = [
            {"url": reverse_lazy("wagtailadmin_home"), "label": "Beranda"},
            {"url": reverse_lazy("wagtailadmin_account"), "label": "Akun"},
        ]
        if self.back:
            above.append({"url": reverse_lazy("mfa_index"), "label": "Keamanan akun"})
        return [*above, {"url": "", "label": self.get_page_title()}]


class SecurityView(AccountScreen, mfa_views.IndexView):
    """Show one's second factors, and by when one is needed."""

    template_name = "moderation/sign_in/security.html"
    page_title = "Keamanan akun"
    back = False

    def get_context_data(self, **kwargs):
        sessions.refresh(self.request)
        due, is_due = sessions.get_due(self.request.session), sessions.is_due(self.request.session)
        remaining = "" if due is None or is_due else second_factor.describe_remaining(due)
        return super().get_context_data(due=due, is_due=is_due, remaining=remaining)


class ReauthenticateView(AccountScreen, account_views.ReauthenticateView):
    """Ask for the password before a change of the second factor."""

    template_name = "moderation/sign_in/reauthenticate.html"
    page_title = "Pastikan ini Anda"


class ReauthenticateByCodeView(AccountScreen, mfa_views.ReauthenticateView):
    """Ask for a code before a change of the second factor."""

    template_name = "moderation/sign_in/reauthenticate.html"
    page_title = "Pastikan ini Anda"


class ReauthenticateByPasskeyView(AccountScreen, passkey_views.ReauthenticateWebAuthnView):
    """Ask for a passkey before a change of the second factor."""

    template_name = "moderation/sign_in/reauthenticate_passkey.html"
    page_title = "Pastikan ini Anda"


class ActivateAppView(AccountScreen, totp_views.ActivateTOTPView):
    """Set up an app that shows codes."""

    template_name = "moderation/sign_in/activate_app.html"
    page_title = "Pasang aplikasi kode"


class DeactivateAppView(AccountScreen, totp_views.DeactivateTOTPView):
    """Remove the app that shows codes."""

    template_name = "moderation/sign_in/confirm.html"
    page_title = "Lepas aplikasi kode"
    extra_context = {"question": "Kode dari aplikasi tidak akan diminta lagi saat Anda masuk.", "button": "Lepas"}


class RecoveryCodesView(AccountScreen, recovery_views.ViewRecoveryCodesView):
    """Show the codes for the day on which the telephone is lost."""

    template_name = "moderation/sign_in/recovery_codes.html"
    page_title = "Kode pemulihan"


class NewRecoveryCodesView(AccountScreen, recovery_views.GenerateRecoveryCodesView):
    """Make new recovery codes in place of the old ones."""

    template_name = "moderation/sign_in/confirm.html"
    page_title = "Buat kode pemulihan baru"
    extra_context = {"question": "Kode pemulihan yang lama tidak berlaku lagi.", "button": "Buat kode baru"}


class AddPasskeyView(AccountScreen, passkey_views.AddWebAuthnView):
    """Add a passkey: a fingerprint, a face, or a key in the USB port."""

    template_name = "moderation/sign_in/add_passkey.html"
    page_title = "Tambah passkey"


class RemovePasskeyView(AccountScreen, passkey_views.RemoveWebAuthnView):
    """Remove a passkey, never the last second factor of somebody who must have one."""

    template_name = "moderation/sign_in/confirm.html"
    page_title = "Hapus passkey"
    extra_context = {"question": "Passkey ini tidak dapat dipakai masuk lagi.", "button": "Hapus"}
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form):
        if not may_remove(self.get_object()):
            messages.error(self.request, _CANNOT_REMOVE)
            return redirect("mfa_index")
        return super().form_valid(form)


class SessionsView(AccountScreen, TemplateView):
    """List one's own sessions and end one of them, or all but this one."""

    template_name = "moderation/sign_in/sessions.html"
    page_title = "Sesi yang terbuka"

    def get_context_data(self, **kwargs):
        found = UserSession.objects.purge_and_list(self.request.user)
        listed = [
            {"session": session, "name": describe_browser(session.user_agent), "is_current": session.is_current()}
            for session in sorted(found, key=lambda session: session.last_seen_at, reverse=True)
        ]
        return super().get_context_data(listed=listed, others=sum(not row["is_current"] for row in listed), **kwargs)

    def post(self, request):
        chosen = request.POST.get("session", "")
        rows = UserSession.objects.filter(user=request.user)
        own = request.session.session_key
        ended = [row for row in rows if (str(row.pk) == chosen if chosen else row.session_key != own)]
        is_own = any(session.is_current() for session in ended)
        for session in ended:
            session.end()
        if is_own:
            logout(request)
            return redirect("wagtailadmin_login")
        messages.success(request, f"{len(ended)} sesi diakhiri.")
        return redirect("usersessions_list")
