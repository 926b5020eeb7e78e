from django import forms
from django.utils import timezone

from moderation.uploads.control_characters import has_control_characters
from news.social.models.share import Share

UNSEEN = "Teks memuat karakter yang tidak terlihat. Ketik ulang."


class _CleanText(forms.CharField):
    """A line of text without characters that no screen shows."""

    def clean(self, value):
        if has_control_characters(value):
            raise forms.ValidationError(UNSEEN)
        return super().clean(value)


class ShareForm(forms.Form):
    """Where the message was sent, and when."""

    target = _CleanText(
        label="Sudah saya bagikan ke",
        max_length=Share._meta.get_field("target").max_length,
        help_text="Nama grup atau penerima, misalnya: Grup WhatsApp Kepala Desa. Jangan tulis nomor telepon.",
    )
    shared_on = forms.DateField(
        label="Tanggal", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )
    seal = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shared_on"].widget.attrs["max"] = timezone.localdate().isoformat()


class EndForm(forms.Form):
    """Why a share is ended; only some endings ask."""

    note = _CleanText(label="Catatan", max_length=Share._meta.get_field("note").max_length, required=False)

    def __init__(self, *args, ending, **kwargs):
        super().__init__(*args, **kwargs)
        if ending.asks_note:
            self.fields["note"].required = True
            self.fields["note"].label = "Alasan"
