"""Screens of integrity (Keutuhan): the overview, the checks of the database, and the differences of the watches."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.desk.integrity_overview import list_sights
from moderation.desk.views.base import DeskMixin, paginate
from moderation.management.jobs import integrity
from moderation.models import Discrepancy, IntegrityCheck
from moderation.models.roles import get_roles

PAGE_SIZE = 20
DISCREPANCY_PAGE_SIZE = 10


class IntegrityView(DeskMixin, TemplateView):
    """Show what is whole, the result of the last run and the list of runs."""

    template_name = "moderation/office/integrity.html"
    page_title = "Keutuhan"
    header_icon = "circle-check"
    trail = (("moderation:audit_log", "Jejak audit"),)

    def get_context_data(self, **kwargs):
        finished = IntegrityCheck.objects.exclude(finished_at=None).select_related("requested_by")
        running = IntegrityCheck.objects.filter(finished_at=None).order_by("pk").first()
        return super().get_context_data(
            sights=list_sights(),
            last=integrity.get_last_finished(),
            running=running,
            stage=integrity.get_stage_label(running) if running else "",
            listing=paginate(self.request, finished, PAGE_SIZE, "p"),
            may_ask=may_ask(self.request.user),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if not may_ask(request.user):
            raise PermissionDenied
        integrity.request(request.user)
        messages.success(request, "Pemeriksaan diminta. Hasilnya tampil di sini; Anda boleh meninggalkan halaman ini.")
        return redirect("moderation:integrity")


class DiscrepancyListView(DeskMixin, TemplateView):
    """Show the differences that the watches found, both versions side by side; open ones first."""

    template_name = "moderation/office/discrepancies.html"
    page_title = "Perbedaan"
    header_icon = "warning"
    trail = (("moderation:audit_log", "Jejak audit"), ("moderation:integrity", "Keutuhan"))

    def get_context_data(self, **kwargs):
        found = Discrepancy.objects.select_related("watch").order_by(F("mended_at").desc(nulls_first=True), "pk")
        return super().get_context_data(listing=paginate(self.request, found, DISCREPANCY_PAGE_SIZE, "p"), **kwargs)


def may_ask(user) -> bool:
    """Say whether the user may request a run: every role of the chain and the administrator."""
    return user.is_superuser or bool(get_roles(user))
