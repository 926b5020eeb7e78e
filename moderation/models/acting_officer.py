"""Model of acting officers (Pejabat pengganti): user, role, period and decree."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.ports.exceptions import GuardViolation
from moderation.ports.official_step import in_official_step
from moderation.sop import choices


class ActingOfficerQuerySet(models.QuerySet):
    def in_office(self, day=None):
        """Filter appointments in force on this day, by the office's calendar."""
        day = day or timezone.localdate()
        return self.filter(ended_at=None, starts_on__lte=day, ends_on__gte=day)

    def overlapping(self, starts_on, ends_on):
        """Filter appointments that were not ended and share a day with this period."""
        return self.filter(ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)


class ActingOfficer(models.Model):
    """One appointment. Written once by ``moderation.people.appointments``; afterwards only its end is added."""

    class Kind(models.TextChoices):
        """Plt.: the post is vacant. Plh.: its holder is away."""

        PLH = "Plh.", "Plh. (pelaksana harian)"
        PLT = "Plt.", "Plt. (pelaksana tugas)"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="pejabat pengganti", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField("peran", max_length=100, choices=choices.list_roles)
    kind = models.CharField("jenis", max_length=10, choices=Kind.choices, default=Kind.PLH)
    represents = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="pejabat yang digantikan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Selama masa penunjukan, surel tentang materi tidak dikirim kepadanya. Opsional.",
    )
    decree_number = models.CharField("nomor surat keputusan", max_length=100)
    decree_date = models.DateField("tanggal surat keputusan")
    starts_on = models.DateField("mulai tanggal")
    ends_on = models.DateField("sampai dengan tanggal", help_text="Peran berakhir pada akhir hari ini.")
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.TextField(blank=True)

    #: The facts that may be added to an appointment, each once.
    ADDED_LATER = ("ended_at", "ended_by", "end_reason")

    objects = ActingOfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "pejabat pengganti"
        verbose_name_plural = "pejabat pengganti"
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["user", "starts_on", "ends_on"], name="acting_officer_user")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="acting_ends_after_start")
        ]

    def __str__(self):
        return f"{self.title}, SK {self.decree_number}"

    @property
    def title(self) -> str:
        """The person's title on printed documents: "Plh. Sekretaris"."""
        return f"{self.kind} {self.role}"

    @property
    def note(self) -> str:
        """The note beside the person's name in the log and on printed documents."""
        return f"{self.title}, SK {self.decree_number}"

    def is_in_office(self, day=None) -> bool:
        """Say whether the appointment gives its role on this day."""
        day = day or timezone.localdate()
        return self.ended_at is None and self.starts_on <= day <= self.ends_on

    def save(self, *args, update_fields=None, **kwargs):
        if not in_official_step():
            raise GuardViolation("Pejabat pengganti ditunjuk dan diakhiri melalui layar Pejabat pengganti.")
        if self.pk is not None and not set(update_fields or ("",)) <= set(self.ADDED_LATER):
            raise GuardViolation("Penunjukan tidak dapat diubah. Akhiri, lalu buat penunjukan baru.")
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        raise GuardViolation("Penunjukan tidak dapat dihapus. Akhiri dengan alasan.")
