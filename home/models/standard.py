from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from .base import ReferencePage


class StandardPage(ReferencePage):
    """A plain page, such as a profile or a privacy policy; one that somebody decided on says who, and when."""

    decided_on: models.DateField = models.DateField("tanggal penetapan", null=True, blank=True)
    signatory: models.CharField = models.CharField(
        "nama pejabat", max_length=120, blank=True, help_text="Beserta gelar."
    )
    signatory_title: models.CharField = models.CharField(
        "jabatan", max_length=120, blank=True, help_text="Misalnya: Camat."
    )

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "home.SopPage", "home.DownloadsPage", "home.FaqPage", "home.ContactPage"]
    template = "home/pages/standard_page.html"

    content_panels = [
        *ReferencePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("decided_on"),
                FieldRowPanel([FieldPanel("signatory"), FieldPanel("signatory_title")]),
            ],
            heading="Penetapan",
            help_text="Bagi maklumat dan keputusan: siapa yang menetapkan, dan kapan. Yang kosong tidak tampil.",
        ),
    ]

    class Meta:
        verbose_name = "halaman"
        verbose_name_plural = "halaman"
