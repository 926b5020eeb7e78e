from django.core.paginator import EmptyPage, Paginator
from django.db import models
from django.db.models import Max, Min
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from taggit.models import Tag
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from ..after import find_withdrawal
from .category import NewsCategory
from .page import RESERVED_SLUG, NewsPage

ITEMS_PER_PAGE = 12


class NewsIndexPage(RoutablePageMixin, Page):
    """The list of the news: all of it, by year, by category and by topic, each at an address of its own.

    The addresses carry no query strings, so that a front server can keep every list as a file.
    """

    introduction = models.CharField(
        "pengantar", max_length=300, blank=True, help_text="Satu kalimat di bawah judul daftar berita. Opsional."
    )

    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    max_count = 1
    template = "news/news_index_page.html"

    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "daftar berita"
        verbose_name_plural = "daftar berita"

    def get_news(self):
        """Return the live news of this list."""
        return NewsPage.objects.child_of(self).live()

    def route(self, request, path_components):
        """An article is found in one query; every other address below this page is one of its lists."""
        if self.live and len(path_components) == 1 and not RESERVED_SLUG.fullmatch(path_components[0]):
            article = self.get_news().for_reading().filter(slug=path_components[0]).first()
            if article is None:
                return self._route_to_notice(path_components[0])
            article._cached_parent_obj = self
            return RouteResult(article)
        return super().route(request, path_components)

    def _route_to_notice(self, slug):
        """Where a news item was withdrawn the address says so; what never was live does not exist."""
        withdrawal = find_withdrawal(self, slug)
        if withdrawal is None:
            raise Http404
        return RouteResult(self, (self.show_withdrawal, (withdrawal,), {}))

    def show_withdrawal(self, request, withdrawal):
        """Answer 410 with the notice written for citizens, and nothing of what was withdrawn."""
        response = self.render(request, context_overrides={"withdrawal": withdrawal}, template="news/withdrawn.html")
        response.status_code = 410
        response["X-Robots-Tag"] = "noindex"
        return response

    @path("")
    @path("halaman/<int:number>/")
    def list_all(self, request, number=None):
        return self._render_list(request, self.get_news(), "", number, heading=self.title, lead=self.introduction)

    @re_path(r"^(?P<year>[0-9]{4})/$")
    @re_path(r"^(?P<year>[0-9]{4})/halaman/(?P<number>[0-9]{1,6})/$")
    def list_year(self, request, year, number=None):
        year = int(year)
        years = self._get_years()
        if year not in years:
            raise Http404
        news = self.get_news().filter(first_published_at__year=year)
        return self._render_list(
            request,
            news,
            f"{year}/",
            number,
            heading=f"Berita tahun {year}",
            crumb=f"Tahun {year}",
            year=year,
            years=years,
        )

    @path("tag/<slug:slug>/")
    @path("tag/<slug:slug>/halaman/<int:number>/")
    def list_topic(self, request, slug, number=None):
        topic = get_object_or_404(Tag, slug=slug)
        news = self.get_news().filter(tagged_items__tag=topic)
        return self._render_list(
            request, news, f"tag/{slug}/", number, heading=f"Topik: {topic.name}", crumb=f"Topik {topic.name}"
        )

    @path("kategori/<slug:slug>/")
    @path("kategori/<slug:slug>/halaman/<int:number>/")
    def list_category(self, request, slug, number=None):
        category = get_object_or_404(NewsCategory, slug=slug)
        news = self.get_news().filter(category=category)
        return self._render_list(
            request, news, f"kategori/{slug}/", number, heading=category.name, crumb=category.name, category=category
        )

    def _render_list(self, request, news, list_path, number, years=None, **context):
        list_url = self.get_url(request) + list_path
        if number is not None and int(number) == 1:
            return redirect(list_url, permanent=True)
        number = 1 if number is None else number
        try:
            page_obj = Paginator(news.latest_first().for_cards(), ITEMS_PER_PAGE).page(number)
        except EmptyPage as error:
            raise Http404 from error
        context |= {"page_obj": page_obj, "list_url": list_url, "years": years or self._get_years()}
        return self.render(request, context_overrides=context)

    def _get_years(self):
        """The years from the newest to the oldest publication, without counting the items of each."""
        span = self.get_news().aggregate(first=Min("first_published_at"), last=Max("first_published_at"))
        if span["first"] is None:
            return []
        first, last = (timezone.localtime(moment).year for moment in (span["first"], span["last"]))
        return list(range(last, first - 1, -1))
