"""Banners over every page: by level, with dates, and always in the words of a verified item."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

#: From the quiet one to the one that concerns life and limb.
LEVELS = {"info": "Informasi", "waspada": "Waspada", "darurat": "Darurat"}


class AlertBlock(blocks.StructBlock):
    """A banner that leads to one item; it says no more than that item, which passed the SOP."""

    level = blocks.ChoiceBlock(label="Tingkat", choices=list(LEVELS.items()), default="info")
    page = blocks.PageChooserBlock(
        label="Materi yang sudah tayang",
        page_type="news.NewsPage",
        help_text="Pita memuat judul materi ini dan tautan ke isinya. Bila materi diturunkan, pita ikut hilang.",
    )
    starts_at = blocks.DateTimeBlock(label="Tampil mulai", required=False, help_text="Kosongkan untuk segera.")
    ends_at = blocks.DateTimeBlock(
        label="Tampil sampai", help_text="Wajib diisi, agar pita tidak tertinggal setelah keadaan berlalu."
    )

    class Meta:
        label = "Pita"
        icon = "warning"

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["starts_at"] and cleaned["ends_at"] and cleaned["ends_at"] <= cleaned["starts_at"]:
            problem = ValidationError("Waktu selesai mendahului waktu mulai. Periksa kedua waktu ini.")
            raise StructBlockValidationError({"ends_at": problem})
        return cleaned


@dataclass(frozen=True)
class Alert:
    """One banner that is shown now; ``key`` tells a browser which one its reader has closed."""

    key: str
    level: str
    level_label: str
    title: str
    address: str


@dataclass(frozen=True)
class Entry:
    """One banner as it is stored."""

    key: str
    level: str
    page_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None

    def is_shown_at(self, moment: datetime) -> bool:
        """Say whether this is within its time; without an end it is never shown."""
        if self.ends_at is None or self.page_id is None:
            return False
        return (self.starts_at is None or self.starts_at <= moment) and moment < self.ends_at


def read_entries(raw_stream) -> list[Entry]:
    """Return the stored banners without asking the database for their pages."""
    entries = []
    for block in raw_stream:
        value = block["value"]
        level = value.get("level")
        entries.append(
            Entry(
                # A banner that now says another thing is another banner to those who closed it.
                key=f"{block.get('id', '')}.{value.get('page')}.{value.get('level')}",
                level=level if level in LEVELS else "info",
                page_id=value.get("page"),
                starts_at=_read_moment(value.get("starts_at")),
                ends_at=_read_moment(value.get("ends_at")),
            )
        )
    return entries


def _read_moment(text) -> datetime | None:
    moment = parse_datetime(text) if isinstance(text, str) else text
    return timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment
