"""Screen of integrity checks (Keutuhan): findings of the last run, and a button to request a run."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.desk.views.base import DeskMixin, paginate
from moderation.management.jobs import integrity
from moderation.models import IntegrityCheck
from moderation.models.roles import get_roles

PAGE_SIZE = 20


class IntegrityView(DeskMixin, TemplateView):
    """Show the result of the last run and the list of runs."""

    template_name = "moderation/office/integrity.html"
    page_title = "Keutuhan isi dan jejak audit"
    header_icon = "circle-check"
    trail = (("moderation:audit_log", "Jejak audit"),)

    def get_context_data(self, **kwargs):
        finished = IntegrityCheck.objects.exclude(finished_at=None).select_related("requested_by")
        return super().get_context_data(
            last=integrity.get_last_finished(),
            running=IntegrityCheck.objects.filter(finished_at=None).order_by("pk").first(),
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


def may_ask(user) -> bool:
    """Say whether the user may request a run: every role of the chain and the administrator."""
    return user.is_superuser or bool(get_roles(user))
