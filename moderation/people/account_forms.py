"""Forms of an account: one field for the whole name, and the roles with what each does.

Many people here have one name only, and no surname is one; the name stands in ``first_name``.
"""

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Case, Value, When
from django.utils.html import format_html
from wagtail.admin.forms.account import NameEmailForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from moderation import sop


class WholeName(forms.ModelForm):
    """Mixin: ``first_name`` is the whole name; a surname that was stored apart moves there with the next save."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["last_name"]
        self.fields["first_name"] = forms.CharField(
            label="Nama lengkap",
            max_length=self.instance._meta.get_field("first_name").max_length,
            help_text="Seperti dalam surat dinas, boleh satu kata, boleh dengan gelar.",
        )
        self.initial["first_name"] = self.instance.get_full_name()

    def clean(self):
        self.instance.last_name = ""
        return super().clean()


class RoleField(forms.ModelMultipleChoiceField):
    """Groups in the order of the SOP's rows, each role with a sentence."""

    def __init__(self):
        order = Case(*(When(name=str(role), then=Value(place)) for place, role in enumerate(sop.DUTIES)), default=99)
        groups = Group.objects.order_by(order, "name")
        super().__init__(groups, label="Peran", required=False, widget=forms.CheckboxSelectMultiple)

    def label_from_instance(self, group):
        duty = sop.DUTIES.get(group.name)
        return format_html("<span>{}<br><span class='help'>{}</span></span>", group.name, duty) if duty else group.name


class NewAccountForm(WholeName, UserCreationForm):
    """Form of a new account."""

    groups = RoleField()


class AccountForm(WholeName, UserEditForm):
    """Form of an account."""

    groups = RoleField()


class OwnNameForm(WholeName, NameEmailForm):
    """Name and address in one's own account."""
