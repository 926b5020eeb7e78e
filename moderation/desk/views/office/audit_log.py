"""The audit log (Jejak audit), read-only for the whole desk."""

from django.views.generic import TemplateView

from moderation.desk.views.base import DeskMixin, get_parameter, paginate
from moderation.models import AuditEntry

PAGE_SIZE = 50


class AuditLogView(DeskMixin, TemplateView):
    """List the lines of the log, newest first; ``?nomor=`` filters by item."""

    template_name = "moderation/office/audit_log.html"
    page_title = "Jejak audit"
    header_icon = "history"
    trail = (("moderation:register", "Daftar publikasi"),)

    def get_context_data(self, **kwargs):
        number = get_parameter(self.request, "nomor")
        entries = AuditEntry.objects.order_by("-sequence")
        if number:
            entries = entries.filter(register_number__icontains=number)
        return super().get_context_data(
            listing=paginate(self.request, entries, PAGE_SIZE, "p"), number=number, **kwargs
        )
