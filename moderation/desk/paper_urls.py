"""URLs of the printed documents, below /admin/cetak/."""

from django.urls import path

from .views.lists.letters import AgendaPaperView
from .views.lists.papers import CaseFileView, RegisterPaperView, SheetView
from .views.lists.ppid_report import PpidReportView

urlpatterns = [
    path("lembar-disposisi/<int:pk>/", SheetView.as_view(), name="sheet"),
    path("lembar-disposisi/<int:pk>/pdf/", SheetView.as_view(as_pdf=True), name="sheet_pdf"),
    path("berkas-materi/<int:pk>/", CaseFileView.as_view(), name="case_file"),
    path("berkas-materi/<int:pk>/pdf/", CaseFileView.as_view(as_pdf=True), name="case_file_pdf"),
    path("daftar-publikasi/", RegisterPaperView.as_view(), name="register_paper"),
    path("daftar-publikasi/pdf/", RegisterPaperView.as_view(as_pdf=True), name="register_pdf"),
    path("agenda-surat-masuk/", AgendaPaperView.as_view(), name="agenda_paper"),
    path("agenda-surat-masuk/pdf/", AgendaPaperView.as_view(as_pdf=True), name="agenda_pdf"),
    path("laporan/", PpidReportView.as_view(), name="ppid_report"),
    path("laporan/pdf/", PpidReportView.as_view(as_pdf=True), name="ppid_report_pdf"),
]
