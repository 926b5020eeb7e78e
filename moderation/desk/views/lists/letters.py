"""The agenda of letters (Agenda surat masuk): the desk reads, Sekretariat edits."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages

from moderation.desk.views.base import DeskMixin, paginate
from moderation.desk.views.dispositions import may_issue
from moderation.desk.views.item.content import send_private_file
from moderation.models import IncomingLetter
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.records import letters
from moderation.records.letter_forms import AgendaFilterForm, LetterForm
from moderation.records.papers import agenda

from .papers import PaperView

PAGE_SIZE = 25
AGENDA = (("moderation:letters", "Surat masuk"),)


def get_letters(filters: dict):
    """Return the letters that match the filters, newest first."""
    found = IncomingLetter.objects.all()
    if filters.get("year"):
        found = found.filter(agenda_year=filters["year"])
    words = filters.get("q", "")
    if words:
        columns = ("sender", "letter_number", "summary", "remark", "forwarded_to")
        matches = Q()
        for column in columns:
            matches |= Q(**{f"{column}__icontains": words})
        found = found.filter(matches)
    return found.order_by("-agenda_year", "-agenda_sequence")


class LetterListView(DeskMixin, TemplateView):
    """List the letters, newest first."""

    template_name = "moderation/lists/letters.html"
    page_title = "Surat masuk"
    header_icon = "mail"

    def get_context_data(self, **kwargs):
        form = AgendaFilterForm(self.request.GET)
        filters = form.get_filters()
        found = get_letters(filters).annotate(uses=Count("dispositions"))
        return super().get_context_data(
            listing=paginate(self.request, found, PAGE_SIZE, "p"),
            filter_form=form,
            is_filtered=bool(filters),
            may_keep=letters.may_keep(self.request.user),
            may_issue=may_issue(self.request.user),
            **kwargs,
        )


class LetterView(DeskMixin, TemplateView):
    """One letter with its scan and its items."""

    template_name = "moderation/lists/letter.html"
    header_icon = "mail"
    trail = AGENDA

    def get_page_title(self):
        return f"Agenda {self.letter.agenda_number}/{self.letter.agenda_year}"

    def get(self, request, *args, **kwargs):
        self.letter = get_object_or_404(IncomingLetter, pk=kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            letter=self.letter,
            dispositions=self.letter.dispositions.order_by("pk"),
            may_keep=letters.may_keep(self.request.user),
            may_issue=may_issue(self.request.user),
            **kwargs,
        )


class LetterFormView(DeskMixin, FormView):
    """Base of the views that add and correct a letter."""

    template_name = "moderation/lists/letter_form.html"
    form_class = LetterForm
    header_icon = "mail"
    trail = AGENDA
    letter: IncomingLetter | None = None

    def dispatch(self, request, *args, **kwargs):
        if not letters.may_keep(request.user):
            raise PermissionDenied
        if "pk" in kwargs:
            self.letter = get_object_or_404(IncomingLetter, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.letter}

    def form_valid(self, form):
        try:
            letter = self.keep(form)
        except StepRefused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form, 409 if isinstance(refusal, StepStale) else 422)
        messages.success(
            self.request, f"Surat dari {letter.sender} tercatat dengan nomor agenda {letter.agenda_number}."
        )
        return redirect(letter)

    def form_invalid(self, form, status=422):
        messages.error(self.request, "Surat belum tercatat. Perbaiki isian yang ditandai di bawah.")
        return self.render_to_response(self.get_context_data(form=form), status=status)


class LetterAddView(LetterFormView):
    """Add a letter."""

    page_title = "Catat surat masuk"

    def keep(self, form):
        return letters.add(self.request.user, form.get_facts(), form.cleaned_data["scan_file"])


class LetterChangeView(LetterFormView):
    """Correct a letter."""

    page_title = "Ubah catatan surat"

    def get_initial(self):
        return {"version": self.letter.version}

    def keep(self, form):
        return letters.change(
            self.request.user,
            self.letter,
            form.get_facts(),
            form.cleaned_data["scan_file"],
            expected_version=form.cleaned_data["version"],
        )


class LetterScanView(DeskMixin, View):
    """Serve the scan of a letter from the private storage."""

    def get(self, request, pk):
        letter = get_object_or_404(IncomingLetter, pk=pk)
        shown_type = letter.shown_type if "tampil" in request.GET else None
        return send_private_file(letter.scan, letter.scan_name, shown_type)


class AgendaPaperView(PaperView):
    """The agenda as a printed document, filtered as on the screen."""

    pdf_name = "moderation:agenda_pdf"
    back_label = "Kembali ke surat masuk"

    def build(self):
        form = AgendaFilterForm(self.request.GET)
        filters = form.get_filters()
        return agenda.build(get_letters(filters), form.describe(filters))

    def get_back_url(self):
        return self.add_filters(reverse("moderation:letters"))

    def get_pdf_url(self):
        return self.add_filters(super().get_pdf_url())
