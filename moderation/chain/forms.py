"""Forms of the steps. Instantiable without arguments, because Wagtail's workflow views need that.

Their cleaned data is JSON, because Wagtail carries it through the browser, and is valid input
again, because ``transitions.take`` validates it once more (docs/wagtail-facts.md#workflows).
"""

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from moderation import sop
from moderation.evidence.own_contacts import get_allowed
from moderation.models.roles import display_name, users_with_role
from moderation.ports import channels
from moderation.privacy.forms import AssessForm, TickMixin
from moderation.review.checklist_forms import ChecklistMixin, ReturnMixin
from moderation.scanner import Severity, scan


class ActionForm(forms.Form):
    """Base form of an action."""

    def get_data(self) -> dict:
        """Return the cleaned data that the step uses and stores."""
        return self.cleaned_data


class NoteForm(ActionForm):
    """A step with an optional note for the next actor."""

    comment = forms.CharField(
        label="Catatan",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Catatan paling panjang 5.000 huruf."},
    )


class ReasonForm(ActionForm):
    """A step that needs a written reason (I10)."""

    comment = forms.CharField(
        label="Alasan",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Tulis apa yang harus diperbaiki, agar penerima tahu apa yang harus dilakukan.",
        error_messages={
            "required": "Tulis alasannya.",
            "max_length": "Alasan paling panjang 5.000 huruf.",
        },
    )


class AssignForm(NoteForm):
    """Row 4: which Staf composes."""

    staf = forms.ChoiceField(label="Staf yang ditugaskan")

    field_order = ["staf", "comment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staf"].choices = [("", "Pilih staf")] + [
            (user.pk, display_name(user)) for user in users_with_role(sop.Role.STAF)
        ]
        self.fields["staf"].error_messages |= {
            "required": "Pilih staf yang ditugaskan.",
            "invalid_choice": "Staf yang dipilih tidak terdaftar sebagai Staf Sekretariat.",
        }


class ReassignForm(ReasonForm, AssignForm):
    """Extension: who composes instead, and why."""

    field_order = ["staf", "comment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].help_text = "Tercatat dalam jejak audit dan dikirim kepada kedua staf."


class MarkExemptForm(ReasonForm):
    """Extension: the ground of Pasal 17 UU 14/2008 that Bidang submits to PPID Pembantu."""

    letter = forms.ChoiceField(
        label="Dasar pengecualian (Pasal 17 UU 14/2008)",
        choices=[
            ("", "Pilih huruf Pasal 17"),
            *((letter, f"Huruf {letter}: {name}") for letter, name in sop.EXEMPTION_GROUNDS),
        ],
        error_messages={"required": "Pilih huruf Pasal 17 yang menjadi dasar."},
    )
    period = forms.CharField(
        label="Jangka waktu pengecualian",
        max_length=150,
        help_text="Misalnya: sampai putusan berkekuatan hukum tetap.",
        error_messages={
            "required": "Isi jangka waktu pengecualian.",
            "max_length": "Jangka waktu paling panjang 150 huruf.",
        },
    )
    consequence_test = forms.CharField(
        label="Uji konsekuensi",
        required=False,
        max_length=300,
        help_text="Nomor, tanggal, atau letak dokumen uji konsekuensi. Opsional.",
        error_messages={"max_length": "Uji konsekuensi paling panjang 300 huruf."},
    )

    field_order = ["letter", "comment", "period", "consequence_test"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].help_text = "Akibat bila informasi dibuka. Jangan mengulang informasi itu sendiri."


class ConfirmExemptForm(NoteForm):
    """Extension: the decision of PPID Pembantu on an exemption."""

    decree = forms.CharField(
        label="Nomor surat penetapan klasifikasi",
        required=False,
        max_length=100,
        help_text="Opsional, bila surat penetapan sudah ada.",
        error_messages={"max_length": "Nomor surat paling panjang 100 huruf."},
    )

    field_order = ["decree", "comment"]


class ReleaseExemptForm(ReasonForm):
    """Extension: why the exemption is released."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].help_text = "Tulis mengapa materi tidak dikecualikan, agar Bidang dapat melanjutkan."


class HandOverForm(TickMixin, NoteForm):
    """Row 5: a note for the Sekretaris."""


class DeclareCorrectedForm(ChecklistMixin, TickMixin, NoteForm):
    """Row 6: a note for Bidang."""

    checklist_step = sop.StepCode.CORRECTION
    refusal = "Perbaiki naskah lebih dahulu, atau kembalikan kepada staf."


class ReturnToStafForm(ReturnMixin, ReasonForm):
    """Extension: what the Staf has to correct."""

    checklist_step = sop.StepCode.CORRECTION


class VerifyForm(ChecklistMixin, TickMixin, NoteForm):
    """Row 7: the checklist and the classification (I8)."""

    checklist_step = sop.StepCode.VERIFICATION
    refusal = "Materi tidak dapat disetujui: kembalikan ke Sekretaris. Catatan Anda sudah disalin ke alasannya."

    classification = forms.ChoiceField(
        label="Klasifikasi informasi",
        choices=[("", "Tetapkan klasifikasi"), *sop.CLASSIFICATIONS],
        help_text="Usulan staf tercantum pada naskah. Klasifikasi ditetapkan oleh Bidang.",
        error_messages={"required": "Tetapkan klasifikasi informasi sebelum menyetujui."},
    )

    field_order = ["classification", "comment"]

    def clean_classification(self):
        classification = self.cleaned_data["classification"]
        if classification == sop.EXEMPT:
            raise forms.ValidationError(
                f"Informasi yang dikecualikan tidak dapat ditayangkan. Buka “{sop.get_action('mark_exempt').label}” "
                "pada langkah Anda, lalu isi dasar, alasan, dan jangka waktunya."
            )
        return classification


class ReturnToSekretarisForm(ReturnMixin, ReasonForm):
    """Row 7: what has to be corrected before it can be approved (I3)."""

    checklist_step = sop.StepCode.VERIFICATION


class OrderForm(ChecklistMixin, NoteForm):
    """Row 8: the channels beside the website, and an optional time."""

    checklist_step = sop.StepCode.PUBLICATION_ORDER
    refusal = "Kembalikan materi ke koreksi. Catatan Anda sudah disalin ke alasannya."

    channels = forms.MultipleChoiceField(
        label="Kanal media sosial",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Website selalu termasuk. Ringkasan dikirim ke kanal setelah berita tayang.",
        error_messages={"invalid_choice": "Kanal yang dipilih tidak tersedia."},
    )
    left_out_reason = forms.CharField(
        label="Alasan kanal tidak dipakai",
        required=False,
        max_length=300,
        help_text="Wajib bila ada kanal yang tidak dicentang. Masuk ke perintah tayang dan register.",
        error_messages={"max_length": "Alasan paling panjang 300 huruf."},
    )
    posts_again = forms.MultipleChoiceField(
        label="Tetap unggah walaupun bukan penayangan pertama",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ralat tidak diunggah lagi dengan sendirinya. Kanal yang dicentang mendapat unggahan baru dengan "
        "teks ini; warga yang pernah melihat unggahan lama akan melihatnya sebagai berita baru.",
        error_messages={"invalid_choice": "Kanal yang dipilih tidak tersedia."},
    )
    go_live_at = forms.DateTimeField(
        label="Waktu tayang",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Kosongkan bila dapat ditayangkan segera. Waktu Indonesia Barat (WIB).",
        error_messages={"invalid": "Tulis tanggal dan waktu yang benar."},
    )
    posts_late = forms.BooleanField(label="Tetap unggah walaupun terlambat", required=False)
    ends_at = forms.DateTimeField(
        label="Tayang sampai",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Kosongkan bila tayang seterusnya. Pada waktu ini (WIB) berita turun dengan sendirinya, dan "
        "unggahannya diperlakukan seperti pada penurunan.",
        error_messages={"invalid": "Tulis tanggal dan waktu yang benar."},
    )
    end_reason = forms.CharField(
        label="Alasan berakhir",
        required=False,
        max_length=300,
        help_text="Wajib bila ada batas tayang, misalnya: masa pendaftaran selesai. Masuk ke perintah tayang dan "
        "register.",
        error_messages={"max_length": "Alasan paling panjang 300 huruf."},
    )

    field_order = [
        "channels",
        "left_out_reason",
        "posts_again",
        "go_live_at",
        "posts_late",
        "ends_at",
        "end_reason",
        "comment",
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(choice.key, choice.label) for choice in channels.get_choices()]
        for name in ("channels", "posts_again"):
            self.fields[name].choices = choices

    def clean_go_live_at(self):
        go_live_at = self.cleaned_data["go_live_at"]
        if go_live_at is None:
            return ""
        if go_live_at <= timezone.now():
            raise forms.ValidationError("Waktu tayang harus setelah waktu sekarang.")
        return go_live_at.isoformat()

    def clean_ends_at(self):
        ends_at = self.cleaned_data["ends_at"]
        if ends_at is None:
            return ""
        begins_at = self.cleaned_data.get("go_live_at")
        if ends_at <= (parse_datetime(begins_at) if begins_at else timezone.now()):
            raise forms.ValidationError("Batas tayang harus setelah waktu tayang.")
        return ends_at.isoformat()

    def clean_end_reason(self):
        reason, ends_at = self.cleaned_data["end_reason"].strip(), self.cleaned_data.get("ends_at")
        if ends_at and not reason:
            raise forms.ValidationError("Tulis alasan mengapa tayangan berakhir pada waktu itu.")
        if reason and not ends_at and "ends_at" not in self.errors:
            raise forms.ValidationError("Isi waktu berakhirnya, atau kosongkan alasan ini.")
        return reason


class ReturnToCorrectionForm(ReturnMixin, ReasonForm):
    """Extension: why the verified version goes back to correction."""

    checklist_step = sop.StepCode.PUBLICATION_ORDER


class TakeDownForm(ReasonForm):
    """Extension: the reason for the register, and an optional public notice in the page's place."""

    public_notice = forms.BooleanField(
        label="Tampilkan pemberitahuan kepada warga",
        required=False,
        help_text="Tanpa pemberitahuan, alamat berita hanya menjawab bahwa berita tidak lagi tersedia.",
    )
    notice_title = forms.BooleanField(
        label="Cantumkan judul berita pada pemberitahuan",
        required=False,
        help_text="Kosongkan bila judulnya sendiri keliru atau memuat data pribadi.",
    )
    notice_text = forms.CharField(
        label="Isi pemberitahuan",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Dibaca warga. Jangan mengulang isi yang keliru atau data pribadi.",
        error_messages={"max_length": "Isi pemberitahuan paling panjang 500 huruf."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].help_text = "Tercatat dalam register, tidak ditampilkan kepada warga."

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        cleaned["notice_text"] = cleaned.get("notice_text", "").strip()
        if cleaned.get("public_notice") and not cleaned["notice_text"] and "notice_text" not in self.errors:
            self.add_error("notice_text", "Tulis isi pemberitahuan untuk warga.")
        findings = scan(cleaned.get("notice_text", ""), allowed=get_allowed())
        words = [f"{found.label} ({found.masked})" for found in findings if found.severity is Severity.BLOCK]
        if words:
            self.add_error(
                "notice_text", f"Pemberitahuan ini dibaca warga dan memuat data pribadi: {', '.join(words)}."
            )
        return cleaned


_FORMS = {
    "assign": AssignForm,
    "reassign": ReassignForm,
    "mark_exempt": MarkExemptForm,
    "confirm_exempt": ConfirmExemptForm,
    "release_exempt": ReleaseExemptForm,
    "hand_over": HandOverForm,
    "assess_finding": AssessForm,
    "declare_corrected": DeclareCorrectedForm,
    "return_to_staf": ReturnToStafForm,
    "verify": VerifyForm,
    "return_to_sekretaris": ReturnToSekretarisForm,
    "order": OrderForm,
    "return_to_correction": ReturnToCorrectionForm,
    "take_down": TakeDownForm,
}


def get_action_form_class(action_code: str) -> type[ActionForm]:
    """Return the form class of an action; ``take`` refuses unknown actions later."""
    try:
        action = sop.get_action(action_code)
    except KeyError:
        return NoteForm
    default: type[ActionForm] = ReasonForm if action.needs_reason else NoteForm
    return _FORMS.get(action_code, default)
