"""Screen of the report on readers: as paper, PDF, CSV and XLSX."""

from urllib.parse import urlencode

from django.urls import reverse

from moderation.desk.views.lists.papers import PaperView
from moderation.desk.views.lists.register import SafeSpreadsheetMixin
from moderation.desk.views.lists.report import ReportFilterForm

from . import report


class ReadersView(SafeSpreadsheetMixin, PaperView):
    """Laporan pembaca for the period chosen on the screen Laporan."""

    pdf_name = "readers_pdf"
    back_label = "Kembali ke laporan"
    list_export = list(report.COLUMNS)
    export_headings = report.COLUMNS

    def get(self, request, *args, **kwargs):
        self.year, self.month = ReportFilterForm(request.GET).get_period()
        if self.is_export and not self.as_pdf:
            response = self.as_spreadsheet(report.get_rows(report.build(self.year, self.month)), request.GET["export"])
            response["Cache-Control"] = "private, no-store"
            return response
        return super().get(request, *args, **kwargs)

    def build(self):
        return report.build_paper(report.build(self.year, self.month))

    def get_filename(self):
        return f"laporan-pembaca-{self.year}" + (f"-{self.month:02}" if self.month else "")

    def get_back_url(self):
        return self._add_period(reverse("moderation:report"))

    def get_pdf_url(self):
        return self._add_period(super().get_pdf_url())

    def _add_period(self, address):
        period = {"tahun": self.year} | ({"bulan": self.month} if self.month else {})
        return f"{address}?{urlencode(period)}"
