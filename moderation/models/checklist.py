"""The checklists (Daftar periksa) of the desk: what the office wants looked at before a decision."""

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from .. import sop
from ..checklist_defaults import DEFAULTS


class Checklist(ClusterableModel):
    """The list of one step. What was answered is kept with its wording in the log, so the office
    may change the list at any time."""

    class Mode(models.TextChoices):
        """How much the step asks for; the words are the office's."""

        OFF = "off", "Tidak dipakai"
        RECOMMENDED = "recommended", "Dianjurkan"
        REQUIRED = "required", "Wajib"

    step = models.CharField(
        "langkah", max_length=30, unique=True, choices=[(code.value, sop.get_step(code).label) for code in DEFAULTS]
    )
    mode = models.CharField(
        "pemakaian",
        max_length=20,
        choices=Mode.choices,
        default=Mode.RECOMMENDED,
        help_text="Tidak dipakai: daftar tidak tampil. Dianjurkan: boleh dikosongkan. "
        "Wajib: setiap butir harus dijawab sebelum materi diteruskan.",
    )

    panels = [
        FieldPanel("mode"),
        InlinePanel(
            "items",
            heading="Butir",
            label="butir",
            help_text="Butir berurutan dengan kelompok yang sama tampil bersama.",
        ),
    ]

    class Meta:
        verbose_name = "daftar periksa"
        verbose_name_plural = "daftar periksa"
        ordering = ["pk"]

    def __str__(self):
        return self.get_step_display()


class ChecklistItem(Orderable):
    """One sentence that is answered with Sesuai, Perlu perbaikan or Tidak berlaku."""

    checklist = ParentalKey(Checklist, on_delete=models.CASCADE, related_name="items")
    group = models.CharField("kelompok", max_length=60, blank=True, help_text="Misalnya: A. Fakta. Boleh kosong.")
    text = models.CharField("butir", max_length=300)

    panels = [FieldPanel("group"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = "butir daftar periksa"
        verbose_name_plural = "butir daftar periksa"

    def __str__(self):
        return self.text

    def clean(self):
        super().clean()
        if not self.text.strip():
            raise ValidationError({"text": "Tulis apa yang diperiksa."})
