"""Find the years and months of a list without counting their items."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


@dataclass(frozen=True, order=True)
class Month:
    """One month of the calendar; ``path`` is its part of a URL."""

    year: int
    number: int

    @classmethod
    def of(cls, moment) -> "Month":
        """Return the month of a moment, in the office's time zone."""
        local = timezone.localtime(moment)
        return cls(local.year, local.month)

    @property
    def name(self) -> str:
        return MONTHS[self.number - 1]

    @property
    def title(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def path(self) -> str:
        return f"{self.year}/{self.number:02}/"

    def shift(self, months: int) -> "Month":
        """Return the month ``months`` later; negative for earlier."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def get_bounds(self):
        """Return the first moment of the month and that of the next one."""
        return _start(self.year, self.number), _start(*_as_pair(self.shift(1)))


def get_year_bounds(year: int):
    """Return the first moment of the year and that of the next one."""
    return _start(year, 1), _start(year + 1, 1)


def find_span(items, field: str):
    """Return the earliest and the latest month of the items, None when there are none."""
    items = items.exclude(**{field: None})
    first = items.order_by(field).values_list(field, flat=True).first()
    if first is None:
        return None
    last = items.order_by(f"-{field}").values_list(field, flat=True).first()
    return Month.of(first), Month.of(last)


def list_years(span) -> list[int]:
    """Return the years of a span, the latest first."""
    return list(range(span[1].year, span[0].year - 1, -1)) if span else []


def list_months(span, year: int) -> list[Month]:
    """Return the months of a year that lie within the span."""
    months = (Month(year, number) for number in range(1, 13))
    return [month for month in months if span and span[0] <= month <= span[1]]


def _as_pair(month: Month):
    return month.year, month.number


def _start(year: int, month: int):
    return timezone.make_aware(datetime.datetime(year, month, 1))  # noqa: DTZ001 - made aware here
