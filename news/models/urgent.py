"""Fields required of an announcement "serta merta" (Perki 1/2021; docs/sop.md#classification)."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from moderation import sop

_NOT_APPLICABLE = "Bila tidak berlaku, tulis “tidak ada” beserta alasannya."


class UrgentInformation(models.Model):
    """The fields of the standard, optional except in a text of the class "serta merta"."""

    urgent_danger = models.TextField(
        "bahaya dan dampak", blank=True, max_length=1000, help_text="Bahaya yang mungkin terjadi dan besar dampaknya."
    )
    urgent_affected = models.TextField(
        "pihak terdampak", blank=True, max_length=1000, help_text="Desa, dusun, atau kelompok warga yang terdampak."
    )
    urgent_evacuation = models.TextField(
        "prosedur dan tempat evakuasi", blank=True, max_length=1000, help_text=_NOT_APPLICABLE
    )
    urgent_avoidance = models.TextField("cara menghindari bahaya", blank=True, max_length=1000)
    urgent_help = models.TextField(
        "cara mendapat bantuan", blank=True, max_length=1000, help_text="Nomor layanan atau posko yang dapat dihubungi."
    )
    urgent_authority = models.TextField(
        "pihak berwenang", blank=True, max_length=1000, help_text="Pihak yang berwenang dan wajib mengumumkan."
    )
    urgent_announcement = models.TextField(
        "tata cara pengumuman", blank=True, max_length=1000, help_text="Cara pengumuman berikutnya disampaikan."
    )

    URGENT_FIELDS = (
        "urgent_danger",
        "urgent_affected",
        "urgent_evacuation",
        "urgent_avoidance",
        "urgent_help",
        "urgent_authority",
        "urgent_announcement",
    )

    class Meta:
        abstract = True

    @classmethod
    def make_urgent_panel(cls) -> MultiFieldPanel:
        """Return the editor's panel, collapsed."""
        return MultiFieldPanel(
            [FieldPanel(name) for name in cls.URGENT_FIELDS],
            heading="Informasi serta merta",
            help_text="Wajib diisi seluruhnya bila usulan klasifikasi adalah informasi serta merta. "
            "Tampil paling atas pada berita.",
            classname="collapsed",
        )

    @property
    def urgent_facts(self) -> list[tuple[str, str]]:
        """The filled fields as (label, text), for the box on the public page."""
        return [(self._label(name), getattr(self, name)) for name in self.URGENT_FIELDS if getattr(self, name)]

    def find_urgent_gaps(self, classification: str) -> dict[str, str]:
        """Return messages for the missing fields of a text of this class, by field."""
        if classification != sop.URGENT:
            return {}
        missing = [name for name in self.URGENT_FIELDS if not getattr(self, name).strip()]
        return {name: f"Isi {self._label(name).lower()}. Wajib untuk informasi serta merta." for name in missing}

    def find_missing_for(self, classification: str) -> list[str]:
        return [self._label(name).lower() for name in self.find_urgent_gaps(classification)]

    def _label(self, name) -> str:
        label = str(self._meta.get_field(name).verbose_name)
        return label[:1].upper() + label[1:]
