"""The report (Laporan): waiting time at each step, number of items, number of returns."""

from collections import Counter
from urllib.parse import urlencode

from django import forms
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.views.generic import TemplateView

from moderation import sop
from moderation.chain import deadlines
from moderation.desk.views.base import DeskMixin
from moderation.models import AuditEntry, RegisterYear
from moderation.ports import readings
from moderation.records import durations
from moderation.sop.worktime import describe_minutes

from .register import MarkedCsvMixin

LANES = (("biasa", "Biasa"), ("cepat", sop.FAST_LANE))
#: Further counts: (label, codes of the actions).
_EVENTS = (
    ("Disposisi diterbitkan", ("issue",)),
    ("Materi diverifikasi", ("verify",)),
    ("Materi dikembalikan", tuple(action.code for action in sop.ACTIONS if action.is_return)),
    ("Materi ditayangkan", ("publish",)),
    ("Disposisi dibatalkan", ("cancel", "recall")),
    ("Berita diturunkan", ("take_down",)),
)


class ReportFilterForm(forms.Form):
    """Filters by period and lane; ignores unknown values."""

    tahun = forms.TypedChoiceField(label="Tahun", required=False, coerce=int, empty_value=None)
    bulan = forms.TypedChoiceField(
        label="Bulan", required=False, coerce=int, empty_value=None, choices=[("", "Semua"), *MONTHS.items()]
    )
    jalur = forms.ChoiceField(label="Jalur", required=False, choices=LANES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        known = RegisterYear.objects.values_list("year", flat=True)
        years = sorted({timezone.localdate().year, *known}, reverse=True)
        self.fields["tahun"].choices = [(year, str(year)) for year in years]

    def get_period(self) -> tuple[int, int | None]:
        """Return the valid year and month (None: whole year), by default the current year."""
        self.is_valid()
        return self.cleaned_data.get("tahun") or timezone.localdate().year, self.cleaned_data.get("bulan")


class ReportView(MarkedCsvMixin, DeskMixin, TemplateView):
    """Waiting times by step and by month, on screen and as CSV or XLSX."""

    template_name = "moderation/lists/report.html"
    page_title = "Laporan waktu"
    header_icon = "history"
    export_headings = {
        "month": "Bulan",
        "step": "Langkah",
        "lane": "Jalur",
        "count": "Jumlah",
        "median": "Median (menit)",
        "median_words": "Median",
        "slowest": "Terlama (menit)",
        "slowest_words": "Terlama",
        "slowest_item": "Nomor register terlama",
        "returns": "Dikembalikan",
    }
    list_export = list(export_headings)
    # The page itself has the links, which work without JavaScript.
    show_export_buttons = False

    def get(self, request, *args, **kwargs):
        form = ReportFilterForm(request.GET)
        self.year, self.month = form.get_period()
        self.is_urgent = form.cleaned_data.get("jalur") == "cepat"
        self.office = deadlines.load_office()
        self.period = durations.get_period(self.year, self.month)
        self.stays = durations.find_stays(*self.period, self.office)
        if self.is_export:
            return self.as_spreadsheet(self._get_export_rows(), request.GET["export"])
        return super().get(request, *args, **kwargs)

    def get_filename(self):
        return f"laporan-waktu-{self.year}" + (f"-{self.month:02}" if self.month else "")

    def get_context_data(self, **kwargs):
        shown = [stay for stay in self.stays if stay.is_urgent == self.is_urgent]
        months = {} if self.month else durations.group_by_month(shown)
        return super().get_context_data(
            filter_form=ReportFilterForm(
                initial={"tahun": self.year, "bulan": self.month, "jalur": "cepat" if self.is_urgent else "biasa"}
            ),
            period=durations.describe_period(self.year, self.month),
            period_query=urlencode({"tahun": self.year} | ({"bulan": self.month} if self.month else {})),
            is_urgent=self.is_urgent,
            runs_always=self.office.settings.urgent_runs_always,
            events=self._count_events(),
            summaries=self._describe(shown),
            months=[(f"{MONTHS[month]} {self.year}", self._describe(stays)) for month, stays in months.items()],
            has_targets=self.office.is_on,
            target_label=deadlines.LABEL,
            readers_url=readings.get_report() and reverse(readings.get_report()),
            csv_url=self.csv_export_url,
            xlsx_url=self.xlsx_export_url,
            **kwargs,
        )

    def _describe(self, stays) -> list[tuple[durations.Summary, str]]:
        """Return each summary with its target in words, "" when targets are off."""
        return [
            (
                summary,
                describe_minutes(self.office.get_minutes(summary.key, self.is_urgent)) if self.office.is_on else "",
            )
            for summary in durations.summarise(stays)
        ]

    def _count_events(self) -> list[tuple[str, int]]:
        """Count the events of the period on both lanes, in one query."""
        start, end = self.period
        counted = Counter(
            dict(
                AuditEntry.objects.filter(at__gte=start, at__lt=end, disposition_id__isnull=False)
                .order_by()
                .values_list("action")
                .annotate(Count("pk"))
            )
        )
        return [(label, sum(counted[code] for code in codes)) for label, codes in _EVENTS]

    def _get_export_rows(self):
        for month, stays in durations.group_by_month(self.stays).items():
            for is_urgent, (_code, lane) in enumerate(LANES):
                for summary in durations.summarise(stay for stay in stays if stay.is_urgent == bool(is_urgent)):
                    yield {
                        "month": f"{self.year}-{month:02}",
                        "step": summary.label,
                        "lane": lane,
                        "count": summary.count,
                        "median": summary.median,
                        "median_words": summary.median_words,
                        "slowest": int(summary.slowest.minutes),
                        "slowest_words": summary.slowest_words,
                        "slowest_item": summary.slowest.register_number,
                        "returns": summary.returns,
                    }

    def to_row_dict(self, item):
        return item
