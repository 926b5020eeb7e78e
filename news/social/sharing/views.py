"""Views of the package for sharing by hand: cards, message, notice, and records."""

from base64 import b64encode

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages

from moderation.desk.views.base import HOME, DeskMixin
from moderation.models import Disposition, OfficeProcedure
from moderation.ports.exceptions import StepRefused, StepStale
from moderation.records.papers.document import tidy
from moderation.records.papers.formatting import get_letterhead
from moderation.records.papers.pdf import draw_code
from news.cards.content import get_content
from news.social.models.share import Share

from . import package, records
from .forms import EndForm, ShareForm


class PackageMixin(DeskMixin):
    """View of one item's package for the whole desk; ``records`` checks who may record."""

    page_title = "Paket WhatsApp dan cetak"
    header_icon = "mobile-alt"

    def setup(self, request, *args, pk, **kwargs):
        super().setup(request, *args, pk=pk, **kwargs)
        self.item = self.get_item(pk)

    def get_item(self, pk) -> Disposition:
        return get_object_or_404(Disposition.objects.select_related("page"), pk=pk)

    def get_page_subtitle(self):
        return self.item.subject

    def get_breadcrumbs_items(self):
        trail = [
            {"url": reverse("social:index"), "label": "Unggahan"},
            {"url": self.item.get_absolute_url(), "label": f"Lembar kerja {self.item.register_number}"},
        ]
        return [HOME, *trail, {"url": "", "label": self.get_page_title()}]

    def get_package(self) -> package.Package:
        found = package.build(self.item)
        if found is None:
            raise Http404("Materi ini belum disusun.")
        return found

    def get_package_url(self):
        return reverse("social:package", args=[self.item.pk])


class PackageView(PackageMixin, TemplateView):
    """The cards, the message, the ways to send it, and the shares."""

    template_name = "social/sharing/package.html"

    def get_context_data(self, form=None, refusal="", **kwargs):
        found = self.get_package()
        may_record = found.is_live and records.may_record(self.request.user)
        initial = {"shared_on": timezone.localdate(), "seal": found.seal}
        if form is not None:
            # Keep the typed data, but with the seal of the version shown now.
            form.data = form.data.copy()
            form.data["seal"] = found.seal
        return super().get_context_data(
            item=self.item,
            package=found,
            shares=package.list_shares(self.item, self.request.user),
            form=(form or ShareForm(initial=initial)) if may_record else None,
            refusal=refusal,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        form = ShareForm(request.POST)
        if not form.is_valid():
            return self._show_again(form, "Catatan belum tersimpan. Periksa isian.", 422)
        try:
            share = records.record(self.item, request.user, **form.cleaned_data)
        except StepRefused as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name, message)
            return self._show_again(form, refusal.message, 409 if isinstance(refusal, StepStale) else 422)
        messages.success(request, f"Dicatat: dibagikan ke {share.target}.")
        return redirect(self.get_package_url())

    def _show_again(self, form, refusal, status):
        return self.render_to_response(self.get_context_data(form=form, refusal=refusal), status=status)


class EndShareView(PackageMixin, FormView):
    """Confirm ending a share."""

    template_name = "social/sharing/end.html"
    form_class = EndForm

    def get_item(self, pk):
        shares = Share.objects.select_related("disposition__page", "page", "permit", "ended_by")
        self.share = get_object_or_404(shares, pk=pk, kind=Share.Kind.SHARED)
        ending = records.get_ending(self.kwargs["code"])
        if ending is None:
            raise Http404
        self.ending = ending
        return self.share.disposition

    def get_page_title(self):
        return self.ending.label

    def get_success_url(self):
        return self.get_package_url()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"ending": self.ending}

    def get(self, request, *args, **kwargs):
        if self.ending not in records.get_endings(self.share, request.user):
            messages.error(request, f"“{self.ending.label}” tidak dapat dilakukan untuk catatan ini.")
            return redirect(self.get_package_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            records.end(self.share, self.ending, self.request.user, form.cleaned_data["note"])
        except StepRefused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, self.ending.done)
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(share=self.share, ending=self.ending, **kwargs)


class NoticeView(PackageMixin, TemplateView):
    """The item as an A4 notice: large print, and a QR code of the page."""

    def get(self, request, *args, **kwargs):
        found = self.get_package()
        if not found.is_live:
            messages.error(request, records.NOT_LIVE)
            return redirect(self.get_package_url())
        page, content = found.page, get_content(found.page)
        context = {
            "title": tidy(page.title),
            "lead": tidy(page.lead),
            "place": tidy(page.activity_place),
            "content": content,
            "letterhead": get_letterhead(OfficeProcedure.load()),
            "code_url": f"data:image/svg+xml;base64,{b64encode(draw_code(found.link).encode()).decode()}",
            "link": found.link,
            "seal": found.seal,
            "correction": page.get_correction_note(),
            "back_url": self.get_package_url(),
        }
        response = render(request, "social/sharing/notice.html", context)
        response["Cache-Control"] = "private, no-store"
        return response
