"""Notification preferences in Wagtail's account settings."""

from django import forms
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from moderation.models import NotificationPreference
from moderation.models.roles import may_see_desk


class NotificationPreferenceForm(forms.ModelForm):
    """Choose each mail, a daily digest or none, and a WhatsApp number for reminders by colleagues."""

    class Meta:
        model = NotificationPreference
        fields = ("mode", "digest_hour", "phone")
        widgets = {"mode": forms.RadioSelect, "phone": forms.TextInput(attrs={"inputmode": "tel"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = field.label[:1].upper() + field.label[1:]
        # People group the digits of a number as they read them out.
        self.fields["phone"].to_python = lambda value: "".join(c for c in str(value or "") if c not in " -.()")


class NotificationPreferencePanel(BaseSettingsPanel):
    """Panel shown to everyone with access to the desk."""

    name = "pemberitahuan"
    title = "Pemberitahuan alur SOP"
    tab = notifications_tab
    order = 100
    form_class = NotificationPreferenceForm

    def is_active(self):
        return may_see_desk(self.user)

    def get_form(self):
        instance = NotificationPreference.objects.filter(user=self.user).first()
        data = self.request.POST if self.request.method == "POST" else None
        return self.form_class(data, instance=instance or NotificationPreference(user=self.user), prefix=self.name)
