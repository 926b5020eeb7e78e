"""Forms to appoint an acting officer and to end an appointment."""

from django import forms
from django.contrib.auth import get_user_model

from moderation import sop
from moderation.models import ActingOfficer
from moderation.models.roles import display_name

from .appointments import find_problems


class PersonField(forms.ModelChoiceField):
    """Choose one of the office's active users by name and roles, in a constant number of queries."""

    def __init__(self, **kwargs):
        people = get_user_model().objects.filter(is_active=True).prefetch_related("groups")
        super().__init__(people.order_by("first_name", "last_name", "username"), **kwargs)

    def label_from_instance(self, user):
        roles = [role.value for role in sop.Role if role.value in {group.name for group in user.groups.all()}]
        return f"{display_name(user)} ({', '.join(roles)})" if roles else display_name(user)


class AppointForm(forms.ModelForm):
    """Who stands in for which role, from when to when, by which decree."""

    user = PersonField(
        label="Pejabat pengganti", empty_label="Pilih orang", error_messages={"required": "Pilih pejabat pengganti."}
    )
    represents = PersonField(
        label="Pejabat yang digantikan",
        required=False,
        empty_label="Tidak ada",
        help_text=ActingOfficer._meta.get_field("represents").help_text,
    )

    class Meta:
        model = ActingOfficer
        fields = ("role", "kind", "user", "represents", "decree_number", "decree_date", "starts_on", "ends_on")
        widgets = {
            "kind": forms.RadioSelect,
            **{
                name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                for name in ("decree_date", "starts_on", "ends_on")
            },
        }
        error_messages = {
            "role": {"required": "Pilih peran."},
            "decree_number": {"required": "Isi nomor surat keputusan."},
            "decree_date": {"required": "Isi tanggal surat keputusan."},
            "starts_on": {"required": "Isi tanggal mulai."},
            "ends_on": {"required": "Isi tanggal berakhir."},
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["role"].choices = [("", "Pilih peran"), *((role.value, role.value) for role in sop.Role)]
        self.fields["kind"].choices = ActingOfficer.Kind.choices
        for field in self.fields.values():
            field.label = field.label[:1].upper() + field.label[1:]

    def clean(self):
        data = super().clean()
        for name, problem in find_problems(self.by, data).items():
            if name not in self.errors:
                self.add_error(name, problem)
        return data

    def _post_clean(self):
        """Skip the model's validation: ``appointments.appoint`` writes the row and checks it."""


class EndForm(forms.Form):
    """Why an appointment ends before its last day."""

    reason = forms.CharField(
        label="Alasan",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Misalnya: pejabat telah kembali bertugas.",
        error_messages={"required": "Tulis alasannya.", "max_length": "Alasan paling panjang 1.000 huruf."},
    )
