from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from moderation.desk.address_form import KeptAddressForm
from news.images import pictures

from ..blocks import ReferenceBody

INTRODUCTION_HELP = "Satu atau dua kalimat di bawah judul: apa yang ditemukan warga pada halaman ini. Opsional."

PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
        heading="Alamat dan mesin pencari",
    ),
    MultiFieldPanel(
        [FieldPanel("show_in_menus")],
        heading="Menu",
        help_text="Halaman yang dicentang tampil pada halaman di atasnya, dan pada menu utama selama menu itu belum "
        "disusun di Pengaturan, Data kantor.",
    ),
]


class ReferencePage(Page):
    """Abstract reference page, edited directly in Wagtail; not part of the SOP."""

    introduction = models.CharField("pengantar", max_length=300, blank=True, help_text=INTRODUCTION_HELP)
    body = StreamField(
        ReferenceBody(required=False),
        verbose_name="isi",
        blank=True,
        help_text="Susun dari bagian-bagian: paragraf, subjudul, foto, dokumen, daftar data, dan daftar tautan.",
    )

    base_form_class = KeptAddressForm
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    promote_panels = PROMOTE_PANELS
    settings_panels: list[Panel] = []
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pictures.prefetch_text(pictures.list_photos(self.body))
        trail = self.get_ancestors().filter(depth__gt=2).live()
        return context | {"trail": trail, "children": self.get_shown_children()}

    def get_fact_texts(self) -> list[str]:
        """Return further text of the page for the search, beside introduction and body."""
        return []

    def get_shown_children(self):
        """Return the child pages that this page links to."""
        return self.get_children().live().in_menu()
