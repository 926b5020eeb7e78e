"""Kirim foto: one short page for the phone; its script, forms/photos.js, sends each file by itself."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.desk.library import incoming
from moderation.desk.views.base import DeskMixin
from moderation.ports.exceptions import StepRefused
from moderation.uploads import materials

NONE_CHOSEN = "Pilih sekurang-kurangnya satu foto."


class SendPhotosView(DeskMixin, TemplateView):
    """Take photos as Bahan: one for a script, which is answered as JSON, or several from a plain form."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "moderation/lists/send_photos.html"
    page_title = "Kirim foto"
    header_icon = "image"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not incoming.may_send(request.user):
            raise PermissionDenied

    def post(self, request, *args, **kwargs):
        said = [self._add(file) for file in request.FILES.getlist("files")[: materials.MAX_FILES]]
        problems = [problem for _words, problem in said if problem] if said else [NONE_CHOSEN]
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            answer = {"said": problems[0]} if problems else {"said": said[0][0]}
            return JsonResponse(answer, status=422 if problems else 200)
        for problem in problems:
            messages.error(request, problem)
        if len(said) > len(problems):
            messages.success(request, f"{len(said) - len(problems)} foto terkirim menjadi bahan.")
        if problems:
            return self.render_to_response(self.get_context_data(), status=422)
        return redirect(request.get_full_path())

    def _add(self, file) -> tuple[str, str]:
        """Return what to say of a file, and the problem with it."""
        data = self.request.POST
        try:
            is_new = incoming.add(self.request.user, data.get("target", ""), file, data.get("caption", ""))
        except StepRefused as refusal:
            return "", refusal.message
        return "Terkirim" if is_new else "Terkirim (sudah ada)", ""

    def get_context_data(self, **kwargs):
        data = self.request.POST or self.request.GET
        return super().get_context_data(
            targets=incoming.list_targets(self.request.user),
            chosen=data.get("target", ""),
            caption=data.get("caption", ""),
            caption_length=incoming.CAPTION_LENGTH,
            most=materials.MAX_FILES,
            **kwargs,
        )
