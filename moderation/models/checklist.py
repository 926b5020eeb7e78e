"""Models of the checklists (Daftar periksa) that are answered before a decision."""

from django.db import models

from moderation.sop import choices


class Checklist(models.Model):
    """The list of one step. The log keeps answers with their wording, so the office
    may change the list at any time."""

    class Mode(models.TextChoices):
        """How much the step asks for; the values are the words on screen."""

        OFF = "off", "Tidak dipakai: daftar tidak tampil"
        RECOMMENDED = "recommended", "Dianjurkan: boleh dikosongkan"
        REQUIRED = "required", "Wajib: setiap butir dijawab sebelum materi diteruskan"

    step = models.CharField("langkah", max_length=30, unique=True, choices=choices.list_checklist_steps)
    mode = models.CharField("pemakaian", max_length=20, choices=Mode.choices, default=Mode.RECOMMENDED)

    class Meta:
        verbose_name = "daftar periksa"
        verbose_name_plural = "daftar periksa"
        ordering = ["pk"]

    def __str__(self):
        return self.get_step_display()


class ChecklistItem(models.Model):
    """One sentence that is answered with Sesuai, Perlu perbaikan or Tidak berlaku."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("urutan")
    group = models.CharField("kelompok", max_length=60, blank=True)
    text = models.CharField("butir", max_length=300)

    class Meta:
        verbose_name = "butir daftar periksa"
        verbose_name_plural = "butir daftar periksa"
        ordering = ["position"]

    def __str__(self):
        return self.text
