"""View that copies an item's source material into the library, posted from the worksheet."""

from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.desk.library import from_materials
from moderation.ports.exceptions import StepRefused

from .worksheet import WorksheetMixin


class MaterialCopyView(WorksheetMixin, TemplateView):
    """Copy what the library takes, and say what became of each file."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        self.item = self.get_item()
        try:
            copied = from_materials.copy_materials(self.item, request.user)
        except StepRefused as refusal:
            self.refusal = refusal
            return self.render_to_response(self.get_context_data(), status=422)
        self._tell(request, copied)
        return redirect(f"{self.item.get_absolute_url()}#bahan")

    def _tell(self, request, copied: from_materials.Copied) -> None:
        for problem in copied.refused:
            messages.error(request, problem)
        if copied.waiting:
            messages.warning(request, f"{copied.waiting} bahan belum diambil. Tekan tombolnya sekali lagi.")
        if copied.new:
            known = f" {copied.known} bahan sudah diambil sebelumnya." if copied.known else ""
            place = "Di editor, pilih dari urutan teratas pustaka."
            messages.success(request, f"{copied.new} bahan disalin ke pustaka. {place}{known}")
        elif copied.known and not copied.refused:
            messages.success(request, "Semua bahan sudah ada di pustaka.")
