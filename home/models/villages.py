import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from news.models import Kind, NewsIndexPage, NewsPage
from news.models.index import is_coming, is_valid

from .base import ReferencePage

LATEST_OF_VILLAGE = 5
_YEAR = re.compile(r"\b(19|20)\d\d\b")


class VillageIndexPage(ReferencePage):
    """List of villages, by code."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.VillagePage"]
    max_count = 1
    template = "home/pages/village_index_page.html"

    class Meta:
        verbose_name = "daftar desa"
        verbose_name_plural = "daftar desa"

    def get_context(self, request, *args, **kwargs):
        villages = VillagePage.objects.child_of(self).live().select_related("village").order_by("village__code")
        # Its only children are villages.
        return super().get_context(request, *args, **kwargs) | {"villages": villages, "children": []}


class VillagePage(ReferencePage):
    """A village: facts, coming events by their day, announcements in force, latest news."""

    village = models.OneToOneField(
        "news.Village",
        verbose_name="desa",
        on_delete=models.PROTECT,
        related_name="page",
        help_text="Desa yang diterangkan halaman ini; kode wilayahnya tampil dari data desa.",
    )
    website = models.URLField("situs desa", blank=True, help_text="Alamat lengkap, diawali https://. Opsional.")
    head = models.CharField(
        "kepala desa", max_length=120, blank=True, help_text="Nama beserta gelar kepala desa yang menjabat. Opsional."
    )
    address = models.TextField("alamat kantor desa", blank=True, max_length=300)
    postcode = models.CharField("kode pos", max_length=5, blank=True)
    area = models.CharField("luas wilayah", max_length=60, blank=True, help_text="Beserta satuan, misalnya: 4,10 km².")
    population = models.CharField(
        "jumlah penduduk", max_length=80, blank=True, help_text="Beserta satuan, misalnya: 4.512 jiwa."
    )
    figures_from: models.CharField = models.CharField(
        "sumber data",
        max_length=120,
        blank=True,
        help_text="Sumber luas dan jumlah penduduk beserta tahunnya, misalnya: BPS Kabupaten, 2025.",
    )
    hamlets = models.TextField("dusun", blank=True, max_length=1000, help_text="Nama dusun, dipisahkan dengan koma.")

    FACTS = ("head", "address", "postcode", "area", "population", "figures_from", "hamlets")

    parent_page_types = ["home.VillageIndexPage"]
    subpage_types: list[str] = []
    template = "home/pages/village_page.html"

    content_panels = [
        *ReferencePage.content_panels[:1],
        FieldPanel("village"),
        ReferencePage.content_panels[1],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("head"), FieldPanel("postcode")]),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("area"), FieldPanel("population")]),
                FieldPanel("figures_from"),
                FieldPanel("hamlets"),
                FieldPanel("website"),
            ],
            heading="Data desa",
            help_text="Yang kosong tidak tampil kepada warga.",
        ),
        ReferencePage.content_panels[2],
    ]

    class Meta:
        verbose_name = "halaman desa"
        verbose_name_plural = "halaman desa"

    def clean(self):
        super().clean()
        if (self.area or self.population) and not _YEAR.search(self.figures_from):
            raise ValidationError({"figures_from": "Sebutkan sumber luas dan jumlah penduduk beserta tahunnya."})
        if self.postcode and not (self.postcode.isdecimal() and len(self.postcode) == 5):
            raise ValidationError({"postcode": "Kode pos terdiri atas lima angka."})

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Facts of the village as (label, value); unknown values are ""."""
        labels = ((name, str(self._meta.get_field(name).verbose_name)) for name in self.FACTS)
        return [
            ("Kode wilayah", self.village.code),
            *((f"{label[:1].upper()}{label[1:]}", getattr(self, name)) for name, label in labels),
        ]

    def get_fact_texts(self) -> list[str]:
        return [*(f"{label} {value}" for label, value in self.facts if value), self.website]

    def get_context(self, request, *args, **kwargs):
        here = NewsPage.objects.live().filter(village=self.village)
        now = timezone.now()
        announcements = here.filter(kind=Kind.ANNOUNCEMENT).filter(is_valid(now)).latest_first().for_rows()
        latest = here.exclude(kind__in=(Kind.EVENT, Kind.ANNOUNCEMENT)).latest_first().for_cards()
        return super().get_context(request, *args, **kwargs) | {
            "news_index": NewsIndexPage.objects.live().filter(kind=Kind.NEWS).first(),
            "events": list(here.filter(is_coming(now)).order_by("starts_at", "pk").for_rows()[:LATEST_OF_VILLAGE]),
            "announcements": list(announcements[:LATEST_OF_VILLAGE]),
            "latest": list(latest[:LATEST_OF_VILLAGE]),
        }
