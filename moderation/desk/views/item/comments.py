"""View of comments on the text, posted from the worksheet."""

from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.chain import comments
from moderation.ports.exceptions import StepRefused, StepStale

from .worksheet import WorksheetMixin

DONE = {"add": "Komentar ditulis.", "answer": "Jawaban ditulis.", "resolve": "Komentar diselesaikan."}


class CommentView(WorksheetMixin, TemplateView):
    """Add, answer or resolve a comment; on refusal show the worksheet with the posted data."""

    http_method_names = ["get", "post", "head", "options"]

    def get(self, request, *args, **kwargs):
        return redirect("moderation:worksheet", pk=kwargs["pk"])

    def post(self, request, *args, **kwargs):
        self.item = self.get_item()
        what = request.POST.get("do", "")
        try:
            self._do(what, request.POST)
        except StepRefused as refusal:
            self.refusal = refusal
            status = 409 if isinstance(refusal, StepStale) else 422
            return self.render_to_response(self.get_context_data(), status=status)
        messages.success(request, f"“{self.item.subject}”: {DONE[what][:1].lower()}{DONE[what][1:]}")
        return redirect(f"{self.item.get_absolute_url()}#komentar")

    def _do(self, what, data) -> None:
        user = self.request.user
        if what == "add":
            comments.add(
                self.item,
                user,
                place=data.get("place", ""),
                quote=data.get("quote", "")[: comments.MAX_LENGTH],
                text=data.get("text", ""),
            )
        elif what == "answer":
            comments.answer(self.item, user, comment_id=data.get("comment", ""), text=data.get("text", ""))
        elif what == "resolve":
            comments.resolve(self.item, user, comment_id=data.get("comment", ""))
        else:
            raise StepRefused("Formulir tidak lengkap. Muat ulang lembar kerja, lalu ulangi langkah Anda.")

    def _get_typed(self, step_forms) -> str:
        return self.request.POST.get("text", "")
