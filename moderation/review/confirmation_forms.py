"""Forms of a source confirmation: what is asked, and what is answered."""

from django import forms

from moderation.models import SourceConfirmation
from moderation.uploads.control_characters import replace_control_characters

Answer = SourceConfirmation.Answer
_CHOOSE = "Pilih Benar atau Perlu diubah."


class AskForm(forms.Form):
    """Which passage, and who is asked."""

    passage = forms.CharField(
        label="Bagian naskah", max_length=64, error_messages={"required": "Pilih bagian naskah yang ditanyakan."}
    )
    source = forms.CharField(
        label="Narasumber",
        required=False,
        max_length=SourceConfirmation._meta.get_field("source").max_length,
        help_text="Nama atau jabatan. Boleh kosong untuk kutipan: dipakai nama pada kutipan itu.",
    )

    def clean_source(self):
        return replace_control_characters(self.cleaned_data["source"]).strip()


class AnswerForm(forms.Form):
    """One of two buttons, and one box."""

    words = forms.CharField(
        label="Keterangan",
        required=False,
        max_length=2000,
        # Without maxlength, because browsers cut longer text off silently.
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Bila perlu diubah, tulis yang benar. Jangan menulis NIK, nomor telepon, atau alamat rumah.",
        error_messages={"max_length": "Keterangan paling panjang 2.000 huruf."},
    )
    answer = forms.ChoiceField(choices=Answer.choices, error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE})

    def clean_words(self):
        return replace_control_characters(self.cleaned_data["words"].replace("\r\n", "\n")).strip()

    def clean(self):
        super().clean()
        if self.cleaned_data.get("answer") == Answer.CHANGE and self.cleaned_data.get("words") == "":
            self.add_error("words", "Tulis apa yang perlu diubah.")
        return self.cleaned_data
