"""Asks the database's full-text index: pages that have all words, those with the words in their title first.

Within both groups what is looked things up in comes first, then the newest. Counting stops at a
limit, so that a common word costs as little as a rare one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from . import words
from .models import FIRST_REFERENCE, Term
from .tables import ENTRIES, PAST, TITLE_MARK, Index

#: "Lebih dari 1.000 hasil": nobody reads further, and nobody should wait for the exact number.
COUNT_LIMIT = 1000
#: A question of more words is a text; the first ones say enough.
MOST_WORDS = 12
#: Shorter beginnings of words lead anywhere.
SHORTEST_PREFIX = 3
SUGGESTIONS = 3


@dataclass(frozen=True)
class Question:
    """What is asked: stems, whether they may be beginnings of words, and facets that must hold."""

    stems: tuple[str, ...]
    facets: tuple[str, ...] = ()
    is_prefix: bool = False

    def as_sqlite(self, scope: str) -> str:
        """Return the expression of FTS5; stems are letters and digits only, so nothing can be smuggled in."""
        star = "*" if self.is_prefix else ""
        asked = " AND ".join(f'"{stem}"{star}' for stem in self.stems)
        facets = " AND ".join(f'facets: "{facet}"' for facet in self.facets)
        anywhere = f"{{title_stems text_stems}}: ({asked})"
        in_title = f"{{title_stems}}: ({asked})"
        matched = {"all": anywhere, "title": in_title, "rest": f"({anywhere}) NOT {in_title}"}[scope]
        return f"({matched}) AND {facets}" if facets else matched

    def as_postgresql(self, scope: str) -> str:
        """Return the same as a tsquery."""
        star = ":*" if self.is_prefix else ""
        anywhere = " & ".join(f"'{stem}'{star}" for stem in self.stems)
        in_title = " & ".join(f"'{TITLE_MARK}{stem}'{star}" for stem in self.stems)
        facets = [f"'{facet}'" for facet in self.facets]
        matched = {"all": anywhere, "title": in_title, "rest": f"({anywhere}) & !({in_title})"}[scope]
        return " & ".join([f"({matched})", *facets])


def ask(text: str, facets: Sequence[str] = ()) -> Question | None:
    """Return the question that a reader's text stands for, None where it has no word to look for."""
    stems = words.stem_question(text)[:MOST_WORDS]
    return Question(tuple(stems), tuple(facets)) if stems else None


class Results:
    """The keys of the pages that answer a question; counts and slices like a list, so that it paginates."""

    def __init__(self, question: Question):
        self.question = question
        self._in_title = _count(question, "title")
        self._count = min(_count(question, "all"), COUNT_LIMIT)

    def __len__(self) -> int:
        return self._count

    @property
    def is_capped(self) -> bool:
        """Say whether there may be more than were counted."""
        return self._count >= COUNT_LIMIT

    def __getitem__(self, part: slice) -> list[int]:
        start, stop = part.start or 0, min(self._count, part.stop or self._count)
        found = []
        if start < self._in_title:
            found = _select(self.question, "title", start, min(stop, self._in_title) - start)
        missing = stop - start - len(found)
        if missing > 0:
            found += _select(self.question, "rest", max(0, start - self._in_title), missing)
        return found


def find(question: Question) -> Results:
    """Answer a question; where no page has the words, pages with words that begin so."""
    results = Results(question)
    if len(results) or any(len(stem) < SHORTEST_PREFIX for stem in question.stems):
        return results
    return Results(Question(question.stems, question.facets, is_prefix=True))


def suggest(text: str, facets: Sequence[str] = ()) -> list[str]:
    """Return questions like this one that have an answer: spelt like known words, else with a word less.

    Only what is public now is suggested: the words of a page that was withdrawn lead nowhere.
    """
    asked = [word.plain for word in words.split(words.clean(text)) if word.plain not in words.STOPWORDS][:MOST_WORDS]
    return _suggest_spelling(asked, facets) or _suggest_fewer(asked, facets)


def _suggest_fewer(asked: list[str], facets: Sequence[str]) -> list[str]:
    """Return what is left without one word, where that has an answer: the words are all known, but on no one page."""
    shorter = [asked[:turn] + asked[turn + 1 :] for turn in reversed(range(len(asked)))] if len(asked) > 1 else []
    found = [
        " ".join(part) for part in shorter if len(Results(Question(tuple(map(words.get_stem, part)), tuple(facets))))
    ]
    return found[:SUGGESTIONS]


def _suggest_spelling(asked: list[str], facets: Sequence[str]) -> list[str]:
    """Return the question with each unknown word replaced by the nearest known one."""
    known = list(Term.objects.values_list("word", flat=True))
    if not asked or not known:
        return []
    choices = [_find_nearest(word, known) for word in asked]
    found = []
    for turn in range(SUGGESTIONS):
        candidate = " ".join(near[min(turn, len(near) - 1)] for near in choices)
        question = ask(candidate, facets)
        if candidate != " ".join(asked) and candidate not in found and question and len(Results(question)):
            found.append(candidate)
    return found


def _find_nearest(word: str, known: list[str]) -> list[str]:
    """Return the known words nearest to ``word``: itself where it is known, or too unlike all others."""
    if word in known:
        return [word]
    distance = 1 if len(word) < 6 else 2
    near = process.extract(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=distance, limit=SUGGESTIONS)
    return [found for found, _score, _place in near] or [word]


def _count(question: Question, scope: str) -> int:
    """Count up to one more than the limit."""
    sql, parameters = _match(question, scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT %s) AS found", [*parameters, COUNT_LIMIT])
        return cursor.fetchone()[0]


def _select(question: Question, scope: str, start: int, number: int) -> list[int]:
    """Return the pages from ``start`` on, in the order of the entries' keys."""
    sql, parameters = _match(question, scope)
    key = _get_key(ENTRIES)
    inner = f"SELECT {key} AS id {sql} ORDER BY {key} DESC LIMIT %s OFFSET %s"
    outer = f"SELECT e.page_id FROM ({inner}) AS found JOIN {ENTRIES.table} e ON e.id = found.id ORDER BY e.id DESC"
    with connection.cursor() as cursor:
        cursor.execute(outer, [*parameters, number, start])
        return [page_id for (page_id,) in cursor.fetchall()]


def find_news(stems: Sequence[str], number: int) -> list[int]:
    """Return the latest live items in whose text all these stems stand."""
    where, parameters = _match(Question(tuple(stems)), "all")
    return _list_latest(ENTRIES, f"{where} AND {_get_key(ENTRIES)} < %s", [*parameters, FIRST_REFERENCE], number)


def find_past(stems: Sequence[str], number: int) -> list[int]:
    """Return the latest items among those in a past version of which all these stems stand."""
    if connection.vendor == "sqlite":
        where, asked = f"FROM {PAST.fts} WHERE {PAST.fts} MATCH %s", " AND ".join(f'"{stem}"' for stem in stems)
    else:
        where, asked = f"FROM {PAST.table} WHERE stems @@ %s::tsquery", " & ".join(f"'{stem}'" for stem in stems)
    return _list_latest(PAST, where, [asked], number)


def _list_latest(index: Index, where: str, parameters: list, number: int) -> list[int]:
    key = _get_key(index)
    inner = f"SELECT {key} AS id {where} ORDER BY {key} DESC LIMIT %s"
    outer = f"SELECT e.page_id FROM ({inner}) AS found JOIN {index.table} e ON e.{index.key} = found.id"
    with connection.cursor() as cursor:
        cursor.execute(f"{outer} ORDER BY found.id DESC", [*parameters, number])
        return [page_id for (page_id,) in cursor.fetchall()]


def _get_key(index: Index) -> str:
    return "rowid" if connection.vendor == "sqlite" else index.key


def _match(question: Question, scope: str) -> tuple[str, list[str]]:
    if connection.vendor == "sqlite":
        return f"FROM {ENTRIES.fts} WHERE {ENTRIES.fts} MATCH %s", [question.as_sqlite(scope)]
    return f"FROM {ENTRIES.table} WHERE stems @@ %s::tsquery", [question.as_postgresql(scope)]
