"""When pages change by the clock alone: at midnight, where a banner or an event ends, where news is no longer new."""

from django.utils import timezone

from home.alerts import read_entries
from home.models import OfficeSettings
from home.sitemaps import NEWS_AGE
from news.models import NewsPage

from .groups import EVERYTHING, GENERAL


def find_group(moment) -> str | None:
    """Return the group of pages that the clock has changed since ``moment``, None for none."""
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
    """The days of a notice and of an event without an end change at midnight."""
    items = NewsPage.objects.live()
    if items.filter(ends_at__gt=moment, ends_at__lte=now).exists():
        return True
    return items.filter(first_published_at__gt=moment - NEWS_AGE, first_published_at__lte=now - NEWS_AGE).exists()
