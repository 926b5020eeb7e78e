"""The report for PPID Utama as HTML, PDF, CSV and XLSX."""

from urllib.parse import urlencode

from django.urls import reverse

from moderation.records import ppid_report
from moderation.records.papers import ppid_report as paper

from .papers import PaperView
from .register import SafeSpreadsheetMixin
from .report import ReportFilterForm


class PpidReportView(SafeSpreadsheetMixin, PaperView):
    """Laporan pengelolaan informasi publik for the period chosen on the screen Laporan."""

    pdf_name = "moderation:ppid_report_pdf"
    back_label = "Kembali ke laporan"
    list_export = list(ppid_report.COLUMNS)
    export_headings = ppid_report.COLUMNS

    def get(self, request, *args, **kwargs):
        self.year, self.month = ReportFilterForm(request.GET).get_period()
        if self.is_export and not self.as_pdf:
            rows = ppid_report.get_rows(ppid_report.build(self.year, self.month))
            response = self.as_spreadsheet(rows, request.GET["export"])
            response["Cache-Control"] = "private, no-store"
            return response
        return super().get(request, *args, **kwargs)

    def build(self):
        return paper.build(ppid_report.build(self.year, self.month))

    def get_filename(self):
        return f"laporan-informasi-publik-{self.year}" + (f"-{self.month:02}" if self.month else "")

    def get_back_url(self):
        return self._add_period(reverse("moderation:report"))

    def get_pdf_url(self):
        return self._add_period(super().get_pdf_url())

    def _add_period(self, address):
        period = {"tahun": self.year} | ({"bulan": self.month} if self.month else {})
        return f"{address}?{urlencode(period)}"
