"""Query the full-text index: pages that have all words, those with the words in their title first.

Within both groups reference pages come first, then the newest news. Counting stops at a limit, so that a common word
costs as little as a rare one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection

from . import words
from .tables import ENTRIES, TITLE_MARK, Index
from .vocabulary import find_nearest

#: Results counted and listed; beyond it the page says "Lebih dari 1.000 hasil".
COUNT_LIMIT = 1000
#: Words of a query that are used; the rest is ignored.
MOST_WORDS = 12
#: Shorter prefixes match too much.
SHORTEST_PREFIX = 3
SUGGESTIONS = 3


@dataclass(frozen=True)
class Question:
    """A query: stems, whether they match as prefixes, and facets that must hold."""

    stems: tuple[str, ...]
    facets: tuple[str, ...] = ()
    is_prefix: bool = False

    def as_sqlite(self, scope: str) -> str:
        """Return the FTS5 expression. Stems are letters and digits only, so nothing needs quoting."""
        star = "*" if self.is_prefix else ""
        asked = " AND ".join(f'"{stem}"{star}' for stem in self.stems)
        facets = " AND ".join(f'facets: "{facet}"' for facet in self.facets)
        anywhere = f"{{title_stems text_stems}}: ({asked})"
        in_title = f"{{title_stems}}: ({asked})"
        matched = {"all": anywhere, "title": in_title, "rest": f"({anywhere}) NOT {in_title}"}[scope]
        return f"({matched}) AND {facets}" if facets else matched

    def as_postgresql(self, scope: str) -> str:
        """Return the tsquery expression."""
        star = ":*" if self.is_prefix else ""
        anywhere = " & ".join(f"'{stem}'{star}" for stem in self.stems)
        in_title = " & ".join(f"'{TITLE_MARK}{stem}'{star}" for stem in self.stems)
        facets = [f"'{facet}'" for facet in self.facets]
        matched = {"all": anywhere, "title": in_title, "rest": f"({anywhere}) & !({in_title})"}[scope]
        return " & ".join([f"({matched})", *facets])


def ask(text: str, facets: Sequence[str] = ()) -> Question | None:
    """Parse a reader's text; return None where it has no word to search for."""
    stems = words.stem_question(text)[:MOST_WORDS]
    return Question(tuple(stems), tuple(facets)) if stems else None


class Results:
    """Keys of the matching pages; counts and slices like a list, for the paginator."""

    def __init__(self, question: Question):
        self.question = question
        self._count = min(_count(question, "all"), COUNT_LIMIT)

    def __len__(self) -> int:
        return self._count

    @property
    def is_capped(self) -> bool:
        """Return whether there may be more than were counted."""
        return self._count >= COUNT_LIMIT

    @cached_property
    def _in_title(self) -> int:
        return _count(self.question, "title")

    def __getitem__(self, part: slice) -> list[int]:
        start, stop = part.start or 0, min(self._count, part.stop or self._count)
        found: list[int] = []
        if start < stop and start < self._in_title:
            found = _select(self.question, "title", start, min(stop, self._in_title) - start)
        missing = stop - start - len(found)
        if missing > 0:
            found += _select(self.question, "rest", max(0, start - self._in_title), missing)
        return found


def find(question: Question) -> Results:
    """Search; where no page has the words, search them as prefixes."""
    results = Results(question)
    if len(results) or any(len(stem) < SHORTEST_PREFIX for stem in question.stems):
        return results
    return Results(Question(question.stems, question.facets, is_prefix=True))


def suggest(text: str, facets: Sequence[str] = ()) -> list[str]:
    """Return similar queries that have results: with spelling corrected, else with one word less.

    Words of pages that are no longer public are not suggested: such a query has no results.
    """
    asked = [word.plain for word in words.split(words.clean(text)) if word.plain not in words.STOPWORDS][:MOST_WORDS]
    return _suggest_spelling(asked, facets) or _suggest_fewer(asked, facets)


def _suggest_fewer(asked: list[str], facets: Sequence[str]) -> list[str]:
    """Return the query without one word, for each word where the rest has results."""
    shorter = [asked[:turn] + asked[turn + 1 :] for turn in reversed(range(len(asked)))] if len(asked) > 1 else []
    questions = {" ".join(part): Question(tuple(map(words.get_stem, part)), tuple(facets)) for part in shorter}
    return _list_answered(questions)[:SUGGESTIONS]


def _suggest_spelling(asked: list[str], facets: Sequence[str]) -> list[str]:
    """Return the query with each unknown word replaced by the nearest known one."""
    choices = [find_nearest(word, SUGGESTIONS) for word in asked]
    questions: dict[str, Question | None] = {}
    for turn in range(SUGGESTIONS if asked else 0):
        candidate = " ".join(near[min(turn, len(near) - 1)] for near in choices)
        if candidate != " ".join(asked):
            questions[candidate] = ask(candidate, facets)
    return _list_answered({candidate: question for candidate, question in questions.items() if question})


def _list_answered(questions: dict[str, Question]) -> list[str]:
    """Return the names of the questions that have results, in one statement."""
    if not questions:
        return []
    parts: list[str] = []
    parameters: list[int | str] = []
    for turn, question in enumerate(questions.values()):
        sql, asked = _match(question, "all")
        parts.append(f"SELECT * FROM (SELECT %s AS turn {sql} LIMIT 1) AS found")
        parameters += [turn, *asked]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        answered = {turn for (turn,) in cursor.fetchall()}
    return [name for turn, name in enumerate(questions) if turn in answered]


def _count(question: Question, scope: str) -> int:
    """Count matches up to the limit plus one."""
    sql, parameters = _match(question, scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT %s) AS found", [*parameters, COUNT_LIMIT])
        return cursor.fetchone()[0]


def _select(question: Question, scope: str, start: int, number: int) -> list[int]:
    """Return page ids from ``start`` on, in key order."""
    sql, parameters = _match(question, scope)
    key = _get_key(ENTRIES)
    inner = f"SELECT {key} AS id {sql} ORDER BY {key} DESC LIMIT %s OFFSET %s"
    outer = f"SELECT e.page_id FROM ({inner}) AS found JOIN {ENTRIES.table} e ON e.id = found.id ORDER BY e.id DESC"
    with connection.cursor() as cursor:
        cursor.execute(outer, [*parameters, number, start])
        return [page_id for (page_id,) in cursor.fetchall()]


def find_each(index: Index, questions: Sequence[tuple[str, Sequence[str]]], number: int) -> list[list[int]]:
    """Return for each question, a facet and stems, the latest keys of the rows that have them all; one statement."""
    key = _get_key(index)
    if connection.vendor == "sqlite":
        one = f"SELECT * FROM (SELECT %s AS turn, {key} AS id FROM {index.fts} WHERE {index.fts} MATCH %s"
        asked = [" AND ".join([f'facets: "{facet}"', *(f'"{stem}"' for stem in stems)]) for facet, stems in questions]
    else:
        one = f"SELECT * FROM (SELECT %s AS turn, {key} AS id FROM {index.table} WHERE stems @@ %s::tsquery"
        asked = [" & ".join(f"'{word}'" for word in [facet, *stems]) for facet, stems in questions]
    one += f" ORDER BY {key} DESC LIMIT %s) AS found"
    parameters = [part for turn, question in enumerate(asked) for part in (turn, question, number)]
    found: list[list[int]] = [[] for _question in questions]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(asked)), parameters)
        for turn, row in cursor.fetchall():
            found[turn].append(row)
    return found


def _get_key(index: Index) -> str:
    return "rowid" if connection.vendor == "sqlite" else index.key


def _match(question: Question, scope: str) -> tuple[str, list[str]]:
    if connection.vendor == "sqlite":
        return f"FROM {ENTRIES.fts} WHERE {ENTRIES.fts} MATCH %s", [question.as_sqlite(scope)]
    return f"FROM {ENTRIES.table} WHERE stems @@ %s::tsquery", [question.as_postgresql(scope)]
