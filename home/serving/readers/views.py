"""Screen of the report on readers: as paper, PDF, CSV and XLSX."""

from moderation.desk.views.lists.ppid_report import PeriodReportView

from . import report


class ReadersView(PeriodReportView):
    """Laporan pembaca."""

    pdf_name = "readers_pdf"
    file_stem = "laporan-pembaca"
    list_export = list(report.COLUMNS)
    export_headings = report.COLUMNS

    def get_rows(self):
        return report.get_rows(report.build(self.year, self.month))

    def build(self):
        return report.build_paper(report.build(self.year, self.month))
