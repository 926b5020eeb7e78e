"""The screen that puts several photos into an item's text at once, reached from the worksheet and the editor."""

from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from moderation.chain.policy import Authority
from moderation.desk.library import gallery
from moderation.desk.views.base import DeskMixin, get_parameter, paginate
from moderation.models import Disposition
from moderation.ports.exceptions import StepRefused

PAGE_SIZE = 24


class GalleryView(DeskMixin, TemplateView):
    """Choose the photos and their credit; then describe each; then add them to the end of the text."""

    http_method_names = ["get", "post", "head", "options"]
    template_name = "moderation/library/gallery.html"
    page_title = "Galeri dari beberapa foto"
    header_icon = "grip"
    trail = (("moderation:queue", "Antrean"),)
    form: gallery.ChoiceForm | None = None
    descriptions: gallery.DescriptionForm | None = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.item = get_object_or_404(Disposition, pk=kwargs["pk"], page__isnull=False)

    def get_breadcrumbs_items(self):
        home, queue, last = super().get_breadcrumbs_items()
        sheet = {"url": self.item.get_absolute_url(), "label": f"Lembar kerja {self.item.register_number}"}
        return [home, queue, sheet, last]

    def post(self, request, *args, **kwargs):
        self.form = gallery.ChoiceForm(request.POST, user=request.user)
        if not self.form.is_valid() or request.POST.get("choose"):
            return self._answer(422 if self.form.errors else 200)
        chosen = self.form.cleaned_data
        is_sent = bool(request.POST.get("insert"))
        self.descriptions = gallery.DescriptionForm(
            request.POST if is_sent else None, photos=chosen["photos"], initial=self._get_typed()
        )
        if not is_sent:
            return self._answer(200)
        if not self.descriptions.is_valid():
            return self._answer(422)
        pictures = self.descriptions.get_pictures(chosen["credit"])
        try:
            gallery.insert(self.item, request.user, title=chosen["title"], pictures=pictures)
        except StepRefused as refusal:
            messages.error(request, refusal.message)
            return self._answer(422)
        messages.success(request, f"Galeri berisi {len(pictures)} foto ditambahkan di akhir isi berita.")
        return redirect("wagtailadmin_pages:edit", self.item.page_id)

    def _get_typed(self) -> dict[str, str]:
        """Return what was written about photos, also about those that are not chosen any more."""
        return {name: str(words) for name, words in self.request.POST.items() if name.startswith("alt_")}

    def _answer(self, status):
        return self.render_to_response(self.get_context_data(), status=status)

    def get_context_data(self, **kwargs):
        user, words = self.request.user, get_parameter(self.request, "q")
        may_write = Authority(self.item, user).may_write_text()
        shown = {}
        if may_write and self.descriptions is None:
            own = list(gallery.find_own(user, self.item)[: gallery.MOST]) if not words else []
            others = gallery.find_photos(user, words).exclude(pk__in=[photo.pk for photo in own])
            shown = {"own": own, "listing": paginate(self.request, others, PAGE_SIZE, "p")}
        form = self.form or gallery.ChoiceForm(user=user)
        return super().get_context_data(
            item=self.item,
            may_write=may_write,
            form=form,
            chosen=set(self.request.POST.getlist("photos")),
            descriptions=self.descriptions,
            words=words,
            typed=self._get_typed(),
            **shown,
            **kwargs,
        )
