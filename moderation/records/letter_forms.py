"""Forms of the agenda: one letter, and the filters of the list."""

from django import forms
from django.utils import timezone

from moderation.models import IncomingLetter
from moderation.uploads import materials
from moderation.uploads.control_characters import replace_control_characters

from .letters import FIELDS

_SCANS = ("pdf", "jpg", "jpeg", "png", "webp", "heic")


class LetterForm(forms.ModelForm):
    """A letter of the Agenda surat masuk, with its scan."""

    scan_file = forms.FileField(
        label="Berkas pindaian",
        required=False,
        help_text="PDF atau foto surat, paling besar 20 MB. Berkas baru menggantikan yang lama.",
        widget=forms.FileInput(attrs={"accept": ",".join(f".{extension}" for extension in _SCANS)}),
    )
    version = forms.IntegerField(label="Versi", widget=forms.HiddenInput, required=False, min_value=1)

    class Meta:
        model = IncomingLetter
        fields = FIELDS
        widgets = {
            name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            for name in ("received_date", "letter_date")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = field.label[:1].upper() + field.label[1:]
            field.error_messages["required"] = f"Isi {field.label[:1].lower()}{field.label[1:]}."

    def clean_scan_file(self):
        scan = self.cleaned_data["scan_file"]
        if scan:
            problem = materials.find_problem(scan)
            if not problem and not scan.name.lower().endswith(tuple(f".{extension}" for extension in _SCANS)):
                problem = f"Berkas “{scan.name}” bukan pindaian surat. Jenis yang diterima: {', '.join(_SCANS)}."
            if problem:
                raise forms.ValidationError(problem)
        return scan

    def clean(self):
        super().clean()
        data = {name: replace_control_characters(value) for name, value in self.cleaned_data.items()}
        today = timezone.localdate()
        for name in ("received_date", "letter_date"):
            if data.get(name) and data[name] > today:
                self.add_error(name, "Tanggal ini belum tiba. Periksa kembali tanggalnya.")
        received, written = data.get("received_date"), data.get("letter_date")
        if received and written and written > received:
            self.add_error("letter_date", "Tanggal surat tidak boleh setelah tanggal terima.")
        if received and self.instance.pk and received.year != self.instance.agenda_year:
            self.add_error("received_date", "Surat ini tercatat dalam agenda tahun lain. Tahun terima tidak berubah.")
        return data

    def get_facts(self) -> dict:
        """Return the cleaned data by the columns of the agenda."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class AgendaFilterForm(forms.Form):
    """Filters of the agenda; unknown values are ignored."""

    q = forms.CharField(label="Cari", required=False, max_length=200)
    year = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = IncomingLetter.objects.order_by("-agenda_year").values_list("agenda_year", flat=True).distinct()
        self.fields["year"].choices = [("", "Semua"), *((year, str(year)) for year in years)]

    def get_filters(self) -> dict:
        """Return the valid values."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def describe(self, filters: dict) -> list[str]:
        """Return a description of the filters for the printed agenda."""
        return [f"{self.fields[name].label}: {value}" for name, value in filters.items()]
