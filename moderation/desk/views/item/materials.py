"""View that copies an item's source material into the library, posted from the worksheet."""

from django.shortcuts import redirect
from django.views.generic import TemplateView

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
        copied.tell(request)
        return redirect(f"{self.item.get_absolute_url()}#bahan")
