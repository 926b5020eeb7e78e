"""Banners of every page: level, period, and the title of a verified item."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from home.blocks import ALERT_LEVELS


@dataclass(frozen=True)
class Alert:
    """A banner to show; ``key`` identifies it to the browser that has closed it."""

    key: str
    level: str
    level_label: str
    title: str
    address: str


@dataclass(frozen=True)
class Entry:
    """A stored banner."""

    key: str
    level: str
    page_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None

    def is_shown_at(self, moment: datetime) -> bool:
        """Return whether ``moment`` is within the period; False without an end."""
        if self.ends_at is None or self.page_id is None:
            return False
        return (self.starts_at is None or self.starts_at <= moment) and moment < self.ends_at


def read_entries(raw_stream) -> list[Entry]:
    """Return the stored banners without fetching their pages."""
    entries = []
    for block in raw_stream:
        value = block["value"]
        level = value.get("level")
        entries.append(
            Entry(
                # A new page or level gives a new key: readers who closed the old banner see it.
                key=f"{block.get('id', '')}.{value.get('page')}.{value.get('level')}",
                level=level if level in ALERT_LEVELS else "info",
                page_id=value.get("page"),
                starts_at=_read_moment(value.get("starts_at")),
                ends_at=_read_moment(value.get("ends_at")),
            )
        )
    return entries


def _read_moment(text) -> datetime | None:
    moment = parse_datetime(text) if isinstance(text, str) else text
    return timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment
