"""Forms of a proposal: what its proposer writes, and PPID Pembantu's answer."""

from django import forms
from django.http import QueryDict

from moderation.chain.dispositions import GONE, NOT_LIVE, PROPOSED_FIELDS
from moderation.models import Disposition, PendingUpload, Proposal
from moderation.uploads.control_characters import replace_control_characters
from moderation.uploads.materials import EXTENSIONS, MAX_FILES

from . import pending_uploads
from .proposals import ORIGINS

#: Keys of kept files that are read from a form, and the length of one.
MAX_KEYS, MAX_DIGITS = 2 * pending_uploads.MOST, 18


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Field for several uploaded files, whose kind and size are checked where they are stored."""

    def __init__(self, **kwargs):
        widget = ManyFilesInput(attrs={"accept": ",".join(f".{extension}" for extension in EXTENSIONS)})
        help_text = f"Paling banyak {MAX_FILES} berkas, masing-masing paling besar 20 MB."
        super().__init__(required=False, widget=widget, help_text=help_text, **kwargs)

    def clean(self, data, initial=None):
        # Do not call the parent's clean: the sheet has its own messages for empty and over-long files.
        files = data if isinstance(data, (list, tuple)) else [data]
        return [file for file in files if file]


class KeepsFiles(forms.BaseForm):
    """Form with a field ``files`` that keeps what was chosen when it is refused, until its person sends it again.

    The screen sends the keys of kept files as ``kept``, of those that were ticked off as ``dropped``
    (templates/moderation/parts/kept_files.html).
    """

    data: QueryDict

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        sent, self.dropped = self._read_keys("kept"), self._read_keys("dropped")
        self.kept: list[PendingUpload] = pending_uploads.find(user, sent - self.dropped)
        self.is_incomplete = len(self.kept) < len(sent - self.dropped)

    def clean(self):
        data = super().clean()
        if self.is_incomplete:
            self.add_error("files", GONE)
        return data

    @property
    def old_item(self) -> Disposition | None:
        """The older item that the form names, while its text is live."""
        field = self["based_on"]
        try:
            return field.field.clean(field.value())
        except forms.ValidationError:
            return None

    def get_files(self) -> list:
        """Return all files of the form: kept ones, and those that came with it now."""
        return self.kept + self.cleaned_data.get("files", [])

    def keep_files(self) -> list:
        """Keep what came with the form now, forget what was ticked off; return all, with what may not be kept."""
        pending_uploads.drop(self.user, self.dropped)
        kept, refused = pending_uploads.keep(self.user, self.files.getlist("files"))
        self.kept += kept
        return self.kept + refused

    def reread_kept(self) -> None:
        """Leave out what is not kept any more, after a step was refused for it."""
        self.kept = pending_uploads.find(self.user, [upload.pk for upload in self.kept])

    def _read_keys(self, name) -> set[int]:
        values = self.data.getlist(name) if self.is_bound else []
        return {int(value) for value in values[:MAX_KEYS] if value.isdecimal() and len(value) <= MAX_DIGITS}


class ProposalForm(KeepsFiles, forms.ModelForm):
    """Usulan, in words that a proposer knows; the fields become those of the disposition sheet."""

    version = forms.IntegerField(label="Versi", required=False, min_value=1, widget=forms.HiddenInput)
    #: The older item whose text the draft begins with.
    based_on = forms.ModelChoiceField(
        Disposition.objects.filter(page__live=True),
        label="Materi lama",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": NOT_LIVE},
    )

    class Meta:
        model = Proposal
        fields = PROPOSED_FIELDS
        widgets = {
            "instructions": forms.Textarea(attrs={"rows": 6}),
            "source_note": forms.Textarea(attrs={"rows": 2}),
            "activity_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        labels = {"subject": "judul", "instructions": "uraian"}
        help_texts = {
            "subject": "Pokok yang diusulkan untuk ditayangkan. Menjadi perihal disposisi dan judul awal materi.",
            "instructions": "Apa yang terjadi, siapa yang hadir, apa hasilnya. PPID Pembantu meneruskannya sebagai "
            "isi disposisi. Jangan menulis NIK, nomor telepon, atau alamat rumah.",
            "activity_name": "Tiga isian kegiatan wajib bila usulan berasal dari penyelenggaraan kegiatan.",
        }
        error_messages = {"subject": {"required": "Isi judul."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["origin"] = forms.ChoiceField(
            label="Asal",
            choices=[(origin.value, origin.label) for origin in ORIGINS],
            widget=forms.RadioSelect,
            error_messages={"required": "Pilih asal usulan."},
        )
        self.fields["kind"] = forms.ChoiceField(
            label="Jenis materi", choices=Proposal.Kind.choices, required=False, widget=forms.RadioSelect
        )
        self.fields["files"] = ManyFilesField(label="Foto dan berkas")
        if self.instance.pk:
            self.fields["removed"] = forms.ModelMultipleChoiceField(
                self.instance.materials.order_by("pk"),
                label="Hapus berkas",
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            self.initial["origin"] = Proposal.Origin.ACTIVITY
        for field in self.fields.values():
            label = str(field.label)
            field.label = label[:1].upper() + label[1:]

    def clean(self):
        super().clean()
        data = {name: replace_control_characters(value) for name, value in self.cleaned_data.items()}
        data["kind"] = data.get("kind") or Proposal.Kind.NEWS
        return data

    def get_facts(self) -> dict:
        """Return the cleaned data by the fields of a proposal."""
        copied = {} if self.instance.pk else {"based_on": self.cleaned_data["based_on"]}
        return {name: self.cleaned_data[name] for name in PROPOSED_FIELDS} | copied


class DecisionForm(forms.Form):
    """PPID Pembantu's answer to a proposal that becomes no disposition."""

    version = forms.IntegerField(label="Versi", min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Alasan",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Pengusul membacanya lewat surel dan pada layar usulan.",
        error_messages={"required": "Tulis alasannya, agar pengusul tahu."},
    )
