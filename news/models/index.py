from django.core.paginator import EmptyPage
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from taggit.models import Tag
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.models import Page, PagePermissionTester
from wagtail.url_routing import RouteResult

from moderation.desk.address_form import KeptAddressForm
from news.lists import periods
from news.lists.long_lists import LongPaginator
from news.lists.teasers import Teasers
from news.memo import cached_for_anybody, cached_until_change
from news.proof.corrections import find_withdrawal
from news.proof.verification import read_proof

from .category import NewsCategory
from .kinds import Kind
from .page import RESERVED_SLUG, NewsPage
from .restrictions import get_restrictions
from .village import Village

ITEMS_PER_PAGE = 12
#: The earliest and the latest year in a URL.
YEARS = range(1900, 2200)


class ListPermissionTester(PagePermissionTester):
    """Refuse to copy, move or delete the one list of each kind, in which the SOP creates items."""

    def _never(self, *args, **kwargs):
        return False

    can_delete = can_unpublish = can_move = can_move_to = can_copy = can_copy_to = can_add_subpage = _never


class NewsIndexPage(RoutablePageMixin, Page):
    """List of the items of one kind, also by month, category, topic and village.

    Each list has a URL without a query string, so that a front server can cache it as a file.
    """

    introduction = models.CharField(
        "pengantar", max_length=300, blank=True, help_text="Satu kalimat di bawah judul daftar. Opsional."
    )
    kind = models.CharField(
        "jenis materi", max_length=20, choices=Kind.choices, default=Kind.NEWS, editable=False, unique=True
    )

    base_form_class = KeptAddressForm
    # Set-up creates one list of each kind.
    is_creatable = False
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    template = "news/news_index_page.html"

    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = "daftar materi publikasi"
        verbose_name_plural = "daftar materi publikasi"

    def permissions_for_user(self, user):
        return ListPermissionTester(user, self)

    def get_view_restrictions(self):
        return get_restrictions(self)

    @property
    def is_agenda(self) -> bool:
        return self.kind == Kind.EVENT

    @property
    def date_field(self) -> str:
        """Name of the date field that the list's months refer to."""
        return "starts_at" if self.is_agenda else "first_published_at"

    def get_news(self):
        """Return the live items of this list."""
        return NewsPage.objects.child_of(self).live()

    @cached_property
    def _articles(self):
        """The query of all articles, built once."""
        return self.get_news().for_reading().order_by()

    def _find_article(self, request, slug) -> NewsPage:
        """Return the article with its proof in two queries, repeated if a new version went live in between.

        With all its parts, so that it grows no more when it is cached. Raise NewsPage.DoesNotExist where there is
        none: so nothing is cached of it.
        """
        for _attempt in range(2):
            # Slugs are unique below one page.
            article = self._articles.get(slug=slug)
            article._cached_parent_obj = self
            if read_proof(article):
                break
        article.render_parts(request)
        return article

    def route(self, request, path_components):
        """Route an article in two queries, every other path to one of the lists."""
        if self.live and len(path_components) == 1 and not RESERVED_SLUG.fullmatch(path_components[0]):
            slug = path_components[0]
            try:
                key = (self.pk, "article", slug)
                article = cached_for_anybody(request, key, lambda: self._find_article(request, slug))
            except NewsPage.DoesNotExist:
                return self._route_to_notice(slug)
            return RouteResult(article)
        return super().route(request, path_components)

    def _route_to_notice(self, slug):
        """Route the URL of a withdrawn item to its notice; raise Http404 for any other."""
        withdrawal = find_withdrawal(self, slug)
        if withdrawal is None:
            raise Http404
        return RouteResult(self, (self.show_withdrawal, (withdrawal,), {}))

    def show_withdrawal(self, request, withdrawal):
        """Answer 410 with the public notice, without anything of the withdrawn text."""
        response = self.render(request, context_overrides={"withdrawal": withdrawal}, template="news/withdrawn.html")
        response.status_code = 410
        response["X-Robots-Tag"] = "noindex"
        return response

    @path("")
    @path("halaman/<int:number>/")
    def list_all(self, request, number=None):
        """List all items; of events the coming ones, the next one first."""
        news = self.get_news()
        if self.is_agenda:
            news = news.filter(is_coming(timezone.now()))
        return self._render_list(request, news, "", number, heading=self.title, lead=self.introduction)

    @path("lampau/")
    @path("lampau/halaman/<int:number>/")
    def list_past(self, request, number=None):
        """List past events, the latest first."""
        if not self.is_agenda:
            raise Http404
        news = self.get_news().exclude(starts_at=None).exclude(is_coming(timezone.now()))
        return self._render_list(
            request, news, "lampau/", number, heading=f"{self.title} yang telah lewat", crumb="Telah lewat", past=True
        )

    @re_path(r"^(?P<year>[0-9]{4})/$")
    @re_path(r"^(?P<year>[0-9]{4})/halaman/(?P<number>[0-9]{1,6})/$")
    def list_year(self, request, year, number=None):
        return self._list_period(request, int(year), None, number)

    @re_path(r"^(?P<year>[0-9]{4})/(?P<month>0[1-9]|1[0-2])/$")
    @re_path(r"^(?P<year>[0-9]{4})/(?P<month>0[1-9]|1[0-2])/halaman/(?P<number>[0-9]{1,6})/$")
    def list_month(self, request, year, month, number=None):
        return self._list_period(request, int(year), int(month), number)

    def _list_period(self, request, year, month_number, number):
        span = self._find_span()
        if year not in YEARS or year not in periods.list_years(span):
            raise Http404
        month = periods.Month(year, month_number) if month_number else None
        if month and not span[0] <= month <= span[1]:
            raise Http404
        start, end = month.get_bounds() if month else periods.get_year_bounds(year)
        news = self.get_news().filter(**{f"{self.date_field}__gte": start, f"{self.date_field}__lt": end})
        name = month.title if month else f"tahun {year}"
        return self._render_list(
            request,
            news,
            month.path if month else f"{year}/",
            number,
            heading=f"{self.title} {name}",
            crumb=name[:1].upper() + name[1:],
            year=year,
            month=month,
            span=span,
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

    @path("desa/<slug:slug>/")
    @path("desa/<slug:slug>/halaman/<int:number>/")
    def list_village(self, request, slug, number=None):
        village = get_object_or_404(Village, slug=slug)
        news = self.get_news().filter(village=village)
        name = f"Desa {village.name}"
        return self._render_list(request, news, f"desa/{slug}/", number, heading=name, crumb=name, village=village)

    def _render_list(self, request, news, list_path, number, span=None, past=False, **context):
        list_url = self.get_url(request) + list_path
        if number is not None and int(number) == 1:
            return redirect(list_url, permanent=True)
        number = 1 if number is None else int(number)
        try:
            page_obj = self._paginate(news, list_url, past).page(number)
        except EmptyPage as error:
            raise Http404 from error
        span = span or self._find_span()
        context |= {
            "page_obj": page_obj,
            "teasers": self._get_teasers(request, page_obj.object_list),
            "empty_text": self._say_empty(past),
            "list_url": list_url,
            "past": past,
            "years": periods.list_years(span),
            "months": periods.list_months(span, context.get("year") or span[1].year) if span else [],
            "categories": cached_until_change(("categories",), lambda: list(NewsCategory.objects.all())),
            "villages": cached_until_change(("villages",), lambda: list(Village.objects.all())),
        }
        return self.render(request, context_overrides=context)

    def _get_teasers(self, request, items) -> Teasers:
        """Return the teasers with what the list shows: large pictures for a gallery, none for events."""
        keys, news = items.values_list("pk", flat=True), self.get_news()
        if self.is_agenda:
            return Teasers(request, "event", keys, news.for_rows(), level=2)
        if self.kind == Kind.GALLERY:
            return Teasers(request, "card", keys, news.for_cards("tile"), level=2)
        return Teasers(request, "row", keys, news.for_cards())

    def _paginate(self, news, list_url, past) -> LongPaginator:
        """Paginate newest first; coming events with the next one first."""
        descending = past or not self.is_agenda
        return LongPaginator(news, ITEMS_PER_PAGE, address=list_url, field=self.date_field, descending=descending)

    def _say_empty(self, past) -> str:
        if self.is_agenda:
            return "Belum ada agenda yang telah lewat." if past else "Belum ada agenda yang akan datang."
        return f"Belum ada {self.get_kind_display().lower()} yang tayang dalam daftar ini."

    def _find_span(self):
        return cached_until_change((self.pk, "span"), lambda: periods.find_span(self.get_news(), self.date_field))


def is_coming(now) -> Q:
    """Return the condition for an event not over yet; without an end, one that begins today or later."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(ends_at__gte=now) | Q(ends_at=None, starts_at__gte=today)


def is_valid(now) -> Q:
    """Return the condition for an announcement still in force."""
    return Q(valid_until=None) | Q(valid_until__gte=timezone.localdate(now))
