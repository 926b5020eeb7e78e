"""The form of the disposition sheet (row 1), grouped as the office's paper form."""

from django import forms
from django.utils import timezone

from moderation.chain import dispositions
from moderation.chain.dispositions import NOT_LIVE, REQUIRED_BY_ORIGIN, SHEET_FIELDS, describe_letter, find_problems
from moderation.models import Disposition, IncomingLetter, Proposal
from moderation.records.proposal_forms import KeepsFiles, ManyFilesField
from moderation.uploads import materials
from moderation.uploads.validation import OLD_KINDS

_OF_THE_LETTER = ("letter_sender", "letter_number", "letter_date", "received_date", "agenda_number")


class DispositionForm(KeepsFiles, forms.ModelForm):
    """Lembar disposisi: the fields of the office's paper, with the source material."""

    #: The letter of the agenda from which the sheet takes its facts.
    letter = forms.ModelChoiceField(
        IncomingLetter.objects.all(), label="Surat masuk", required=False, widget=forms.HiddenInput
    )
    #: The proposal it answers, with the version that was read; its files are Bahan already.
    proposal = forms.ModelChoiceField(Proposal.objects.all(), label="Usulan", required=False, widget=forms.HiddenInput)
    proposal_version = forms.IntegerField(label="Versi usulan", required=False, min_value=1, widget=forms.HiddenInput)
    #: The older item whose text the draft begins with.
    based_on = forms.ModelChoiceField(
        Disposition.objects.filter(page__live=True),
        label="Materi lama",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": NOT_LIVE},
    )
    files = ManyFilesField(label="Berkas bahan")

    GROUPS = (
        ("sheet", "Lembar disposisi", "", ("origin", "priority", "kind", "subject", "is_urgent")),
        (
            "letter",
            "Surat masuk",
            "Wajib diisi bila disposisi berasal dari surat masuk.",
            _OF_THE_LETTER,
        ),
        (
            "activity",
            "Kegiatan",
            "Wajib diisi bila disposisi berasal dari penyelenggaraan kegiatan. Terisi lebih dahulu pada berita.",
            ("activity_name", "activity_date", "activity_place"),
        ),
        ("source", "Narasumber", "Wajib diisi bila disposisi berasal dari narasumber informasi.", ("source_person",)),
        ("order", "Isi disposisi kepada Sekretaris", "", ("request", "instructions")),
        (
            "material",
            "Bahan",
            "Unggah berkas, atau tulis di mana bahan hardcopy berada. Salah satu wajib ada.",
            ("files", "source_note"),
        ),
    )

    class Meta:
        model = Disposition
        fields = SHEET_FIELDS
        widgets = {
            "origin": forms.RadioSelect,
            "priority": forms.RadioSelect,
            "kind": forms.RadioSelect,
            "request": forms.RadioSelect,
            "instructions": forms.Textarea(attrs={"rows": 4}),
            "source_note": forms.Textarea(attrs={"rows": 2}),
            **{
                name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                for name in ("letter_date", "received_date", "activity_date")
            },
        }
        labels = {"instructions": "isi/catatan"}
        error_messages = {
            "origin": {"required": "Pilih asal disposisi."},
            "subject": {"required": "Isi perihal."},
        }
        help_texts = {
            "subject": "Pokok materi yang akan dipublikasikan. Menjadi judul awal materi.",
            "priority": "Materi rahasia tidak dapat dipublikasikan.",
            "kind": "Menentukan daftar pada website tempat materi ditayangkan. Tidak dapat diubah setelah terbit.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        for name in ("origin", "priority", "kind", "request"):
            field = self.fields[name]
            field.choices = [choice for choice in field.choices if choice[0]]
        for field in self.fields.values():
            field.label = field.label[:1].upper() + field.label[1:]

        if self["letter"].value():
            # Sekretariat corrects these facts in the agenda.
            for name in _OF_THE_LETTER:
                self.fields[name].widget.attrs["readonly"] = True

    def clean_kind(self):
        """Default to news, as in the SOP."""
        return self.cleaned_data["kind"] or Disposition.Kind.NEWS

    def clean(self):
        super().clean()
        data = self.cleaned_data
        from_letter = describe_letter(data.get("letter"))
        for name in from_letter.keys() & self.errors.keys():
            del self.errors[name]
        data |= from_letter
        proposal = data.get("proposal")
        kept = proposal.materials.count() if proposal else 0
        for name, problem in find_problems(data, self.get_files(), kept).items():
            if name not in self.errors:
                self.add_error(name, problem)
        return data

    @property
    def checks(self) -> dict:
        """Return what the browser checks before the sheet is sent, with the server's own sentences.

        Read by moderation/static/moderation/forms/disposition.js.
        """
        blocks = {name: code for code, _heading, _note, names in self.GROUPS for name in names}
        wanted = {origin.value: names for origin, names in REQUIRED_BY_ORIGIN.items()}
        return {
            "blocks": {origin: blocks[names[0]] for origin, names in wanted.items() if names},
            "always": {name: str(self.fields[name].error_messages["required"]) for name in ("origin", "subject")},
            "wanted": {
                origin: {name: dispositions.describe_missing(origin, name) for name in names}
                for origin, names in wanted.items()
            },
            "secret": {"value": Disposition.Priority.SECRET, "sentence": dispositions.NOT_PUBLIC},
            "past": {"today": timezone.localdate(), "names": dispositions.PAST_DATES, "sentence": dispositions.NOT_YET},
            "material": dispositions.NO_MATERIAL,
            "has_material": bool(self["proposal"].value()),
            "files": {
                "most": materials.MAX_FILES,
                "bytes": materials.MAX_BYTES,
                "name_length": materials.MAX_NAME_LENGTH,
                "shown_of_name": materials.SHOWN_OF_NAME,
                "extensions": [*materials.EXTENSIONS, *OLD_KINDS],
                "too_many": materials.TOO_MANY,
                "unknown_kind": materials.UNKNOWN_KIND,
                "long_name": materials.LONG_NAME,
                "too_large": materials.TOO_LARGE,
                "empty": materials.EMPTY,
            },
        }

    @property
    def groups(self):
        """Return the groups of the sheet with their bound fields, for the template."""
        return [
            {"code": code, "heading": heading, "note": note, "fields": [self[name] for name in names]}
            for code, heading, note, names in self.GROUPS
        ]
