"""The screen *Keadaan situs*: the doctor's rows, for PPID Pembantu and administrators."""

from django.core.exceptions import PermissionDenied
from django.views.generic import TemplateView

from moderation import sop
from moderation.desk.views.base import DeskMixin
from moderation.models.roles import has_role

from . import doctor
from .rows import Verdict


def may_see(user) -> bool:
    """Say whether the user may see how site and machine are: PPID Pembantu and administrators."""
    return user.is_active and (user.is_superuser or has_role(user, sop.Role.PPID_PEMBANTU))


class HealthView(DeskMixin, TemplateView):
    """Show the doctor's rows as they are at this moment, what is broken first."""

    template_name = "kecamatan_site/health/doctor.html"
    page_title = "Keadaan situs"
    header_icon = "desktop"

    def dispatch(self, request, *args, **kwargs):
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        rows = doctor.examine()
        order = list(reversed(Verdict))
        counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
        return super().get_context_data(
            rows=sorted(rows, key=lambda row: order.index(row.verdict)),
            faults=counts[Verdict.FAULT],
            advice=counts[Verdict.ADVICE],
            **kwargs,
        )
