"""Read the news on the front page: highlights, latest, announcements, agenda, pictures."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from news.images import pictures
from news.models import Kind, NewsPage
from news.models.index import is_coming, is_valid

LATEST_COUNT = 5
ANNOUNCEMENT_COUNT = 3
EVENT_COUNT = 3
GALLERY_COUNT = 4
#: How long a chosen story stays on top; then it takes its place among the others.
HIGHLIGHT_AGE = timedelta(days=30)


@dataclass
class Front:
    """The items of the front page, each at most once."""

    highlights: list[NewsPage] = field(default_factory=list)
    latest: list[NewsPage] = field(default_factory=list)
    announcements: list[NewsPage] = field(default_factory=list)
    events: list[NewsPage] = field(default_factory=list)
    galleries: list[NewsPage] = field(default_factory=list)


def read_front(indexes: dict, highlighted: list[int], now) -> Front:
    """Return the items of the front page; ``indexes`` are the live lists by kind."""
    front = Front()
    if highlighted:
        # From midnight to midnight: that is when kept front pages are dropped.
        since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - HIGHLIGHT_AGE
        fresh = NewsPage.objects.live().filter(first_published_at__gte=since)
        found = fresh.for_pictures().in_bulk(highlighted)
        front.highlights = [found[key] for key in highlighted if key in found]
    if Kind.NEWS in indexes:
        news = indexes[Kind.NEWS].get_news().exclude(pk__in=[item.pk for item in front.highlights])
        front.latest = list(news.latest_first().for_pictures()[: LATEST_COUNT - min(len(front.highlights), 2)])
    if Kind.ANNOUNCEMENT in indexes:
        announcements = indexes[Kind.ANNOUNCEMENT].get_news().filter(is_valid(now))
        front.announcements = list(announcements.latest_first().for_rows()[:ANNOUNCEMENT_COUNT])
    if Kind.EVENT in indexes:
        events = indexes[Kind.EVENT].get_news().filter(is_coming(now))
        front.events = list(events.order_by("starts_at", "pk").for_rows()[:EVENT_COUNT])
    if Kind.GALLERY in indexes:
        front.galleries = list(indexes[Kind.GALLERY].get_news().latest_first().for_pictures()[:GALLERY_COUNT])
    shown = (*front.highlights, *front.latest, *front.galleries)
    pictures.prefetch([item.main_image for item in shown], "card", "lead", "tile")
    return front
