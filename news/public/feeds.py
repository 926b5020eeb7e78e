"""Atom and RSS feeds of the newest items with title, lead, category and date.

Of all items, or of one category or topic.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from taggit.models import Tag
from wagtail.models import Site

from news.memo import cached_for_anybody
from news.models import Kind, NewsCategory, NewsIndexPage, NewsPage

ITEMS = 20
#: When a feed without items was changed: not at each request anew, or else no two copies are equal.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Scope:
    """The items of a feed for one request, because a Feed object is shared by requests."""

    site: Site
    request: HttpRequest
    category: NewsCategory | None = None
    topic: Tag | None = None

    @property
    def name(self) -> str:
        """Subject of the feed, for its title after "Berita"."""
        narrowed = self.category or self.topic
        return f" {narrowed.name}" if narrowed else ""

    @property
    def path(self) -> str:
        """The scope's part of the list's URL."""
        if self.category:
            return f"kategori/{self.category.slug}/"
        return f"tag/{self.topic.slug}/" if self.topic else ""

    def read(self, name: str, find: Callable):
        """Return ``find()``, cached for this scope until something public changes."""
        key = ("feed", name, self.site.pk, self.category and self.category.pk, self.topic and self.topic.pk)
        return cached_for_anybody(self.request, key, find)


class _Rss(Rss201rev2Feed):
    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER


class _Atom(Atom1Feed):
    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER


class RssFeed(Feed):
    """RSS 2.0 of the latest items."""

    feed_type: type[SyndicationFeed] = _Rss
    description = "Berita terbaru yang telah diverifikasi."
    language = "id"

    def get_object(self, request, category=None, topic=None):
        return Scope(
            Site.find_for_request(request),
            request,
            get_object_or_404(NewsCategory, slug=category) if category else None,
            get_object_or_404(Tag, slug=topic) if topic else None,
        )

    def title(self, scope):
        return f"Berita{scope.name} {scope.site.site_name or scope.site.hostname}"

    def link(self, scope):
        return scope.read("link", lambda: self._find_link(scope))

    def _find_link(self, scope) -> str:
        index_page = NewsIndexPage.objects.descendant_of(scope.site.root_page).live().filter(kind=Kind.NEWS).first()
        return f"{index_page.get_url(scope.request)}{scope.path}" if index_page else "/"

    def items(self, scope):
        return scope.read("items", lambda: self._list_items(scope))

    def _list_items(self, scope) -> list[NewsPage]:
        news = NewsPage.objects.descendant_of(scope.site.root_page).live()
        if scope.category:
            news = news.filter(category=scope.category)
        if scope.topic:
            news = news.filter(tagged_items__tag=scope.topic)
        news = list(news.latest_first().select_related("category").defer_streamfields()[:ITEMS])
        for item in news:
            item.address = item.get_url(scope.request)
        return news

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.lead

    def item_link(self, item):
        return item.address

    def item_categories(self, item):
        return [item.shown_category] if item.shown_category else []

    def item_pubdate(self, item):
        return item.first_published_at

    def item_updateddate(self, item):
        return item.last_published_at


class AtomFeed(RssFeed):
    """Atom 1.0 of the latest items."""

    feed_type = _Atom
    subtitle = RssFeed.description

    def author_name(self, scope):
        """Return the office's name; Atom requires an author."""
        return scope.site.site_name or scope.site.hostname
