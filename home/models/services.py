from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from news.lists.related import get_share_links
from news.models import NewsPage
from news.models.index import is_coming

from ..blocks import DownloadBlock, StepBlock
from .base import ReferencePage
from .service_standard import list_components, make_field

MOST_EVENTS = 5


class ServiceIndexPage(ReferencePage):
    """List of services, and the components of their standard that all have in common."""

    standard = make_field("Yang sama bagi semua layanan, ditulis sekali di sini dan tampil pada setiap layanan.")

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.ServicePage", "home.StandardPage"]
    max_count = 1
    template = "home/pages/service_index_page.html"

    content_panels = [*ReferencePage.content_panels, FieldPanel("standard")]

    class Meta:
        verbose_name = "daftar layanan"
        verbose_name_plural = "daftar layanan"

    def get_context(self, request, *args, **kwargs):
        services = ServicePage.objects.child_of(self).live().order_by("path").defer_streamfields()
        context = super().get_context(request, *args, **kwargs)
        context["children"] = self.get_children().live().in_menu().not_exact_type(ServicePage)
        return context | {"services": services}


class ServicePage(ReferencePage):
    """A service: what to bring, time and cost, steps, then the other components of its standard."""

    requirements = StreamField(
        [("item", blocks.CharBlock(label="Persyaratan", max_length=250))],
        verbose_name="persyaratan",
        blank=True,
        help_text="Satu baris untuk setiap berkas atau syarat, misalnya: Fotokopi Kartu Keluarga.",
    )
    steps = StreamField(
        [("step", StepBlock())], verbose_name="alur", blank=True, help_text="Langkah warga, dari awal sampai selesai."
    )
    duration = models.CharField(
        "waktu penyelesaian", max_length=120, blank=True, help_text="Misalnya: 15 menit setelah berkas lengkap."
    )
    cost = models.CharField("biaya", max_length=120, blank=True, help_text="Misalnya: Gratis.")
    hours = models.TextField(
        "jam layanan", blank=True, max_length=300, help_text="Bila kosong, dipakai jam layanan kantor."
    )
    place = models.CharField("tempat", max_length=200, blank=True, help_text="Misalnya: Loket 1, Kantor Kecamatan.")
    contact = models.CharField(
        "kontak", max_length=200, blank=True, help_text="Bila kosong, dipakai kontak kantor. Bukan nomor pribadi."
    )
    product = models.CharField(
        "hasil layanan", max_length=200, blank=True, help_text="Misalnya: Surat pengantar yang ditandatangani Camat."
    )
    legal_basis = models.TextField("dasar hukum", blank=True, max_length=1000, help_text="Satu peraturan setiap baris.")
    forms = StreamField(
        [("document", DownloadBlock())], verbose_name="formulir", blank=True, help_text="Berkas yang dapat diunduh."
    )
    standard = make_field("Hanya yang berlainan dari yang tertulis pada daftar layanan untuk semua layanan.")
    topic: models.CharField = models.CharField(
        "topik",
        max_length=100,
        blank=True,
        help_text="Agenda dengan topik ini tampil pada halaman layanan, misalnya: perekaman KTP.",
    )
    checked_on: models.DateField = models.DateField(
        "terakhir diperiksa",
        null=True,
        blank=True,
        help_text="Hari isi halaman ini terakhir dicocokkan dengan pelayanan yang sebenarnya; tampil kepada warga.",
    )

    parent_page_types = ["home.ServiceIndexPage"]
    subpage_types: list[str] = []
    template = "home/pages/service_page.html"

    search_fields = [
        *ReferencePage.search_fields,
        *(index.SearchField(name) for name in ("requirements", "steps", "duration", "cost", "hours", "place")),
        *(index.SearchField(name) for name in ("contact", "product", "legal_basis", "forms")),
    ]
    content_panels = [
        *ReferencePage.content_panels[:2],
        FieldPanel("requirements"),
        FieldPanel("steps"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("duration"), FieldPanel("cost")]),
                FieldRowPanel([FieldPanel("place"), FieldPanel("contact")]),
                FieldPanel("hours"),
                FieldPanel("product"),
                FieldPanel("legal_basis"),
            ],
            heading="Waktu, biaya, dan kontak",
        ),
        FieldPanel("forms"),
        FieldPanel("standard"),
        FieldRowPanel([FieldPanel("topic"), FieldPanel("checked_on")]),
        ReferencePage.content_panels[2],
    ]

    class Meta:
        verbose_name = "layanan"
        verbose_name_plural = "layanan"

    def clean(self):
        super().clean()
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": "Tanggal ini belum tiba."})

    def get_context(self, request, *args, **kwargs):
        common = ServiceIndexPage.objects.parent_of(self).only("standard").first()
        events = NewsPage.objects.none()
        if self.topic:
            coming = NewsPage.objects.live().filter(is_coming(timezone.now()), tags__slug=slugify(self.topic))
            events = coming.order_by("starts_at", "pk").for_rows()[:MOST_EVENTS]
        address = self.get_full_url(request) or ""
        return super().get_context(request, *args, **kwargs) | {
            "components": list_components(self.standard, common.standard if common else ()),
            "events": list(events),
            "page_address": address,
            "share_links": get_share_links(self.title, address),
        }
