"""Changes by the clock alone: midnight, the office that opens or closes, banners that begin or end, events that end,
news that leaves the sitemap."""

from datetime import datetime, time, timedelta

from django.db.models import Min
from django.utils import timezone

from home.layout.alerts import read_entries
from home.layout.opening import list_moments
from home.models import OfficeSettings
from home.open_data.sitemaps import NEWS_AGE
from news.models import NewsPage

from .groups import EVERYTHING, GENERAL


def find_group(moment) -> str | None:
    """Return the group of pages that the clock has outdated since ``moment``, or None."""
    now = timezone.now()
    if timezone.localdate(moment) != timezone.localdate(now):
        return EVERYTHING
    alerts, openings = _list_office_moments(timezone.localdate(now))
    if any(moment < each <= now for each in alerts):
        return EVERYTHING
    if any(moment < each <= now for each in openings):
        return GENERAL
    return GENERAL if _has_item_between(moment, now) else None


def find_next(moment: datetime) -> datetime:
    """Return the first time after ``moment`` at which ``find_group`` names a group; now after a clock set back."""
    day = timezone.localdate(moment)
    if day > timezone.localdate():
        return timezone.now()
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    items = NewsPage.objects.live()
    end = items.filter(ends_at__gt=moment).aggregate(first=Min("ends_at"))["first"]
    since = moment - NEWS_AGE
    old = items.filter(first_published_at__gt=since).aggregate(first=Min("first_published_at"))["first"]
    alerts, openings = _list_office_moments(day)
    moments = [midnight, end, old + NEWS_AGE if old else None, *alerts, *openings]
    return min(each for each in moments if each is not None and each > moment)


def _list_office_moments(day) -> tuple[list[datetime], list[datetime]]:
    """Return when banners begin or end, and when the office opens or closes that day."""
    alerts, openings = [], []
    for office in OfficeSettings.objects.only("alerts", "hours"):
        for entry in read_entries(office.alerts.raw_data):
            alerts += [each for each in (entry.starts_at, entry.ends_at) if each is not None]
        openings += list_moments(office.hours, day)
    return alerts, openings


def _has_item_between(moment, now) -> bool:
    """Return whether an event ended, or news left the sitemap, after ``moment``. Whole days end at midnight."""
    items = NewsPage.objects.live()
    if items.filter(ends_at__gt=moment, ends_at__lte=now).exists():
        return True
    return items.filter(first_published_at__gt=moment - NEWS_AGE, first_published_at__lte=now - NEWS_AGE).exists()
