"""Form to edit the checklists as text, one sentence a line."""

import re

from django import forms
from django.utils.functional import cached_property

from moderation.models import Checklist, ChecklistItem
from moderation.uploads.control_characters import replace_control_characters

from . import checklists

MAX_ITEMS = 60
_MAX_GROUP = ChecklistItem._meta.get_field("group").max_length
_MAX_TEXT = ChecklistItem._meta.get_field("text").max_length
#: Numbers and bullets of pasted lists, removed because the worksheet numbers items itself.
_BULLET = re.compile(r"^(?:\d{1,3}[.)]|[-*•])\s+")


class ChecklistSettingsForm(forms.Form):
    """One list: its mode and its sentences."""

    mode = forms.ChoiceField(
        label="Pemakaian",
        choices=Checklist.Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih salah satu.", "invalid_choice": "Pilih salah satu."},
    )
    lines = forms.CharField(
        label="Butir",
        required=False,
        max_length=20_000,
        widget=forms.Textarea,
        help_text="Satu butir satu baris; pindahkan baris untuk mengubah urutan. Baris yang diawali tanda # menjadi "
        "judul kelompok, misalnya: # A. Fakta.",
        error_messages={"max_length": "Daftar ini terlalu panjang."},
    )
    #: Version of the list on screen, so that a concurrent edit is not overwritten.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, checklist: Checklist, **kwargs):
        self.checklist = checklist
        text = write_text(checklist)
        initial = {"mode": checklist.mode, "lines": text, "seen": _digest(checklist, text)}
        super().__init__(*args, prefix=checklist.step, initial=initial, **kwargs)
        self.fields["lines"].widget.attrs["rows"] = text.count("\n") + 3

    @cached_property
    def step_label(self) -> str:
        return self.checklist.get_step_display()

    def clean_lines(self):
        lines, group, problems = [], "", []
        for line in replace_control_characters(self.cleaned_data["lines"].replace("\r\n", "\n")).split("\n"):
            line = " ".join(line.split())
            if line.startswith("#"):
                group = line.lstrip("# ")
                if len(group) > _MAX_GROUP:
                    problems.append(f"Judul kelompok paling panjang {_MAX_GROUP} huruf: “{group[:40]}…”.")
            elif text := _BULLET.sub("", line):
                if len(text) > _MAX_TEXT:
                    problems.append(f"Butir paling panjang {_MAX_TEXT} huruf: “{text[:40]}…”.")
                elif (group, text) in lines:
                    problems.append(f"Butir ini tertulis dua kali: “{text[:80]}”.")
                lines.append((group, text))
        if len(lines) > MAX_ITEMS:
            problems.append(f"Paling banyak {MAX_ITEMS} butir. Daftar ini memuat {len(lines)} butir.")
        if problems:
            raise forms.ValidationError(problems)
        return lines

    def clean(self):
        super().clean()
        if self.cleaned_data.get("seen") != self.initial["seen"]:
            raise forms.ValidationError(
                "Daftar ini telah diubah orang lain sejak Anda membukanya. Salin tulisan Anda, lalu muat ulang halaman."
            )
        if self.cleaned_data.get("mode") != Checklist.Mode.OFF and self.cleaned_data.get("lines") == []:
            self.add_error("lines", "Tulis sekurang-kurangnya satu butir, atau pilih “Tidak dipakai”.")
        return self.cleaned_data

    @property
    def is_changed(self) -> bool:
        """Say whether anything but spaces changed."""
        before = [(item.group, item.text) for item in self.checklist.items.all()]
        return (self.cleaned_data["mode"], self.cleaned_data["lines"]) != (self.checklist.mode, before)

    def save(self) -> None:
        """Store the list."""
        self.checklist.mode = self.cleaned_data["mode"]
        self.checklist.save()
        checklists.write(self.checklist, self.cleaned_data["lines"])


def write_text(checklist: Checklist) -> str:
    """Return the list as the office edits it."""
    lines: list[str] = []
    group = ""
    for item in checklist.items.all():
        if item.group != group:
            lines += ["", f"# {item.group}"] if lines else [f"# {item.group}"]
            group = item.group
        lines.append(item.text)
    return "\n".join(lines)


def _digest(checklist, text) -> str:
    return checklists.make_digest(checklist.mode, text)
