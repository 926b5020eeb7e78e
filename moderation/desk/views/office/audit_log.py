"""The audit log (Jejak audit), readable by everybody who may see the desk, changeable by nobody."""

from django.views.generic import TemplateView

from moderation.desk.views.base import DeskMixin, get_words, paginate
from moderation.models import AuditEntry

PAGE_SIZE = 50


class AuditLogView(DeskMixin, TemplateView):
    """The lines of the log, the newest first; ``?nomor=`` shows one item's."""

    template_name = "moderation/office/audit_log.html"
    page_title = "Jejak audit"
    header_icon = "history"
    trail = (("moderation:register", "Daftar publikasi"),)

    def get_context_data(self, **kwargs):
        number = get_words(self.request, "nomor")
        entries = AuditEntry.objects.order_by("-sequence")
        if number:
            entries = entries.filter(register_number__icontains=number)
        return super().get_context_data(
            listing=paginate(self.request, entries, PAGE_SIZE, "p"), number=number, **kwargs
        )
