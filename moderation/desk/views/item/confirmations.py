"""The screen where a quoted person's confirmation is asked for: the passages, the links and the answers."""

from urllib.parse import quote

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.chain.policy import Authority
from moderation.desk.views.base import DeskMixin
from moderation.models import Disposition
from moderation.people.notifications import get_link
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.ports.office import get_fact
from moderation.records import confirmations, item_history
from moderation.review import source_answers
from moderation.review.confirmation_forms import AskForm
from moderation.review.passages import list_passages


@method_decorator(never_cache, name="dispatch")
class ConfirmationView(DeskMixin, TemplateView):
    """Ask, take a link back, and see the answers. A link is shown once, in the answer to its own form."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "moderation/worksheet/sources/ask.html"
    page_title = "Konfirmasi narasumber"
    header_icon = "openquote"
    trail = (("moderation:queue", "Antrean"),)
    form: AskForm | None = None
    #: The message that was just made, with its link.
    message = ""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(Disposition, pk=kwargs["pk"], page__isnull=False)

    def get_breadcrumbs_items(self):
        home, queue, last = super().get_breadcrumbs_items()
        sheet = {"url": self.item.get_absolute_url(), "label": f"Lembar kerja {self.item.register_number}"}
        return [home, queue, sheet, last]

    def post(self, request, *args, **kwargs):
        status = 200
        try:
            if withdrawn := request.POST.get("withdraw", ""):
                confirmations.withdraw(self.item, request.user, _read_key(withdrawn))
                messages.success(
                    request, "Tautan ditarik. Yang membukanya membaca bahwa tautan itu tidak berlaku lagi."
                )
            else:
                status = self._ask(request)
        except StepRefused as refusal:
            messages.error(request, refusal.message)
            if self.form is not None:
                for name, problem in refusal.fields.items():
                    self.form.add_error(name, problem)
            status = 409 if isinstance(refusal, StepStale) else 422
        return self.render_to_response(self.get_context_data(), status=status)

    def _ask(self, request) -> int:
        self.form = form = AskForm(request.POST)
        if not form.is_valid():
            return 422
        asked = form.cleaned_data
        _row, token = confirmations.ask(self.item, request.user, key=asked["passage"], source=asked["source"])
        self.form, self.message = None, write_message(token)
        return 200

    def get_context_data(self, **kwargs):
        page = item_history.get_shown_page(self.item)
        form = self.form or AskForm()
        may_ask = confirmations.may_ask(Authority(self.item, self.request.user))
        return super().get_context_data(
            item=self.item,
            asked=source_answers.list_asked(self.item, page)[::-1],
            passages=list_passages(page) if may_ask else [],
            chosen=form["passage"].value() or "",
            form=form,
            may_ask=may_ask,
            days=confirmations.DAYS,
            message=self.message,
            whatsapp=f"https://wa.me/?text={quote(self.message, safe='')}",
            mail=f"mailto:?subject={quote('Konfirmasi kutipan', safe='')}&body={quote(self.message, safe='')}",
            **kwargs,
        )


def write_message(token: str) -> str:
    """Return the ready text for a quoted person, with the link; nothing is sent from here."""
    link = get_link(reverse("source_answer", args=[token]))
    return (
        f"{get_fact('name')} akan memuat keterangan Bapak/Ibu. Mohon dibaca dan dijawab, benar atau perlu diubah: "
        f"{link} (tanpa akun, berlaku {confirmations.DAYS} hari, satu kali jawab)."
    )


def _read_key(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0
