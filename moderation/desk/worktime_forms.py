"""Forms of the office's working hours, targets and days off."""

import re
from datetime import date

from django import forms
from django.forms import BaseModelFormSet, modelformset_factory

from moderation.chain import deadlines
from moderation.models import Holiday, WorkTime
from moderation.models.worktime import WEEKDAYS

#: Maximum target in minutes: twenty working days.
MAX_MINUTES = 9000
FIRST_YEAR, LAST_YEAR = 2020, 2099
_ESTIMATE = re.compile(r"\s*\(perkiraan\)", re.IGNORECASE)


class WorkTimeForm(forms.ModelForm):
    """Working hours of each weekday, the two targets of each step, and the reminders."""

    class Meta:
        model = WorkTime
        fields = (
            *WEEKDAYS,
            "targets_on",
            "urgent_runs_always",
            "reminders_on",
            "remind_before",
            "escalate_after_days",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        for target in deadlines.TARGETS:
            chosen = self.instance.targets.get(target.key, (target.minutes, target.urgent_minutes))
            for kind, label, minutes in zip(("normal", "urgent"), ("biasa", "jalur cepat"), chosen, strict=True):
                self.fields[f"{kind}_{target.key}"] = forms.IntegerField(
                    label=f"{target.label}, {label} (menit)", min_value=1, max_value=MAX_MINUTES, initial=minutes
                )

    def get_hours(self):
        """Return the bound fields of the weekdays."""
        return [self[name] for name in WEEKDAYS]

    def get_target_rows(self):
        """Return (label, fields of both lanes) for each target."""
        return [
            (found.label, (self[f"normal_{found.key}"], self[f"urgent_{found.key}"])) for found in deadlines.TARGETS
        ]

    def save(self, commit=True):
        self.instance.targets = {
            found.key: [self.cleaned_data[f"{kind}_{found.key}"] for kind in ("normal", "urgent")]
            for found in deadlines.TARGETS
        }
        return super().save(commit)


class HolidayForm(forms.ModelForm):
    """One day off."""

    date = forms.DateField(label="Tanggal", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    class Meta:
        model = Holiday
        fields = ("date", "name", "is_joint_leave")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"label_suffix": ""})

    def clean_date(self):
        found = self.cleaned_data["date"]
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(f"Tahun ditulis dari {FIRST_YEAR} sampai {LAST_YEAR}.")
        return found

    def clean_name(self):
        """Leave out the mark of an estimate: what is saved is the day that the office found decreed."""
        return _ESTIMATE.sub("", self.cleaned_data["name"])


class _HolidayFormSet(BaseModelFormSet):
    """The days off of a year; rows ticked "Hapus" are deleted, or not added."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Hapus"


def make_holiday_formset(year: int, *, proposed=(), data=None):
    """Return the formset of a year's days off, with the proposed ones and two empty rows."""
    factory = modelformset_factory(
        Holiday,
        form=HolidayForm,
        formset=_HolidayFormSet,
        extra=len(proposed) + 2,
        max_num=120,
        absolute_max=150,
        can_delete=True,
    )
    return factory(data, queryset=Holiday.objects.filter(date__year=year), initial=list(proposed))


def propose_holidays(year: int) -> list[dict]:
    """Return the public holidays and joint leave of a year that are not listed yet.

    The package marks an estimate for a coming year in the holiday's name.
    """
    # Import here: it takes half a second and is needed on one click a year.
    from holidays import country_holidays

    known = set(Holiday.objects.filter(date__year=year).values_list("date", flat=True))
    found = []
    for category, is_joint_leave in (("public", False), ("government", True)):
        days = country_holidays("ID", years=year, language="id", categories=(category,))
        found += [
            {"date": day, "name": name, "is_joint_leave": is_joint_leave}
            for day, name in days.items()
            if isinstance(day, date) and day not in known
        ]
    return sorted(found, key=lambda proposal: proposal["date"])
