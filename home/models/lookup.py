"""Page types of the SOP, downloads, questions and contact."""

from django.db import models
from django.db.models import QuerySet
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from moderation import sop
from moderation.ports.office import get_fact
from news.editor.rich_text import PARAGRAPH_FEATURES

from ..blocks import DownloadGroupBlock, QuestionGroupBlock
from .base import ReferencePage
from .office import OfficeSettings

_PARENTS = ["home.HomePage", "home.StandardPage"]


class SopPage(ReferencePage):
    """The SOP row by row, from ``moderation.sop``."""

    current_law = RichTextField(
        "peraturan yang berlaku kini",
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text="Peraturan yang menggantikan atau melengkapi dasar hukum yang tercetak dalam SOP. Tabel baris SOP "
        "tidak dapat diubah di sini: tabel itu diambil dari alur yang dijalankan situs.",
    )

    parent_page_types = _PARENTS
    subpage_types: list[str] = []
    max_count = 1
    template = "home/pages/sop_page.html"

    search_fields = [*ReferencePage.search_fields, index.SearchField("current_law")]
    content_panels = [*ReferencePage.content_panels, FieldPanel("current_law")]

    class Meta:
        verbose_name = "halaman SOP"
        verbose_name_plural = "halaman SOP"

    def get_fact_texts(self) -> list[str]:
        return [f"{row.activity} {row.output}" for row in sop.ROWS]

    def get_context(self, request, *args, **kwargs):
        steps = [(row, [step for step in sop.STEPS if step.row == row.number]) for row in sop.ROWS]
        return super().get_context(request, *args, **kwargs) | {
            "rows": steps,
            "sop": sop,
            "sop_number": get_fact("sop_number"),
        }


class DownloadsPage(ReferencePage):
    """Downloads, in groups."""

    groups = StreamField(
        [("group", DownloadGroupBlock())],
        verbose_name="dokumen",
        blank=True,
        help_text="Kelompokkan dokumen, misalnya: Prosedur, Regulasi, Formulir.",
    )

    parent_page_types = _PARENTS
    subpage_types: list[str] = []
    template = "home/pages/downloads_page.html"

    search_fields = [*ReferencePage.search_fields, index.SearchField("groups")]
    content_panels = [*ReferencePage.content_panels[:2], FieldPanel("groups"), ReferencePage.content_panels[2]]

    class Meta:
        verbose_name = "halaman unduhan"
        verbose_name_plural = "halaman unduhan"


class FaqPage(ReferencePage):
    """Frequently asked questions."""

    groups = StreamField(
        [("group", QuestionGroupBlock())],
        verbose_name="pertanyaan",
        blank=True,
        help_text="Kelompokkan pertanyaan menurut pokoknya.",
    )

    parent_page_types = _PARENTS
    subpage_types: list[str] = []
    template = "home/pages/faq_page.html"

    search_fields = [*ReferencePage.search_fields, index.SearchField("groups")]
    content_panels = [*ReferencePage.content_panels[:2], FieldPanel("groups"), ReferencePage.content_panels[2]]

    class Meta:
        verbose_name = "halaman tanya jawab"
        verbose_name_plural = "halaman tanya jawab"


def list_empty() -> list[QuerySet]:
    """Return a query of the keys of each kind of page above that holds nothing yet: menus leave them out."""
    return [model.objects.filter(groups=[], body=[]).values("pk") for model in (DownloadsPage, FaqPage)]


class ContactPage(ReferencePage):
    """Contact page; address, numbers and hours come from the office's settings."""

    directions = models.TextField(
        "petunjuk menuju kantor",
        blank=True,
        max_length=1000,
        help_text="Patokan jalan dan angkutan umum. Alamat, telepon, surel, jam, dan peta diisi pada Pengaturan, Data "
        "kantor.",
    )
    accessibility = models.TextField(
        "akses bagi penyandang disabilitas",
        blank=True,
        max_length=1000,
        help_text="Jalur landai, kursi roda, pendampingan, dan bahasa isyarat yang tersedia di kantor.",
    )

    parent_page_types = _PARENTS
    subpage_types: list[str] = []
    template = "home/pages/contact_page.html"

    search_fields = [
        *ReferencePage.search_fields,
        index.SearchField("directions"),
        index.SearchField("accessibility"),
    ]
    content_panels = [
        *ReferencePage.content_panels[:2],
        FieldPanel("directions"),
        FieldPanel("accessibility"),
        ReferencePage.content_panels[2],
    ]

    class Meta:
        verbose_name = "halaman kontak"
        verbose_name_plural = "halaman kontak"

    def get_fact_texts(self) -> list[str]:
        """The office's settings."""
        office = OfficeSettings.objects.filter(site__is_default_site=True).first() or OfficeSettings()
        contacts = (office.office_name, office.parent_body, office.address, office.phone, office.email, office.hours)
        return [*contacts, *(account.value["label"] for account in office.social_accounts)]
