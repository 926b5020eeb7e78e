"""Judge the search by what citizens type, and the lexicon by families of words.

``queries*.txt``: ``what is typed => part of a title | part of another``, of which one must be among the first three
results; nothing after the arrow: nothing may be found or suggested. ``related*.txt``: families, each word must meet
the first of its line. ``unrelated*.txt``: no two words of a line may meet. ``pages.toml``: pages that stand beside
the starter pages and the demo's items.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from home.demo.content import read_items
from home.models import HomePage, VillageIndexPage, VillagePage
from home.search import query, suggestions
from home.search.indexing import get_text, is_service, learn_words
from home.search.models import Entry, make_key
from home.search.words import FORM, get_stem, make_plain, stem_text
from home.starter.build import SECTIONS, make_page, read_section
from news.models import Village

FOLDER = Path(__file__).parent / "judged"
FIRST = 3
SERVICE = "layanan"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Score:
    """How many were judged, and what went wrong."""

    judged: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return 1 - len(self.missed) / self.judged


@dataclass(frozen=True)
class Source:
    """A page as the index has it."""

    title: str
    text: str
    is_news: bool = False
    is_service: bool = False


def read_lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def judge_related(path: Path) -> Score:
    score = Score()
    for line in read_lines(path):
        first, *others = line.split()
        score.judged += len(others)
        score.missed += [f"{first} {word}" for word in others if _stem(word) != _stem(first)]
    return score


def judge_unrelated(path: Path) -> Score:
    score = Score()
    for line in read_lines(path):
        pairs = list(combinations(line.split(), 2))
        score.judged += len(pairs)
        score.missed += [f"{one} {other}" for one, other in pairs if _stem(one) == _stem(other)]
    return score


def _stem(word: str) -> str:
    return get_stem(make_plain(word))


def judge_queries(path: Path) -> Score:
    """Judge the first three results of each query, or those that the page shows instead with its suggestions."""
    score = Score()
    for line in read_lines(path):
        typed, _arrow, right = line.partition("=>")
        parts = [part.strip() for part in right.split("|") if part.strip()]
        titles, suggested = answer(typed.strip())
        score.judged += 1
        is_right = any(part in title for part in parts for title in titles) if parts else not (titles or suggested)
        if not is_right:
            score.missed.append(f"{typed.strip()}: {'; '.join(titles) or '-'}")
    return score


def answer(typed: str) -> tuple[list[str], list[str]]:
    """Return the titles that the search page shows first, and what it takes the query to mean."""
    question = query.ask(typed)
    results = query.find(question)
    if len(results) and not results.question.is_prefix:
        return _get_titles(results[:FIRST]), []
    found = suggestions.suggest(typed)
    if len(results):
        return _get_titles(results[:FIRST]), found.texts if found.are_spelling else []
    instead = query.list_first(query.ask(found.texts[0]), FIRST) if found.texts else []
    return _get_titles(instead), found.texts


def _get_titles(keys: list[int]) -> list[str]:
    titles = Page.objects.in_bulk(keys)
    return [titles[key].title for key in keys]


def fill_site(folder: Path) -> None:
    """Fill a new site's index: its starter pages, the demo's items and the folder's pages as they would be live."""
    made = folder / "pages.toml"
    pages = tomllib.loads(made.read_text(encoding="utf-8"))["pages"] if made.is_file() else []
    sources = [source for name in SECTIONS for source in _walk(read_section(name))]
    sources += [Source(item.title, f"{item.lead} {item.text}", is_news=True) for item in read_items() if item.lead]
    sources += [
        Source(page["title"], page["text"], is_news=page["type"] != SERVICE, is_service=page["type"] == SERVICE)
        for page in pages
    ]
    home, kind = HomePage.objects.get(), ContentType.objects.get_for_model(Page)
    Page.objects.bulk_create(
        Page(
            title=source.title,
            slug=f"dinilai-{turn}",
            path=f"{home.path}{9000 + turn}",
            depth=home.depth + 1,
            locale_id=home.locale_id,
            content_type=kind,
            first_published_at=MOMENT + timedelta(minutes=turn),
        )
        for turn, source in enumerate(sources)
    )
    stored = list(Page.objects.filter(slug__startswith="dinilai-").order_by("path"))
    entries = [
        Entry(
            id=make_key(page, is_reference=not source.is_news, is_service=source.is_service),
            page_id=page.pk,
            text=source.text,
            title_stems=stem_text(source.title),
            text_stems=stem_text(source.text),
            form=FORM,
        )
        for page, source in zip(stored, sources, strict=True)
    ]
    Entry.objects.bulk_create(entries)
    learn_words(entries, stored)


def _walk(data) -> Iterator[Source]:
    """Yield the pages of a section as the index would have them."""
    page = make_page(data)
    yield Source(page.title, get_text(page), is_service=is_service(page))
    for below in data.get("pages", []):
        yield from _walk(below)
    if isinstance(page, VillageIndexPage):
        for village in Village.objects.all():
            below = VillagePage(title=f"Desa {village.name}", village=village)
            yield Source(below.title, get_text(below))
