"""The newest news for feed readers, complete enough to be read there: title, lead, category, date."""

from dataclasses import dataclass

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from wagtail.models import Site

from .models import Kind, NewsIndexPage, NewsPage

ITEMS = 20


@dataclass(frozen=True)
class Scope:
    """Whose news a feed carries, and for whom; a Feed object itself serves many readers at once."""

    site: Site
    request: HttpRequest


class RssFeed(Feed):
    """RSS 2.0 of the latest news."""

    description = "Berita terbaru yang telah diverifikasi."
    language = "id"

    def get_object(self, request):
        return Scope(Site.find_for_request(request), request)

    def title(self, scope):
        return f"Berita {scope.site.site_name or scope.site.hostname}"

    def link(self, scope):
        index_page = NewsIndexPage.objects.descendant_of(scope.site.root_page).live().filter(kind=Kind.NEWS).first()
        return index_page.get_url(scope.request) if index_page else "/"

    def items(self, scope):
        news = (
            NewsPage.objects.descendant_of(scope.site.root_page)
            .live()
            .latest_first()
            .select_related("category")
            .defer_streamfields()[:ITEMS]
        )
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
        return [item.category.name] if item.category else []

    def item_pubdate(self, item):
        return item.first_published_at

    def item_updateddate(self, item):
        return item.last_published_at


class AtomFeed(RssFeed):
    """Atom 1.0 of the latest news."""

    feed_type = Atom1Feed
    subtitle = RssFeed.description
