"""Read what the front server noted, and add it up by item and day.

A line is the moment and the path of a page that a browser opened (templates/server/nginx.conf says which requests are
noted): no address, no name of a browser, no cookie. logrotate keeps yesterday's file beside today's, so a worker that
stood still for a day loses nothing. The sum and the place in the log change in one transaction.
"""

import socket
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Sum
from django.utils import timezone
from wagtail.models import Site

from .models import DailyReadings, LogPlace

#: Between two looks at the log.
SECONDS = 300
#: Bytes of one round: some ten thousand lines.
ROUND = 1 << 20


def count_new() -> int:
    """Count what was noted since the last look; return how many lines were read."""
    if settings.READERS_LOG is None:
        return 0
    with transaction.atomic():
        machine, _new = LogPlace.objects.get_or_create(machine=socket.gethostname())
        place = LogPlace.objects.select_for_update().get(pk=machine.pk)
        lines = _read_on(place, settings.READERS_LOG)
        _add(lines)
        place.save()
    return len(lines)


def _read_on(place: LogPlace, log: Path) -> list[str]:
    """Return the next whole lines, of the file that was turned away first, and move the place."""
    files = [file for file in (log.with_name(f"{log.name}.1"), log) if file.is_file() and file.stat().st_size]
    firsts = [_read_first_line(file) for file in files]
    begun = firsts.index(place.first_line) if place.first_line in firsts else None
    for number, (file, first) in enumerate(zip(files, firsts, strict=True)):
        if begun is not None and number < begun:
            continue
        offset = place.offset if number == begun else 0
        with file.open("rb") as stream:
            stream.seek(offset)
            read = stream.read(ROUND)
        whole = read[: read.rfind(b"\n") + 1]
        if whole:
            place.first_line, place.offset = first, offset + len(whole)
            return whole.decode("ascii", "replace").splitlines()
    return []


def _read_first_line(file: Path) -> str:
    with file.open("rb") as stream:
        return stream.readline(500).decode("ascii", "replace").strip()


def _add(lines: list[str]) -> None:
    noted = Counter(filter(None, map(_read_line, lines)))
    pages = _find_pages({path for path, _day in noted})
    found: Counter = Counter()
    for (path, day), count in noted.items():
        if path in pages:
            found[pages[path], day] += count
    rows = DailyReadings.objects.filter(page__in={page for page, _day in found}, day__in={day for _page, day in found})
    known = {(row.page_id, row.day): row for row in rows}
    for key, count in found.items():
        if key in known:
            DailyReadings.objects.filter(pk=known[key].pk).update(count=F("count") + count)
    new = {key: count for key, count in found.items() if key not in known}
    DailyReadings.objects.bulk_create(DailyReadings(page_id=page, day=day, count=n) for (page, day), n in new.items())


def _read_line(line: str) -> tuple[str, date] | None:
    """Return path and day of a line, None where it is no line of this form."""
    moment, _space, path = line.partition(" ")
    try:
        return path, timezone.localtime(datetime.fromisoformat(moment)).date()
    except ValueError:
        return None


def _find_pages(paths: set[str]) -> dict[str, int]:
    """Return the item at each path that has one."""
    roots = [root.rstrip("/") for root in Site.objects.values_list("root_page__url_path", flat=True)]
    places = {f"{root}{path}": path for root in roots for path in paths}
    items = apps.get_model(settings.MODERATED_PAGE_MODEL).objects.filter(url_path__in=places)
    return {places[place]: key for key, place in items.values_list("pk", "url_path")}


def find(page_id: int) -> tuple[int, date] | None:
    """Return how often an item was opened, and the first day that was counted; None where nothing is counted."""
    if settings.READERS_LOG is None:
        return None
    found = DailyReadings.objects.filter(page_id=page_id).aggregate(total=Sum("count"), since=Min("day"))
    return (found["total"], found["since"]) if found["total"] else None
