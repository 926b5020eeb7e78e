"""Forms of the ledger."""

from django import forms
from django.db.models import Q, TextChoices

from news.social.models import Account, Delivery, FollowUp


class Group(TextChoices):
    """Choices of the list's filter: the states, and deliveries that need a person."""

    WAITING_FOR_PERSON = "perlu-keputusan", "Perlu keputusan"
    TASK = "perlu-dibagikan", "Perlu dibagikan petugas"
    PENDING = "menunggu", "Menunggu"
    HELD = "dijeda", "Dijeda"
    SENDING = "dikirim", "Dikirim"
    SENT = "terkirim", "Terkirim"
    FAILED = "gagal", "Gagal"
    UNCERTAIN = "tidak-diketahui", "Tidak diketahui"


_STATES = {
    Group.TASK: Delivery.State.TASK,
    Group.PENDING: Delivery.State.PENDING,
    Group.SENDING: Delivery.State.SENDING,
    Group.SENT: Delivery.State.SENT,
    Group.FAILED: Delivery.State.FAILED,
    Group.UNCERTAIN: Delivery.State.UNCERTAIN,
}


DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class FilterForm(forms.Form):
    """Filters of the list; ignores unknown values."""

    cari = forms.CharField(label="Cari judul atau nomor register", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Semua status"), *Group.choices])
    kanal = forms.ModelChoiceField(
        Account.objects.all(), label="Kanal", required=False, to_field_name="key", empty_label="Semua kanal"
    )

    dari = forms.DateField(label="Dari tanggal", required=False, widget=DAY)
    sampai = forms.DateField(label="Sampai tanggal", required=False, widget=DAY)

    def narrow(self, deliveries):
        """Return the deliveries that match the filters."""
        self.full_clean()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        self.is_narrowed = bool(asked)
        if "cari" in asked:
            words = asked["cari"]
            deliveries = deliveries.filter(Q(title__icontains=words) | Q(disposition__register_number__icontains=words))
        if "kanal" in asked:
            deliveries = deliveries.filter(account=asked["kanal"])
        if "dari" in asked:
            deliveries = deliveries.filter(created_at__date__gte=asked["dari"])
        if "sampai" in asked:
            deliveries = deliveries.filter(created_at__date__lte=asked["sampai"])
        return self._narrow_to_group(deliveries, asked.get("status"))

    def _narrow_to_group(self, deliveries, group):
        if group == Group.WAITING_FOR_PERSON:
            return deliveries.waiting_for_person()
        if group == Group.HELD:
            return deliveries.held()
        return deliveries.filter(state=_STATES[group]) if group else deliveries


class DecisionForm(forms.Form):
    """Data of a decision: the link of the post, or a note."""

    link = forms.URLField(
        label="Tautan unggahan",
        max_length=500,
        assume_scheme="https",
        help_text="Buka unggahan di kanal, lalu salin alamatnya ke sini.",
    )
    vouched = forms.BooleanField(error_messages={"required": "Periksa akun lebih dahulu, lalu centang pernyataannya."})
    note = forms.CharField(
        label="Catatan", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Masuk ke jejak audit."
    )

    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, decision, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["vouched"].label = decision.vouches
        self.fields["note"].label = decision.note_label
        if decision.asks_proof:
            self.fields["link"].required = self.fields["note"].required = False
            self.fields["link"].help_text = "Alamat yang Anda bagikan, bila tempat itu memberinya."
            self.fields[
                "note"
            ].help_text = "Bila tanpa tautan: di mana, misalnya Grup Kepala Desa. Tanpa nomor telepon."
        asked = {
            "link": decision.asks_link or decision.asks_proof,
            "vouched": decision.vouches,
            "note": decision.asks_note or decision.asks_proof,
            "seal": decision.asks_proof,
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]


class FollowUpForm(forms.Form):
    """Data for ending a follow-up: the link of a manual post, or a note."""

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
