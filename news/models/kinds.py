"""Fields and checks of each kind of item: times of an event, last day of an announcement."""

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from moderation.models import Disposition

Kind = Disposition.Kind
#: Kinds about an activity in the past.
TELLING = (Kind.NEWS, Kind.GALLERY)
_PICTURES = {"image", "gallery"}


class KindPanel(MultiFieldPanel):
    """Panel shown in the editor of these kinds only."""

    def __init__(self, *args, kinds=(), **kwargs):
        self.kinds = tuple(kinds)
        super().__init__(*args, **kwargs)

    def clone_kwargs(self):
        return super().clone_kwargs() | {"kinds": self.kinds}

    class BoundPanel(MultiFieldPanel.BoundPanel):
        def is_shown(self):
            return self.instance.kind in self.panel.kinds and super().is_shown()


class OfKind(models.Model):
    """Mixin with the item's kind, set by the disposition, and the fields of single kinds."""

    kind = models.CharField(
        "jenis materi", max_length=20, choices=Kind.choices, default=Kind.NEWS, editable=False, db_index=True
    )
    starts_at = models.DateTimeField(
        "mulai", null=True, blank=True, db_index=True, help_text="Hari dan jam acara dimulai (WIB)."
    )
    ends_at = models.DateTimeField(
        "selesai", null=True, blank=True, db_index=True, help_text="Kosongkan bila acara berlangsung sampai selesai."
    )
    valid_until = models.DateField(
        "berlaku sampai",
        null=True,
        blank=True,
        help_text="Hari terakhir pengumuman berlaku. Kosongkan bila tidak berbatas waktu.",
    )

    class Meta:
        abstract = True

    @classmethod
    def make_kind_panels(cls) -> list:
        """Return the editor's panels, each shown for its own kind."""
        return [
            KindPanel(
                [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])],
                heading="Waktu acara",
                kinds=[Kind.EVENT],
            ),
            KindPanel([FieldPanel("valid_until")], heading="Masa berlaku", kinds=[Kind.ANNOUNCEMENT]),
        ]

    @property
    def is_event(self) -> bool:
        return self.kind == Kind.EVENT

    @property
    def ends_on_same_day(self) -> bool:
        """Say whether one date is enough to tell when the event is."""
        if self.starts_at is None or self.ends_at is None:
            return True
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)

    def find_kind_faults(self) -> dict[str, str]:
        """Return messages for contradictory values, by field."""
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            return {"ends_at": "Waktu selesai mendahului waktu mulai. Periksa kedua waktu ini."}
        if self.kind in TELLING and self.activity_date and self.activity_date > timezone.localdate():
            return {
                "activity_date": "Tanggal kegiatan belum tiba. Berita memuat kegiatan yang telah dilaksanakan; periksa "
                "tanggalnya."
            }
        return {}

    def find_kind_gaps(self) -> dict[str, str]:
        """Return messages for missing values of this kind, by field."""
        gaps = {}
        if self.kind in TELLING:
            if not self.activity_date:
                gaps["activity_date"] = "Isi tanggal kegiatan."
            if not self.activity_place:
                gaps["activity_place"] = "Isi tempat kegiatan."
        if self.kind == Kind.EVENT:
            if not self.starts_at:
                gaps["starts_at"] = "Isi hari dan jam acara dimulai."
            if not self.activity_place:
                gaps["activity_place"] = "Isi tempat acara."
        if self.kind == Kind.GALLERY and self.body and not any(block.block_type in _PICTURES for block in self.body):
            gaps["body"] = "Galeri belum memuat foto. Tambahkan sekurang-kurangnya satu foto."
        return gaps
