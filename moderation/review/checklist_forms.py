"""Checklist fields in the form of a step: build, validate and record them."""

from dataclasses import dataclass

from django import forms

from . import checklists
from .checklists import FIX, NOT_APPLICABLE, OK

EDITED = (
    "Daftar periksa telah diubah kantor sejak Anda membuka lembar kerja ini. "
    "Jawab kembali butir yang berubah, lalu ulangi langkah Anda."
)
MAX_NOTE = 500
#: The choice of a group to answer item by item; never stored as an answer.
EACH = "each"


@dataclass(frozen=True)
class ShownItem:
    """One item as rendered on the worksheet, with its answer so far."""

    item: checklists.Item
    answer: str
    note: str
    is_missing: bool
    errors: list[str]


@dataclass(frozen=True)
class ShownGroup:
    """One group as rendered on the worksheet."""

    group: checklists.Group
    answer: str
    items: list[ShownItem]

    @property
    def is_open(self) -> bool:
        """Say whether the group's items are answered one by one."""
        return self.answer == EACH or (not self.answer and any(item.answer for item in self.items))


class ChecklistMixin(forms.Form):
    """Add the checklist of ``checklist_step`` to the form of a step.

    Nothing is ticked initially. A tick for a whole group applies to its items without an answer of
    their own.
    """

    checklist_step = ""
    #: Whether the step hands on: then no item may need correction, and a "wajib" list must be complete.
    leads_on = True
    refusal = ""

    def __init__(self, *args, get_checklist=checklists.get_checklist, **kwargs):
        super().__init__(*args, **kwargs)
        self.checklist = get_checklist(self.checklist_step)
        if self.checklist is None:
            return
        self.fields["checklist_version"] = forms.CharField(
            required=False, max_length=64, widget=forms.HiddenInput, initial=self.checklist.version
        )
        for group in self.checklist.groups:
            self.fields[f"group_{group.key}"] = _choice([(OK, ""), (NOT_APPLICABLE, ""), (EACH, "")], group.title)
            for item in group.items:
                self.fields[f"check_{item.key}"] = _choice(checklists.ANSWERS, item.text)
                self.fields[f"note_{item.key}"] = forms.CharField(
                    label=f"Catatan butir {item.number}",
                    required=False,
                    max_length=MAX_NOTE,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    error_messages={"max_length": f"Catatan butir {item.number} paling panjang {MAX_NOTE} huruf."},
                )

    @property
    def checklist_fields(self) -> set[str]:
        """Names of the list's fields, which the worksheet renders itself."""
        return {name for name in self.fields if name.startswith(("check_", "note_", "group_", "checklist_"))}

    def clean(self):
        super().clean()
        if self.checklist is None:
            return self.cleaned_data
        record = self._build_record()
        answered = [item for group in record["groups"] for item in group["items"] if item["answer"]]
        is_edited = self.cleaned_data.get("checklist_version") != self.checklist.version
        if is_edited and self._is_answered():
            self.add_error(None, EDITED)
        if self.leads_on:
            self._require_good(record)
        if answered:
            self.cleaned_data["checklist"] = record
        return self.cleaned_data

    def get_data(self) -> dict:
        """Return the data to store: the list with its wording in place of its fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.checklist_fields}

    def show_checklist(self, mark_missing: bool = False) -> list[ShownGroup]:
        """Return the list for the screen with the posted answers and, if asked for, the missing ones."""
        if self.checklist is None:
            return []
        errors = self.errors
        missing = {item.key for item in self.missing} if mark_missing and self.is_bound else set()
        return [
            ShownGroup(
                group,
                self[f"group_{group.key}"].value() or "",
                [
                    ShownItem(
                        item,
                        self[f"check_{item.key}"].value() or "",
                        self[f"note_{item.key}"].value() or "",
                        item.key in missing,
                        [*errors.get(f"check_{item.key}", []), *errors.get(f"note_{item.key}", [])],
                    )
                    for item in group.items
                ],
            )
            for group in self.checklist.groups
        ]

    @property
    def missing(self) -> list[checklists.Item]:
        """The items without an answer, if the list is "wajib"."""
        if not (self.leads_on and self.checklist.is_required):
            return []
        return [item for group in self.checklist.groups for item in group.items if not self._get_answer(group, item)]

    def _get_answer(self, group, item) -> str:
        whole = self.cleaned_data.get(f"group_{group.key}", "")
        return self.cleaned_data.get(f"check_{item.key}", "") or ("" if whole == EACH else whole)

    def _is_answered(self) -> bool:
        """Say whether any answer was posted, also for a list rewritten since."""
        return any(
            value for name, value in self.data.items() if name.startswith(("check_", "group_", "note_")) and value
        )

    def _build_record(self) -> dict:
        """Return the list to store: its wording and the answer of each item."""
        return {
            "required": self.checklist.is_required,
            "groups": [
                {
                    "title": group.title,
                    "items": [
                        {
                            "number": item.number,
                            "text": item.text,
                            "answer": self._get_answer(group, item),
                            "note": self.cleaned_data.get(f"note_{item.key}", ""),
                            "with_group": not self.cleaned_data.get(f"check_{item.key}"),
                        }
                        for item in group.items
                    ],
                }
                for group in self.checklist.groups
            ],
        }

    def _require_good(self, record) -> None:
        numbers = [
            str(item["number"]) for group in record["groups"] for item in group["items"] if item["answer"] == FIX
        ]
        if numbers:
            self.add_error(None, f"Butir {_join(numbers)} daftar periksa perlu perbaikan. {self.refusal}")
            return
        missing = [str(item.number) for item in self.missing]
        if missing:
            self.add_error(None, f"Daftar periksa belum lengkap: butir {_join(missing)} belum dijawab.")


class ReturnMixin(ChecklistMixin):
    """Form of a return: items that need correction serve as the reason (I10)."""

    leads_on = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = False

    def clean(self):
        super().clean()
        if "comment" in self.cleaned_data and not self.cleaned_data["comment"]:
            reason = write_reason(self.cleaned_data.get("checklist"), self.fields["comment"].max_length)
            if not reason:
                self.add_error("comment", self.fields["comment"].error_messages["required"])
            self.cleaned_data["comment"] = reason
        return self.cleaned_data


def write_reason(record: dict | None, length: int) -> str:
    """Return the reason built from the answers of a list, "" when no item needs correction."""
    problems = checklists.describe_problems(record) if record else []
    text = "\n".join(["Perlu perbaikan:", *problems]) if problems else ""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _choice(choices, label):
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", ""), *choices],
        error_messages={"invalid_choice": "Jawaban daftar periksa tidak dikenal."},
    )


def _join(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} dan {numbers[-1]}"
