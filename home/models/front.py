from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from moderation.desk.address_form import KeptAddressForm
from news.editor.rich_text import PARAGRAPH_FEATURES
from news.memo import cached_for_anybody, cached_until_change
from news.models import NewsIndexPage
from news.models.restrictions import get_restrictions
from news.public.front import read_front

from .base import PROMOTE_PANELS
from .office import OfficeSettings
from .services import ServiceIndexPage, ServicePage

#: Number of services on the front page while the office has chosen none.
SERVICE_COUNT = 6


class HomePage(Page):
    """The front page: highlights, news, agenda and services."""

    welcome_heading = models.CharField(
        "judul sambutan", max_length=120, blank=True, help_text="Bila kosong, dipakai nama kantor."
    )
    welcome_text = RichTextField(
        "teks sambutan",
        blank=True,
        features=PARAGRAPH_FEATURES,
        help_text="Dua atau tiga kalimat tentang situs ini. Opsional.",
    )

    base_form_class = KeptAddressForm
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
    template = "home/pages/home_page.html"

    search_fields = [*Page.search_fields, index.SearchField("welcome_text")]
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("welcome_heading"), FieldPanel("welcome_text")], heading="Sambutan"),
    ]
    promote_panels = PROMOTE_PANELS[:1]
    settings_panels: list[Panel] = []

    class Meta:
        verbose_name = "beranda"
        verbose_name_plural = "beranda"

    def route(self, request, path_components):
        """Find a child list in one query instead of Wagtail's two: every request for an item passes here."""
        news_index = self._lists.get(path_components[0]) if path_components else None
        if news_index:
            return news_index.route(request, path_components[1:])
        if not path_components and self.get_deferred_fields():
            self.refresh_from_db(fields=self.get_deferred_fields())
        return super().route(request, path_components)

    @property
    def _lists(self) -> dict[str, NewsIndexPage]:
        """Lists of news by slug."""
        return cached_until_change(
            (self.pk, "lists"), lambda: {each.slug: each for each in NewsIndexPage.objects.child_of(self)}
        )

    def get_view_restrictions(self):
        return get_restrictions(self)

    def get_context(self, request, *args, **kwargs):
        shown = cached_for_anybody(request, (self.pk, "front"), lambda: self._read_front(request))
        return super().get_context(request, *args, **kwargs) | shown

    def _read_front(self, request) -> dict:
        """Return what the page shows beside its own words."""
        office = OfficeSettings.cached_for_request(request)
        indexes = {each.kind: each for each in self._lists.values() if each.live}
        return {
            "indexes": indexes,
            "front": read_front(indexes, _read_keys(office.highlights), timezone.now()),
            "services": self._list_services(_read_keys(office.popular_services)),
            "service_index": ServiceIndexPage.objects.child_of(self).live().first(),
        }

    def _list_services(self, keys) -> list[ServicePage]:
        """Return the services chosen by the office in its order, else the first ones."""
        services = ServicePage.objects.live().defer_streamfields()
        if not keys:
            return list(services.order_by("path")[:SERVICE_COUNT])
        chosen = services.in_bulk(keys)
        return [chosen[key] for key in keys if key in chosen]


def _read_keys(stream) -> list[int]:
    """Return the page ids in a stream of page choosers, without fetching the pages."""
    return [block["value"] for block in stream.raw_data if block["value"]]
