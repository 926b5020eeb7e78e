"""When pages change by the clock alone: at midnight, and where a banner, an event or a notice begins or ends."""

from django.utils import timezone

from home.alerts import read_entries
from home.models import OfficeSettings
from news.models import NewsPage


def passed_since(moment) -> bool:
    """Say whether the clock has changed a public page since ``moment``."""
    now = timezone.now()
    if timezone.localdate(moment) != timezone.localdate(now):
        return True
    return any(moment < each <= now for each in _list_alert_moments()) or _has_event_between(moment, now)


def _list_alert_moments():
    for alerts in OfficeSettings.objects.only("alerts"):
        for entry in read_entries(alerts.alerts.raw_data):
            yield from (each for each in (entry.starts_at, entry.ends_at) if each is not None)


def _has_event_between(moment, now) -> bool:
    """The days of a notice and of an event without an end change at midnight."""
    return NewsPage.objects.live().filter(ends_at__gt=moment, ends_at__lte=now).exists()
