from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from news.blocks import PARAGRAPH_FEATURES
from news.front import read_front
from news.models import NewsCategory, NewsIndexPage
from news.recall import recall
from news.restrictions import get_restrictions

from .base import PROMOTE_PANELS
from .office import OfficeSettings
from .services import ServiceIndexPage, ServicePage

#: Services on the front page as long as the office has not chosen them.
SERVICE_COUNT = 6


class HomePage(Page):
    """The front page: what is new, what is coming, and what citizens most often come for."""

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
    subpage_types = [
        "news.NewsIndexPage",
        "home.StandardPage",
        "home.VillageIndexPage",
        "home.ServiceIndexPage",
        "home.SopPage",
        "home.DownloadsPage",
        "home.FaqPage",
        "home.ContactPage",
    ]
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
        """The way to every item leads through here, so its list is found in one query instead of two."""
        news_index = self._lists.get(path_components[0]) if path_components else None
        if news_index:
            return news_index.route(request, path_components[1:])
        if not path_components and self.get_deferred_fields():
            self.refresh_from_db(fields=self.get_deferred_fields())
        return super().route(request, path_components)

    @property
    def _lists(self) -> dict[str, NewsIndexPage]:
        """The lists of items by the last part of their address."""
        return recall((self.pk, "lists"), lambda: {each.slug: each for each in NewsIndexPage.objects.child_of(self)})

    def get_view_restrictions(self):
        return get_restrictions(self)

    def get_context(self, request, *args, **kwargs):
        office = OfficeSettings.recall_for(request)
        indexes = {each.kind: each for each in self._lists.values() if each.live}
        front = read_front(indexes, _read_keys(office.highlights), timezone.now())
        return super().get_context(request, *args, **kwargs) | {
            "indexes": indexes,
            "front": front,
            "services": self._list_services(_read_keys(office.popular_services)),
            "service_index": ServiceIndexPage.objects.child_of(self).live().first(),
            "categories": NewsCategory.objects.all(),
        }

    def _list_services(self, keys) -> list[ServicePage]:
        """Return the services that the office chose, in its order; else the first of the list."""
        services = ServicePage.objects.live().defer_streamfields()
        if not keys:
            return list(services.order_by("path")[:SERVICE_COUNT])
        chosen = services.in_bulk(keys)
        return [chosen[key] for key in keys if key in chosen]


def _read_keys(stream) -> list[int]:
    """Return the keys of the pages in a stream of choosers, without fetching them."""
    return [block["value"] for block in stream.raw_data if block["value"]]
