from django.db import models
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from news import pictures
from news.blocks import PARAGRAPH_FEATURES, TextBody
from news.models import NewsCategory, NewsIndexPage

#: The first item of the front page is shown large, the others as a list.
LATEST_COUNT = 7

PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
        heading="Alamat dan mesin pencari",
    ),
    MultiFieldPanel([FieldPanel("show_in_menus")], heading="Menu"),
]


class HomePage(Page):
    """The front page: a welcome, and the latest news."""

    welcome_heading = models.CharField(
        "judul sambutan", max_length=120, blank=True, help_text="Bila kosong, dipakai nama kantor."
    )
    welcome_text = RichTextField(
        "teks sambutan",
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text="Dua atau tiga kalimat tentang situs ini. Opsional.",
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["news.NewsIndexPage", "home.StandardPage"]
    max_count = 1
    template = "home/home_page.html"

    search_fields = [*Page.search_fields, index.SearchField("welcome_text")]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("welcome_heading"), FieldPanel("welcome_text")], heading="Sambutan"),
    ]
    promote_panels = PROMOTE_PANELS[:1]
    settings_panels = []

    class Meta:
        verbose_name = "beranda"
        verbose_name_plural = "beranda"

    def route(self, request, path_components):
        """The way to every news item leads through here, so the index is found in one query instead of two."""
        if path_components:
            news_index = NewsIndexPage.objects.child_of(self).filter(slug=path_components[0]).first()
            if news_index:
                return news_index.route(request, path_components[1:])
        return super().route(request, path_components)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        news_index = NewsIndexPage.objects.child_of(self).live().first()
        latest = list(news_index.get_news().latest_first().for_cards()[:LATEST_COUNT]) if news_index else []
        return context | {"news_index": news_index, "latest_news": latest, "categories": NewsCategory.objects.all()}


class StandardPage(Page):
    """A plain page, such as a profile or a privacy policy."""

    introduction = models.CharField("pengantar", max_length=300, blank=True)
    body = StreamField(TextBody(), verbose_name="isi", blank=True)

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]
    template = "home/standard_page.html"

    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    promote_panels = PROMOTE_PANELS
    settings_panels = []

    class Meta:
        verbose_name = "halaman"
        verbose_name_plural = "halaman"

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pictures.prefetch_body(self.body)
        trail = self.get_ancestors().filter(depth__gt=2).live()
        return context | {"trail": trail, "children": self.get_children().live().in_menu()}


class SocialAccountBlock(blocks.StructBlock):
    """An official account that citizens can follow."""

    label = blocks.CharBlock(label="Nama", max_length=60, help_text="Misalnya: Instagram.")
    address = blocks.URLBlock(label="Alamat", max_length=200)

    class Meta:
        label = "Akun"
        icon = "link"


@register_setting(icon="home", order=900)
class OfficeSettings(BaseSiteSetting):
    """What the office says about itself on every page; what it has not said is shown as "belum diisi"."""

    office_name = models.CharField("nama kantor", max_length=120, default="Kecamatan Mojogedang")
    parent_body = models.CharField(
        "pemerintah daerah", max_length=120, default="Pemerintah Kabupaten Karanganyar", blank=True
    )
    address = models.TextField("alamat kantor", blank=True)
    phone = models.CharField("telepon", max_length=40, blank=True)
    email = models.EmailField("surel", blank=True)
    hours = models.TextField(
        "jam layanan",
        blank=True,
        help_text="Satu baris untuk setiap rentang hari, misalnya: Senin–Kamis pukul 08.00–15.30 WIB.",
    )
    social_accounts = StreamField(
        [("account", SocialAccountBlock())], verbose_name="akun media sosial resmi", blank=True
    )
    is_demo = models.BooleanField(
        "situs contoh",
        default=False,
        help_text='Menampilkan pita "Situs contoh. Seluruh berita adalah data rekaan." pada setiap halaman.',
    )

    panels = [
        FieldRowPanel([FieldPanel("office_name"), FieldPanel("parent_body")]),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("hours"),
            ],
            heading="Kontak dan jam layanan",
        ),
        FieldPanel("social_accounts"),
        FieldPanel("is_demo"),
    ]

    class Meta:
        verbose_name = "data kantor"
