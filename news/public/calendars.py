"""Serve events as iCalendar: one event, one month, or all coming events."""

import datetime

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event
from wagtail.models import Site

from moderation.models import PublicationPermit
from news.lists.periods import Month
from news.models import Kind, NewsIndexPage
from news.models.index import is_coming

#: Events in the subscribed calendar at most.
MOST_EVENTS = 200
#: Duration of an event without an end.
USUAL_LENGTH = datetime.timedelta(hours=1)


@require_safe
def show_event(request, slug):
    """Serve one live event."""
    index_page, events = _find_events(request)
    event = get_object_or_404(events, slug=slug)
    return _answer(request, index_page, [event], f"{slug}.ics")


@require_safe
def show_month(request, year, month):
    """Serve the events that take place in one month, also those that began before it."""
    index_page, events = _find_events(request)
    if not 1 <= month <= 12:
        raise Http404
    start, end = Month(year, month).get_bounds()
    begins = Q(starts_at__gte=start, starts_at__lt=end)
    found = events.filter(begins | Q(starts_at__lt=start, ends_at__gt=start)).order_by("starts_at", "pk")
    return _answer(request, index_page, found[:MOST_EVENTS], f"agenda-{year}-{month:02}.ics")


@require_safe
def show_coming(request):
    """Serve the coming events; calendar programs poll this URL."""
    index_page, events = _find_events(request)
    found = events.filter(is_coming(timezone.now())).order_by("starts_at", "pk")
    return _answer(request, index_page, found[:MOST_EVENTS], "agenda.ics")


def _find_events(request):
    site = Site.find_for_request(request)
    index_page = NewsIndexPage.objects.descendant_of(site.root_page).live().filter(kind=Kind.EVENT).first()
    if index_page is None or index_page.get_view_restrictions():
        raise Http404
    return index_page, index_page.get_news().exclude(starts_at=None).defer_streamfields()


def _answer(request, index_page, events, name):
    calendar = Calendar()
    calendar.add("prodid", f"-//{request.get_host()}//Agenda//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", index_page.title)
    events = list(events)
    editions = _count_editions(events)
    for event in events:
        event._cached_parent_obj = index_page
        calendar.add_component(_describe(event, request, editions.get(event.pk, 1)))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _count_editions(events) -> dict[int, int]:
    """Return how often each event went live: once, and once more for each ralat."""
    carried_out = PublicationPermit.objects.filter(page__in=events).exclude(executed_at=None).order_by()
    return dict(carried_out.values_list("page").annotate(Count("pk")))


def _describe(page, request, edition: int) -> Event:
    event = Event()
    event.add("uid", f"agenda-{page.pk}@{request.get_host()}")
    event.add("summary", page.title)
    event.add("dtstart", page.starts_at.astimezone(datetime.UTC))
    event.add("dtend", (page.ends_at or page.starts_at + USUAL_LENGTH).astimezone(datetime.UTC))
    event.add("dtstamp", (page.last_published_at or page.starts_at).astimezone(datetime.UTC))
    event.add("last-modified", (page.last_published_at or page.starts_at).astimezone(datetime.UTC))
    # Programs take a change only under a higher number (RFC 5545, 3.8.7.4).
    event.add("sequence", edition - 1)
    if page.activity_place:
        event.add("location", page.activity_place)
    event.add("description", page.lead)
    event.add("url", page.get_full_url(request))
    return event
