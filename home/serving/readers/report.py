"""Laporan pembaca: how often items were opened in a month or a year, by day and by item."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format, number_format

from moderation.models import Disposition, OfficeProcedure
from moderation.records import durations
from moderation.records.papers.document import Column, Facts, Heading, Paper, Paragraph, Run, Table, make_file_name, say
from moderation.records.papers.formatting import get_letterhead, sign, write_footer

from .models import DailyReadings

TITLE = "Laporan pembaca"
COLUMNS = {
    "register_number": "Nomor register",
    "title": "Judul",
    "published": "Tayang pertama",
    "count": "Dibuka",
    "last": "Terakhir dibuka",
}
#: Items on paper; a spreadsheet has all.
MOST = 100
#: Widest bar, in characters.
_WIDTH = 12
EXPLANATION = (
    "Dihitung dari catatan server depan: halaman yang dibuka peramban, tanpa robot dan tanpa petugas yang masuk. "
    "Alamat dan nama pembaca tidak dicatat; seorang yang membuka dua kali terhitung dua kali."
)
EMPTY = "Belum ada halaman yang dibuka pada masa ini, atau pembaca belum dihitung."


@dataclass(frozen=True)
class Row:
    """One item that was opened in the period."""

    register_number: str
    title: str
    published: date | None
    count: int
    last: date


@dataclass(frozen=True)
class Report:
    """The counts of one period: of each day or month, and of each item, the most opened first."""

    period: str
    since: date | None
    times: list[tuple[str, int]]
    rows: list[Row]

    @property
    def total(self) -> int:
        return sum(count for _time, count in self.times)


def build(year: int, month: int | None) -> Report:
    """Count the readings of a month by day, or of a year by month, in a constant number of queries."""
    start, end = (timezone.localdate(moment) for moment in durations.get_period(year, month))
    counted = DailyReadings.objects.filter(day__gte=start, day__lt=end).order_by()
    if month:
        found = counted.values_list("day").annotate(Sum("count")).order_by("day")
        times = [(date_format(day, "j F"), count) for day, count in found]
    else:
        found = counted.annotate(first=TruncMonth("day")).values_list("first").annotate(Sum("count")).order_by("first")
        times = [(date_format(day, "F"), count) for day, count in found]
    items = list(counted.values_list("page").annotate(total=Sum("count"), last=Max("day")).order_by("-total", "-page"))
    known = Disposition.objects.filter(page__in=[page for page, _total, _last in items]).select_related("page")
    of_page = {item.page_id: item for item in known}
    return Report(
        period=durations.describe_period(year, month),
        since=DailyReadings.objects.aggregate(first=Min("day"))["first"],
        times=times,
        rows=[_make_row(of_page[page], total, last) for page, total, last in items if page in of_page],
    )


def _make_row(item, count, last) -> Row:
    published = item.page.first_published_at
    shown = item.page.title if item.page.live else f"{item.page.title} (tidak lagi tayang)"
    return Row(item.register_number, shown, published and timezone.localdate(published), count, last)


def get_rows(report: Report) -> list[dict]:
    """Return the items as rows of a spreadsheet."""
    return [{"cells": {name: getattr(row, name) for name in COLUMNS}} for row in report.rows]


def build_paper(report: Report) -> Paper:
    """Return the report with a plain bar for each time and item, to be signed."""
    procedure = OfficeProcedure.load()
    shown = report.rows[:MOST]
    rest = len(report.rows) - len(shown)
    facts = [("Masa laporan", report.period), ("Dibuka", f"{_write(report.total)} kali")]
    if report.since:
        facts.append(("Dihitung sejak", _write_day(report.since)))
    return Paper(
        title=TITLE,
        subtitle=report.period,
        file_name=make_file_name(TITLE.lower(), report.period),
        letterhead=get_letterhead(procedure),
        blocks=[
            Facts([(label, say(value)) for label, value in facts]),
            Paragraph([Run(EXPLANATION)], style="quiet"),
            *([] if report.times else [Paragraph([Run(EMPTY)])]),
            *(_draw_times(report.times) if report.times else []),
            *(_draw_items(shown) if shown else []),
            *([Paragraph([Run(f"{_write(rest)} materi lain ada pada XLSX dan CSV.")])] if rest else []),
            sign(procedure),
        ],
        footer=write_footer(TITLE, report.period),
    )


def _draw_times(times) -> list:
    most = max(count for _time, count in times)
    rows = [[[say(time)], [say(_write(count))], [_draw_bar(count, most)]] for time, count in times]
    columns = [Column(["Waktu"], 25), Column(["Dibuka"], 15), Column(["Grafik"], 60)]
    return [Heading("1. Menurut waktu"), Table("Menurut waktu", columns, rows)]


def _draw_items(shown) -> list:
    most = shown[0].count
    rows = [
        [
            [say(row.register_number)],
            [say(row.title)],
            [say(_write_day(row.published))],
            [say(_write(row.count))],
            [_draw_bar(row.count, most)],
        ]
        for row in shown
    ]
    widths = (("Nomor register", 18), ("Judul", 36), ("Tayang pertama", 15), ("Dibuka", 9), ("Grafik", 22))
    return [
        Heading("2. Menurut materi"),
        Table("Menurut materi", [Column([name], width) for name, width in widths], rows),
    ]


def _draw_bar(count: int, most: int) -> list[Run]:
    return [Run("█" * max(1, round(count / most * _WIDTH)), "code")]


def _write(number: int) -> str:
    return number_format(number, force_grouping=True)


def _write_day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""
