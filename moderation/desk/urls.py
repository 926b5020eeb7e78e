"""URLs of the desk, below /admin/."""

from django.urls import include, path

from .views.dispositions import DispositionAddView, DispositionListView
from .views.item.attachments import AttachmentView, MaterialPageView, MaterialReadView, PagePictureView
from .views.item.comments import CommentView
from .views.item.confirmations import ConfirmationView
from .views.item.content import MaterialView, PictureView, PreviewView
from .views.item.gallery import GalleryView
from .views.item.materials import MaterialCopyView
from .views.item.photos import SendPhotosView
from .views.item.posts import PostPreviewView
from .views.item.privacy import LiveCheckView
from .views.item.worksheet import StepView, WorksheetView
from .views.lists.calendar import CalendarView
from .views.lists.letters import LetterAddView, LetterChangeView, LetterListView, LetterScanView, LetterView
from .views.lists.proposals import (
    ProposalAddView,
    ProposalChangeView,
    ProposalDecisionView,
    ProposalFileView,
    ProposalListView,
    ProposalView,
)
from .views.lists.public_information import (
    PublicInformationAddView,
    PublicInformationEditView,
    PublicInformationListView,
    WithdrawInformationView,
)
from .views.lists.register import RegisterView
from .views.lists.report import ReportView
from .views.office.accounts import AccountListView, HandoverView, ResetFactorView
from .views.office.appointments import ActingListView, AppointView, EndView
from .views.office.audit_log import AuditLogView
from .views.office.checklists import ChecklistView
from .views.office.integrity import DiscrepancyListView, IntegrityView
from .views.office.invitations import InvitationExampleView, InviteAgainView, InviteView
from .views.office.worktime import HolidayView, WorkTimeView
from .views.queue import MyWorkView, QueueView, SeveralStepsView

app_name = "moderation"
urlpatterns = [
    path("antrean/", QueueView.as_view(), name="queue"),
    path("antrean/saya/", MyWorkView.as_view(), name="my_work"),
    path("antrean/beberapa/", SeveralStepsView.as_view(), name="several_steps"),
    path("antrean/<int:pk>/", WorksheetView.as_view(), name="worksheet"),
    path("antrean/<int:pk>/langkah/", StepView.as_view(), name="step"),
    path("antrean/<int:pk>/periksa/", LiveCheckView.as_view(), name="live_check"),
    path("antrean/<int:pk>/pratinjau-unggahan/", PostPreviewView.as_view(), name="post_previews"),
    path("antrean/<int:pk>/komentar/", CommentView.as_view(), name="comment"),
    path("antrean/<int:pk>/galeri/", GalleryView.as_view(), name="gallery"),
    path("antrean/<int:pk>/narasumber/", ConfirmationView.as_view(), name="confirmations"),
    path("antrean/<int:pk>/pratinjau/", PreviewView.as_view(), name="preview"),
    path("antrean/<int:pk>/bahan/ambil/", MaterialCopyView.as_view(), name="copy_materials"),
    path("antrean/<int:pk>/bahan/<int:material_pk>/", MaterialView.as_view(), name="material"),
    path("antrean/<int:pk>/bahan/<int:file_pk>/baca/", MaterialReadView.as_view(), name="material_read"),
    path("antrean/<int:pk>/bahan/<int:file_pk>/<int:number>.png", MaterialPageView.as_view(), name="material_page"),
    path("antrean/<int:pk>/lampiran/<int:file_pk>/", AttachmentView.as_view(), name="attachment"),
    path("antrean/<int:pk>/lampiran/<int:file_pk>/<int:number>.png", PagePictureView.as_view(), name="attachment_page"),
    path("antrean/<int:pk>/foto/<int:picture_pk>/", PictureView.as_view(), name="picture"),
    path("kirim-foto/", SendPhotosView.as_view(), name="send_photos"),
    path("daftar-periksa/", ChecklistView.as_view(), name="checklists"),
    path("disposisi/", DispositionListView.as_view(), name="disposition_list"),
    path("disposisi/buat/", DispositionAddView.as_view(), name="disposition_add"),
    path("usulan/", ProposalListView.as_view(), name="proposals"),
    path("usulan/ajukan/", ProposalAddView.as_view(), name="proposal_add"),
    path("usulan/<int:pk>/", ProposalView.as_view(), name="proposal"),
    path("usulan/<int:pk>/perbaiki/", ProposalChangeView.as_view(), name="proposal_change"),
    path("usulan/<int:pk>/putusan/", ProposalDecisionView.as_view(), name="proposal_decision"),
    path("usulan/<int:pk>/berkas/<int:material_pk>/", ProposalFileView.as_view(), name="proposal_file"),
    path("dip/", PublicInformationListView.as_view(), name="public_information"),
    path("dip/tambah/", PublicInformationAddView.as_view(), name="public_information_add"),
    path("dip/<int:pk>/", PublicInformationEditView.as_view(), name="public_information_edit"),
    path("dip/<int:pk>/keluarkan/", WithdrawInformationView.as_view(), name="public_information_withdraw"),
    path("surat-masuk/", LetterListView.as_view(), name="letters"),
    path("surat-masuk/catat/", LetterAddView.as_view(), name="letter_add"),
    path("surat-masuk/<int:pk>/", LetterView.as_view(), name="letter"),
    path("surat-masuk/<int:pk>/ubah/", LetterChangeView.as_view(), name="letter_change"),
    path("surat-masuk/<int:pk>/pindaian/", LetterScanView.as_view(), name="letter_scan"),
    path("daftar-publikasi/", RegisterView.as_view(), name="register"),
    path("cetak/", include("moderation.desk.paper_urls")),
    path("pejabat-pengganti/", ActingListView.as_view(), name="acting_list"),
    path("pejabat-pengganti/tunjuk/", AppointView.as_view(), name="acting_add"),
    path("pejabat-pengganti/<int:pk>/akhiri/", EndView.as_view(), name="acting_end"),
    path("akun-petugas/", AccountListView.as_view(), name="accounts"),
    path("akun-petugas/undang/", InviteView.as_view(), name="accounts_invite"),
    path("akun-petugas/undang/contoh/", InvitationExampleView.as_view(), name="accounts_example"),
    path("akun-petugas/<int:pk>/undang-lagi/", InviteAgainView.as_view(), name="account_invite_again"),
    path("akun-petugas/<int:pk>/serah-terima/", HandoverView.as_view(), name="account_handover"),
    path("akun-petugas/<int:pk>/faktor-kedua/hapus/", ResetFactorView.as_view(), name="account_reset_factor"),
    path("jejak-audit/", AuditLogView.as_view(), name="audit_log"),
    path("jejak-audit/keutuhan/", IntegrityView.as_view(), name="integrity"),
    path("jejak-audit/keutuhan/perbedaan/", DiscrepancyListView.as_view(), name="discrepancies"),
    path("kalender/", CalendarView.as_view(), name="calendar"),
    path("laporan/", ReportView.as_view(), name="report"),
    path("waktu-kerja/", WorkTimeView.as_view(), name="work_time"),
    path("waktu-kerja/libur/", HolidayView.as_view(), name="holidays"),
]
