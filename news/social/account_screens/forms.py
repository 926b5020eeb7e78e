"""Forms of Admin → Kanal, built from the adapter's fields."""

from django import forms

from news.social import channels
from news.social.channels.errors import Rejected
from news.social.channels.http import hosts
from news.social.channels.oauth import OAuthFlow
from news.social.channels.post import Field
from news.social.models import Account

KEEP = "Kosongkan untuk tetap memakai yang tersimpan."
#: A place with less room could not take a title with its link.
SHORTEST = 200
_LABEL = Account._meta.get_field("label")


class ServerField(forms.CharField):
    """The address of a public server, normalised."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return text
        try:
            return hosts.read_server(text)
        except Rejected as error:
            raise forms.ValidationError(error.message) from error


class LengthField(forms.IntegerField):
    """A number of characters with room for a link, as the text that an adapter takes."""

    def __init__(self, **kwargs):
        super().__init__(min_value=SHORTEST, max_value=100_000, **kwargs)


def make_field(field: Field, *, stored: bool) -> forms.Field:
    """Return the form field of an adapter's field; never show a secret, and keep the stored one when empty."""
    options = {"label": field.label, "help_text": field.help, "required": field.required, "initial": field.default}
    if field.secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        options |= {"widget": widget, "initial": None, "required": field.required and not stored}
        if stored:
            options["help_text"] = f"{field.help} {KEEP}".strip()
        return forms.CharField(max_length=5000, **options)
    if field.type == "yesno":
        return forms.BooleanField(**{**options, "required": False})
    if field.type == "choice":
        return forms.ChoiceField(choices=field.choices, **options)
    if field.type == "length":
        return LengthField(**options)
    if field.type == "number":
        return forms.DecimalField(min_value=0, max_digits=12, decimal_places=4, **options)
    kind = ServerField if field.type == "url" else forms.CharField
    return kind(max_length=500, **options)


class AccountForm(forms.Form):
    """The name of an account and its adapter's fields, split into settings and secrets."""

    label = forms.CharField(
        label="Nama kanal",
        max_length=_LABEL.max_length,
        help_text="Nama yang dipakai pada perintah tayang dan di Unggahan, misalnya “Facebook Kecamatan”.",
    )

    def __init__(self, *args, asked: list[Field], secrets: list[Field], account: Account | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked, self.secrets, self.account = asked, secrets, account
        has_stored = account is not None and bool(account.credentials)
        for field in asked:
            self.fields[field.name] = make_field(field, stored=False)
            if account is not None and field.name in account.settings:
                self.fields[field.name].initial = account.settings[field.name]
        for field in secrets:
            self.fields[field.name] = make_field(field, stored=has_stored)
            if has_stored:
                self.fields[field.name].required = False
        if account is not None:
            self.fields["label"].initial = account.label

    @property
    def values(self) -> dict:
        """The settings in JSON types, as the adapter takes them."""
        given = {field.name: self.cleaned_data[field.name] for field in self.asked}
        return {
            name: value if isinstance(value, (bool, str)) else ("" if value is None else str(value))
            for name, value in given.items()
        }

    @property
    def given(self) -> dict:
        """The secrets that were typed."""
        return {field.name: self.cleaned_data[field.name] for field in self.secrets if self.cleaned_data[field.name]}


class ChangeForm(AccountForm):
    """The name and settings of a connected account; invalid when the account has changed since."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why an account is paused or deleted."""

    reason = forms.CharField(label="Alasan", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class DeleteForm(ReasonForm):
    """What to do with the waiting posts of a deleted account."""

    KEEP, CANCEL = "tunggu", "batalkan"
    version = forms.IntegerField(widget=forms.HiddenInput)
    waiting_total = forms.IntegerField(widget=forms.HiddenInput)
    waiting = forms.ChoiceField(label="Yang menunggu kanal ini", widget=forms.RadioSelect)

    def __init__(self, *args, may_cancel: bool, unsent: int, total: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not total:
            del self.fields["waiting"]
            return
        choices = [(self.KEEP, "Biarkan menunggu sampai akun dihubungkan kembali")]
        if may_cancel and unsent:
            choices.append((self.CANCEL, f"Batalkan {unsent} unggahan yang belum dikirim"))
        self.fields["waiting"].choices = choices


def get_kinds() -> list[type[channels.Channel]]:
    """Return what can be added: the networks that take credentials, and places where a person posts."""
    kinds = channels.KINDS.items()
    return [channel for kind, channel in kinds if channel.credentials_fields or kind == channels.BY_HAND]


def get_asked(channel: type[channels.Channel], flow: OAuthFlow | None) -> list[Field]:
    """Return the settings to ask for: all for a pasted token, else what the consent screen does not give.

    Other servers than the network's own are asked for where the site allows networks on loopback.
    """
    fields = [*channel.settings_fields, *(channel.server_fields if hosts.Policy.allow_loopback else ())]
    if flow is None:
        return fields
    return [field for field in fields if field.name in flow.needs or not field.required or field.default != ""]


def get_secrets(channel: type[channels.Channel], flow: OAuthFlow | None) -> list[Field]:
    """Return the secrets to ask for: all for a pasted token, else the application's."""
    fields = channel.credentials_fields
    if flow is None:
        return list(fields)
    if getattr(flow, "registration_url", ""):
        return []
    return [Field(**{**vars(field), "required": True}) for field in fields if field.name in flow.app_fields]
