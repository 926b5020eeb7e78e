"""Forms of the personal-data check: the tick for warnings, and the verifier's verdict."""

from django import forms

from .. import sop
from ..models import FindingDecision

TICK_LABEL = "Sudah saya periksa"
_Decision = FindingDecision.Decision
#: Choices of the verifier: a decision, with a legal basis where it needs one.
VERDICTS = {
    _Decision.FALSE_ALARM.value: (_Decision.FALSE_ALARM, "", _Decision.FALSE_ALARM.label),
    **{
        f"pasal20{letter}": (_Decision.LAWFUL, letter, f"Ada dasar, Pasal 20 huruf {letter}: {words}")
        for letter, words in sop.PROCESSING_BASES
    },
    _Decision.REMOVE.value: (_Decision.REMOVE, "", _Decision.REMOVE.label),
}


class TickMixin(forms.Form):
    """Form of a step at which warnings need a tick."""

    warnings_checked = forms.BooleanField(label=TICK_LABEL, required=False)


class AssessForm(forms.Form):
    """The verifier's verdict on one finding."""

    fingerprint = forms.CharField(
        max_length=64, widget=forms.HiddenInput, error_messages={"required": "Temuan yang dinilai tidak disebut."}
    )
    verdict = forms.ChoiceField(
        label="Penilaian",
        choices=[("", "Pilih penilaian"), *((key, words) for key, (_d, _b, words) in VERDICTS.items())],
        error_messages={
            "required": "Pilih penilaian untuk temuan itu.",
            "invalid_choice": "Penilaian yang dipilih tidak dikenal.",
        },
    )
    sentence = forms.CharField(
        label="Alasan",
        max_length=1000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Satu kalimat, tanpa menuliskan kembali nilainya.",
        error_messages={
            "required": "Tulis alasan penilaian dalam satu kalimat.",
            "min_length": "Tulis alasan penilaian dalam satu kalimat.",
            "max_length": "Alasan paling panjang 1.000 huruf.",
        },
    )

    def get_data(self) -> dict:
        """Return the data that the step uses and stores."""
        return self.cleaned_data
