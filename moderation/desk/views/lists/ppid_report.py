"""Reports of a month or a year as HTML, PDF, CSV and XLSX, and the one for PPID Utama."""

from urllib.parse import urlencode

from django.urls import reverse

from moderation.records import ppid_report
from moderation.records.papers import ppid_report as paper

from .papers import PaperView
from .register import SafeSpreadsheetMixin
from .report import ReportFilterForm


class PeriodReportView(SafeSpreadsheetMixin, PaperView):
    """A report of the period chosen on the screen Laporan; ``file_stem`` begins the names of its files."""

    back_label = "Kembali ke laporan"
    file_stem = ""

    def get_rows(self):
        raise NotImplementedError(f"{type(self).__name__} must say what stands in its spreadsheet.")

    def get(self, request, *args, **kwargs):
        self.year, self.month = ReportFilterForm(request.GET).get_period()
        if self.is_export and not self.as_pdf:
            response = self.as_spreadsheet(self.get_rows(), request.GET["export"])
            response["Cache-Control"] = "private, no-store"
            return response
        return super().get(request, *args, **kwargs)

    def get_filename(self):
        return f"{self.file_stem}-{self.year}" + (f"-{self.month:02}" if self.month else "")

    def get_back_url(self):
        return self._add_period(reverse("moderation:report"))

    def get_pdf_url(self):
        return self._add_period(super().get_pdf_url())

    def _add_period(self, address):
        period = {"tahun": self.year} | ({"bulan": self.month} if self.month else {})
        return f"{address}?{urlencode(period)}"


class PpidReportView(PeriodReportView):
    """Laporan pengelolaan informasi publik."""

    pdf_name = "moderation:ppid_report_pdf"
    file_stem = "laporan-informasi-publik"
    list_export = list(ppid_report.COLUMNS)
    export_headings = ppid_report.COLUMNS

    def get_rows(self):
        return ppid_report.get_rows(ppid_report.build(self.year, self.month))

    def build(self):
        return paper.build(ppid_report.build(self.year, self.month))
