"""Models of the office's working time, its targets, and the reminders sent for them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting

from moderation.sop.worktime import parse_spans

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HINT = "Misalnya: 07.30-12.00, 13.00-16.00. Kosongkan untuk hari libur."


def _hours_field(label, default=""):
    return models.CharField(label, max_length=100, blank=True, default=default, help_text=_HINT)


class WorkTime(BaseGenericSetting):
    """Working hours and the office's own targets; the SOP leaves its time column blank.

    Kept on a screen of the desk (``views.worktime``), not among Wagtail's settings.
    """

    monday = _hours_field("Senin", "07.30-12.00, 13.00-16.00")
    tuesday = _hours_field("Selasa", "07.30-12.00, 13.00-16.00")
    wednesday = _hours_field("Rabu", "07.30-12.00, 13.00-16.00")
    thursday = _hours_field("Kamis", "07.30-12.00, 13.00-16.00")
    friday = _hours_field("Jumat", "07.30-11.30, 13.00-16.30")
    saturday = _hours_field("Sabtu")
    sunday = _hours_field("Minggu")

    targets_on = models.BooleanField(
        "gunakan target waktu",
        default=False,
        help_text="Target internal, bukan ketentuan SOP: kolom Waktu pada SOP kosong.",
    )
    #: Minutes by key of ``targets.TARGETS``, normal and fast lane; what is missing has its default.
    targets = models.JSONField("target", default=dict, blank=True)
    urgent_runs_always = models.BooleanField(
        "jalur cepat berjalan terus, juga di luar jam kerja",
        default=True,
        help_text="Informasi serta merta tidak menunggu jam kerja: malam, akhir pekan, dan hari libur ikut dihitung.",
    )
    reminders_on = models.BooleanField(
        "kirim pengingat",
        default=True,
        help_text="Satu kali menjelang tenggat, lalu satu kali setiap hari kerja selama materi belum dilanjutkan. "
        "Hanya kepada pemegang materi.",
    )
    remind_before = models.PositiveSmallIntegerField(
        "pengingat pertama, menit sebelum tenggat",
        default=15,
        validators=[MaxValueValidator(1440)],
        help_text="0 berarti tepat pada tenggat. Paling lama separuh target langkahnya.",
    )
    escalate_after_days = models.PositiveSmallIntegerField(
        "beri tahu atasan setelah lewat tenggat, hari kerja",
        default=0,
        validators=[MaxValueValidator(60)],
        help_text="Satu surel kepada Sekretaris, atau kepada PPID Pembantu bila Sekretaris sendiri yang memegang "
        "materi. 0 berarti tidak pernah.",
    )

    class Meta:
        verbose_name = "waktu kerja dan target"

    def clean(self):
        super().clean()
        problems = {}
        for name in WEEKDAYS:
            try:
                parse_spans(getattr(self, name))
            except ValueError as error:
                problems[name] = str(error)
        if not problems and not any(parse_spans(getattr(self, name)) for name in WEEKDAYS):
            problems["monday"] = "Sedikitnya satu hari harus memiliki jam kerja."
        if problems:
            raise ValidationError(problems)


class Holiday(models.Model):
    """A day on which the office does not work: a public holiday or joint leave (cuti bersama)."""

    date = models.DateField("tanggal", unique=True)
    name = models.CharField("nama", max_length=120)
    is_joint_leave = models.BooleanField("cuti bersama", default=False)

    class Meta:
        verbose_name = "hari libur"
        verbose_name_plural = "hari libur"
        ordering = ["date"]

    def __str__(self):
        return self.name


class StepReminder(models.Model):
    """Record of a written reminder, unique, so that no worker writes it twice.

    ``step_since`` names the stay at the step; ``number`` the working day after the due day.
    """

    class Kind(models.TextChoices):
        DUE = "due", "Menjelang tenggat"
        OVERDUE = "overdue", "Lewat tenggat"
        ESCALATION = "escalation", "Kepada atasan"

    disposition = models.ForeignKey("moderation.Disposition", on_delete=models.CASCADE, related_name="reminders")
    step_since = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "pengingat"
        verbose_name_plural = "pengingat"
        constraints = [
            models.UniqueConstraint(
                fields=["disposition", "step_since", "kind", "number"], name="one_reminder_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.disposition_id} {self.kind} {self.number}"
