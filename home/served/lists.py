"""Lists, feeds and the sitemap, as citizens get them: each live item is there, and nothing that is not live."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from moderation.evidence.addresses.guards import get_address
from moderation.management.proof.checks import Part
from news.models import NewsIndexPage, NewsPage
from news.models.index import ITEMS_PER_PAGE, is_coming
from news.public.feeds import ITEMS as ITEMS_IN_A_FEED

from .fetching import Answer, fetch

#: Pages of a list looked at in one part.
PAGES_A_PART = 5
#: How often a list is asked for again that changes while it is read.
_TRIES = 3
#: A link of a page or of Atom, or one of RSS.
_LINK = re.compile(r'href="([^"]+)"|<link>([^<]+)</link>')
_LOCATION = re.compile(r"<loc>([^<]+)</loc>")


def find_missing_in_sitemap() -> list[str]:
    """Return how the sitemap differs from the live items, one sentence each; reads one part of it at a time."""
    for _number in range(_TRIES):
        problems = _compare_sitemap()
        if not problems:
            return []
    return problems


def _compare_sitemap() -> list[str]:
    paths = set(NewsPage.objects.values_list("url_path", flat=True).filter(live=True).order_by())
    missing = {_write_path(url_path) for url_path in paths}
    drafts = {_write_path(path) for path in NewsPage.objects.filter(live=False).values_list("url_path", flat=True)}
    wrong: list[str] = []
    for part in range(1, 2 + len(paths)):
        name = reverse("sitemap") if part == 1 else reverse("sitemap_part", args=[part])
        answer = fetch(name)
        if answer.status == 404 and part > 1:
            break
        if answer.status != 200:
            return [f"Peta situs {name} menjawab {answer.status}."]
        named = {_strip(address) for address in _LOCATION.findall(answer.text)}
        wrong += sorted(named & drafts)
        missing -= named
        if not missing and not wrong:
            break
    return [
        *(f"Peta situs memuat {path}, yang tidak tayang." for path in wrong[:ITEMS_PER_PAGE]),
        *(f"Peta situs tidak memuat {path}." for path in sorted(missing)[:ITEMS_PER_PAGE]),
    ]


def find_missing_in_feeds() -> list[str]:
    """Return how the feeds of all items differ from the newest live ones, one sentence each."""
    problems = []
    for name in (reverse("news:atom"), reverse("news:rss")):
        for _number in range(_TRIES):
            expected = _list_paths(NewsPage.objects.live().latest_first()[:ITEMS_IN_A_FEED])
            answer = fetch(name)
            found = _list_links(answer)
            problem = _compare(f"Umpan {name}", answer, expected, found)
            if problem is None:
                break
        problems += [problem] if problem else []
    return problems


def take_part(cursor) -> Part:
    """Check the next pages of the lists; ``cursor``: the list's key, whether it is the past events, and the page."""
    at, past, number = cursor or [0, False, 1]
    for index_page in NewsIndexPage.objects.live().filter(pk__gte=at).order_by("pk"):
        is_first = index_page.pk == at
        for is_past in (False, True) if index_page.is_agenda else (False,):
            if is_first and is_past < past:
                continue
            begin = number if is_first and is_past == past else 1
            news = _find_news(index_page, is_past)
            last = max(1, -(-news.count() // ITEMS_PER_PAGE))
            if begin > last:
                continue
            pages = range(begin, min(begin + PAGES_A_PART, last + 1))
            problems = [_look_at(index_page, is_past, page) for page in pages]
            return Part([problem for problem in problems if problem], [index_page.pk, is_past, pages[-1] + 1])
    return Part()


def _find_news(index_page, is_past):
    """Return the live items of a list in the order in which it shows them."""
    news, sign = index_page.get_news(), "-"
    if index_page.is_agenda:
        coming = is_coming(timezone.now())
        news = news.exclude(starts_at=None).exclude(coming) if is_past else news.filter(coming)
        sign = "-" if is_past else ""
    return news.order_by(f"{sign}{index_page.date_field}", f"{sign}pk")


def _look_at(index_page, is_past, number) -> str | None:
    path = f"{_write_path(index_page.url_path)}{'lampau/' if is_past else ''}"
    path += f"halaman/{number}/" if number > 1 else ""
    for _number in range(_TRIES):
        start = (number - 1) * ITEMS_PER_PAGE
        expected = _list_paths(_find_news(index_page, is_past)[start : start + ITEMS_PER_PAGE])
        answer = fetch(path)
        problem = _compare(f"Daftar {path}", answer, expected, _list_links(answer))
        if problem is None:
            return None
    return problem


def _list_paths(news) -> list[str]:
    return [_write_path(url_path) for url_path in news.values_list("url_path", flat=True)]


def _compare(name: str, answer: Answer, expected: list[str], found: set[str]) -> str | None:
    if answer.status != 200:
        return f"{name} menjawab {answer.status or 'tidak sama sekali'}."
    missing = [path for path in expected if path not in found]
    return f"{name} tidak memuat {missing[0]}." if missing else None


def _list_links(answer: Answer) -> set[str]:
    """Return the paths of this site to which a page or a feed links."""
    named = [quoted or text for quoted, text in _LINK.findall(answer.text)]
    return {_strip(address) for address in named}


def _strip(address: str) -> str:
    return address.removeprefix(settings.SITE_URL)


def _write_path(url_path: str) -> str:
    return f"{get_address(url_path) or ''}/"
