"""The forms of the ledger's screens."""

from django import forms
from django.db.models import TextChoices

from .models import Account, Delivery, FollowUp


class Group(TextChoices):
    """What the list can be narrowed to: the states in words, and what waits for a person."""

    WAITING_FOR_PERSON = "perlu-keputusan", "Perlu keputusan"
    PENDING = "menunggu", "Menunggu"
    HELD = "dijeda", "Dijeda"
    SENDING = "dikirim", "Dikirim"
    SENT = "terkirim", "Terkirim"
    FAILED = "gagal", "Gagal"
    UNCERTAIN = "tidak-diketahui", "Tidak diketahui"


_STATES = {
    Group.PENDING: Delivery.State.PENDING,
    Group.SENDING: Delivery.State.SENDING,
    Group.SENT: Delivery.State.SENT,
    Group.FAILED: Delivery.State.FAILED,
    Group.UNCERTAIN: Delivery.State.UNCERTAIN,
}


class FilterForm(forms.Form):
    """Narrows the list by state and channel; what it does not know it ignores."""

    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Semua status"), *Group.choices])
    kanal = forms.ModelChoiceField(
        Account.objects.all(), label="Kanal", required=False, to_field_name="key", empty_label="Semua kanal"
    )

    def narrow(self, deliveries):
        """Return the deliveries that were asked for."""
        self.full_clean()
        group, account = self.cleaned_data.get("status"), self.cleaned_data.get("kanal")
        if account:
            deliveries = deliveries.filter(account=account)
        if group == Group.WAITING_FOR_PERSON:
            return deliveries.waiting_for_person()
        if group == Group.HELD:
            return deliveries.held()
        return deliveries.filter(state=_STATES[group]) if group else deliveries


class DecisionForm(forms.Form):
    """What a decision asks for: the link of the post, or a note."""

    link = forms.URLField(
        label="Tautan unggahan",
        max_length=500,
        assume_scheme="https",
        help_text="Buka unggahan di kanal, lalu salin alamatnya ke sini.",
    )
    note = forms.CharField(
        label="Catatan", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Masuk ke jejak audit."
    )

    def __init__(self, *args, decision, **kwargs):
        super().__init__(*args, **kwargs)
        if not decision.asks_link:
            del self.fields["link"]
        if not decision.asks_note:
            del self.fields["note"]


class FollowUpForm(forms.Form):
    """What ending a follow-up asks for: the link of what was posted by hand, or a note."""

    link = forms.URLField(
        label="Tautan ralat di kanal",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Opsional. Buka unggahan ralat di kanal, lalu salin alamatnya ke sini.",
    )
    note = forms.CharField(
        label="Catatan", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Masuk ke jejak audit."
    )

    def __init__(self, *args, decision, follow_up, **kwargs):
        super().__init__(*args, **kwargs)
        if decision.code != "selesai" or follow_up.kind != FollowUp.Kind.REPLY:
            del self.fields["link"]
        if not decision.asks_note:
            del self.fields["note"]
