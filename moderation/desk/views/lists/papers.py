"""The office's printed documents, as HTML and PDF; rendered outside transactions, never cached."""

from base64 import b64encode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from moderation.desk.views.base import DeskMixin
from moderation.models import Disposition
from moderation.records import register
from moderation.records.papers import case_file, listing, pdf, sheet
from moderation.records.papers.document import Paper, PaperTooLarge, as_data

from .register import RegisterFilterForm


class PaperView(DeskMixin, View):
    """One document for everybody who may read the desk; ``as_pdf`` selects PDF instead of HTML."""

    http_method_names = ["get", "head", "options"]
    as_pdf = False
    #: URL name of the PDF.
    pdf_name = ""
    back_label = "Kembali"

    def build(self) -> Paper:
        raise NotImplementedError(f"{type(self).__name__} must say what stands on its paper.")

    def get_back_url(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} must say where it was opened from.")

    def get_pdf_url(self) -> str:
        return reverse(self.pdf_name, kwargs=self.kwargs)

    def add_filters(self, address: str) -> str:
        """Return a URL with the filters of the screen."""
        query = self.request.GET.urlencode()
        return f"{address}?{query}" if query else address

    def get(self, request, *args, **kwargs):
        try:
            paper = self.build()
            response = self._send_pdf(paper) if self.as_pdf else self._show(paper)
        except PaperTooLarge as problem:
            messages.error(request, str(problem))
            return redirect(self.get_back_url())
        response["Cache-Control"] = "private, no-store"
        return response

    def _send_pdf(self, paper):
        response = HttpResponse(pdf.render(paper), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{paper.file_name}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _show(self, paper):
        context = {
            "paper": as_data(paper),
            "back_url": self.get_back_url(),
            "back_label": self.back_label,
            "pdf_url": self.get_pdf_url(),
        }
        if paper.code is not None:
            picture = b64encode(pdf.draw_code(paper.code.address).encode()).decode()
            context["code_url"] = f"data:image/svg+xml;base64,{picture}"
        return render(self.request, "moderation/papers/paper.html", context)


class ItemPaperView(PaperView):
    """A document about one item."""

    back_label = "Kembali ke lembar kerja"

    def get_item(self) -> Disposition:
        items = Disposition.objects.select_related("assigned_to", "issued_by", "page")
        return get_object_or_404(items, pk=self.kwargs["pk"])

    def get_back_url(self):
        return reverse("moderation:worksheet", kwargs=self.kwargs)


class SheetView(ItemPaperView):
    """Lembar disposisi."""

    pdf_name = "moderation:sheet_pdf"

    def build(self):
        return sheet.build(self.get_item())


class CaseFileView(ItemPaperView):
    """Berkas materi."""

    pdf_name = "moderation:case_file_pdf"

    def build(self):
        return case_file.build(self.get_item())


class RegisterPaperView(PaperView):
    """Daftar informasi yang akan dipublikasikan, filtered as on the screen."""

    pdf_name = "moderation:register_pdf"
    back_label = "Kembali ke daftar publikasi"

    def build(self):
        form = RegisterFilterForm(self.request.GET)
        filters = form.get_filters()
        return listing.build(register.get_items(filters), form.describe(filters))

    def get_back_url(self):
        return self.add_filters(reverse("moderation:register"))

    def get_pdf_url(self):
        return self.add_filters(super().get_pdf_url())
