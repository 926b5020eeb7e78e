"""Changes by the clock alone: midnight, banners that begin or end, events that end, news that leaves the sitemap."""

from django.utils import timezone

from home.layout.alerts import read_entries
from home.models import OfficeSettings
from home.open_data.sitemaps import NEWS_AGE
from news.models import NewsPage

from .groups import EVERYTHING, GENERAL


def find_group(moment) -> str | None:
    """Return the group of pages that the clock has outdated since ``moment``, or None."""
    now = timezone.now()
    if timezone.localdate(moment) != timezone.localdate(now):
        return EVERYTHING
    if any(moment < each <= now for each in _list_alert_moments()):
        return EVERYTHING
    return GENERAL if _has_item_between(moment, now) else None


def _list_alert_moments():
    for alerts in OfficeSettings.objects.only("alerts"):
        for entry in read_entries(alerts.alerts.raw_data):
            yield from (each for each in (entry.starts_at, entry.ends_at) if each is not None)


def _has_item_between(moment, now) -> bool:
    """Return whether an event ended, or news left the sitemap, after ``moment``. Whole days end at midnight."""
    items = NewsPage.objects.live()
    if items.filter(ends_at__gt=moment, ends_at__lte=now).exists():
        return True
    return items.filter(first_published_at__gt=moment - NEWS_AGE, first_published_at__lte=now - NEWS_AGE).exists()
