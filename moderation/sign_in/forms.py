"""Forms of the sign-in: guesses are counted, a code works once."""

from datetime import timedelta

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.forms.auth import PasswordChangeForm, PasswordResetForm

from moderation.people import notifications

from . import throttle
from .adapters import AccountAdapter, get_network, list_limits

#: A code of an app is right for its half minute and the ones beside it.
_CODE_LIVES = timedelta(minutes=2)


class _CountedCode(mfa_forms.BaseAuthenticateForm):
    """Counts wrong codes in every process, and takes a right one once."""

    def clean_code(self):
        rows = throttle.consume(list_limits(context.request, self.user.get_username(), is_code=True))
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            _use_once(self.authenticator.pk, code)
        throttle.give_back(rows)
        return code


def _use_once(pk: int, code: str) -> None:
    """Note a code as used; ValidationError if it is noted already."""
    digits = "".join(filter(str.isdigit, code))
    now = timezone.now()
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=pk)
        since = (now - _CODE_LIVES).timestamp()
        used = {old: at for old, at in row.data.get("used", {}).items() if at > since}
        if digits in used:
            raise get_adapter().validation_error("incorrect_code")
        row.data["used"] = used | {digits: now.timestamp()}
        row.save(update_fields=["data"])


class AuthenticateForm(_CountedCode, mfa_forms.AuthenticateForm):
    """A code after the password."""


class ReauthenticateForm(_CountedCode, mfa_forms.ReauthenticateForm):
    """A code before a change of the second factor."""


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    """Add a passkey; by default it also stands for the password."""

    name = forms.CharField(label="Nama passkey", max_length=100, required=False)
    passwordless = forms.BooleanField(
        label="Dapat dipakai masuk tanpa kata sandi",
        required=False,
        initial=True,
        help_text="Perangkat akan meminta sidik jari, wajah, atau PIN setiap kali. Kunci USB lama mungkin tidak dapat.",
    )


class CountedPasswordChangeForm(PasswordChangeForm):
    """Count guesses at the old password, by whoever sits at an open session."""

    def clean_old_password(self):
        rows = throttle.consume(list_limits(context.request, self.user.get_username()))
        password = super().clean_old_password()
        throttle.give_back(rows)
        return password


class QueuedPasswordResetForm(PasswordResetForm):
    """Queue the mail, so that no mail server is waited for; the answer is the same whether the account exists."""

    def clean(self):
        data = super().clean()
        address = get_network(AccountAdapter().get_client_ip(context.request))
        throttle.consume(throttle.list_mail_limits(data.get("email", ""), address))
        return data

    def send_mail(self, subject_template, email_template, mail_context, *args, **kwargs):
        user = mail_context["user"]
        key = {"uidb64": mail_context["uid"], "token": mail_context["token"]}
        notifications.tell(
            user,
            "Kata sandi baru",
            f"Seseorang meminta kata sandi baru untuk akun {user.get_username()}. Buka tautan di bawah untuk "
            "membuatnya. Bila bukan Anda, abaikan surel ini: kata sandi Anda tidak berubah.",
            address=notifications.get_link(reverse("wagtailadmin_password_reset_confirm", kwargs=key)),
        )
