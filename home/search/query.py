"""Query the full-text index: pages that have all words, those with the words in their title first.

Within both groups services come first, then other reference pages, then the newest news; where the words ask for a
service, pages of services come before all others. Counting stops at a limit, so that a common word costs as little as
a rare one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connection

from news.memo import cached_until_change

from . import words
from .lexicon.synonyms import Asked, Phrase, read_query
from .models import FIRST_SERVICE
from .tables import ENTRIES, TITLE_MARK, Index

#: Results counted and listed; beyond it the page says "Lebih dari 1.000 hasil".
COUNT_LIMIT = 1000
#: Words of a query that are used; the rest is ignored.
MOST_WORDS = 12
#: Shorter prefixes match too much.
SHORTEST_PREFIX = 3
#: Where matches stand, best first: in titles, in the rest of the texts.
SCOPES = ("title", "rest")


@dataclass(frozen=True)
class Question:
    """A query: of each group one alternative must hold, whole or as prefixes, and all facets."""

    groups: tuple[tuple[Phrase, ...], ...]
    facets: tuple[str, ...] = ()
    is_prefix: bool = False
    services_first: bool = False

    @property
    def stems(self) -> set[str]:
        """Every stem of every alternative, for the marks in excerpts."""
        return {stem for group in self.groups for phrase in group for stem in phrase}

    def list_places(self) -> list[tuple[str, str]]:
        """Return where matches stand and among which pages, best first."""
        among = ("services", "others") if self.services_first else ("",)
        return [(scope, pages) for pages in among for scope in SCOPES]

    def as_sqlite(self, scope: str) -> str:
        """Return the FTS5 expression. Stems are letters and digits only, so nothing needs quoting."""
        star = "*" if self.is_prefix else ""
        asked = self._join('"{}"' + star, " AND ", " OR ")
        facets = " AND ".join(f'facets: "{facet}"' for facet in self.facets)
        anywhere = f"{{title_stems text_stems}}: ({asked})"
        in_title = f"{{title_stems}}: ({asked})"
        matched = {"all": anywhere, "title": in_title, "rest": f"({anywhere}) NOT {in_title}"}[scope]
        return f"({matched}) AND {facets}" if facets else matched

    def as_postgresql(self, scope: str) -> str:
        """Return the tsquery expression."""
        star = ":*" if self.is_prefix else ""
        anywhere = self._join("'{}'" + star, " & ", " | ")
        in_title = self._join(f"'{TITLE_MARK}{{}}'" + star, " & ", " | ")
        facets = [f"'{facet}'" for facet in self.facets]
        matched = {"all": anywhere, "title": in_title, "rest": f"({anywhere}) & !({in_title})"}[scope]
        return " & ".join([f"({matched})", *facets])

    def _join(self, form: str, both: str, either: str) -> str:
        alternatives = [[both.join(map(form.format, phrase)) for phrase in group] for group in self.groups]
        return both.join(f"({either.join(f'({one})' for one in group)})" for group in alternatives)


def ask(text: str, facets: Sequence[str] = ()) -> Question | None:
    """Parse a reader's text; return None where it has no word to search for."""
    return make_question(read(text), facets)


def read(text: str) -> list[Asked]:
    """Return the words of a reader's text that are searched for, with what else the office calls them."""
    return read_query(words.list_plain(text)[:MOST_WORDS])


def make_question(asked: Sequence[Asked], facets: Sequence[str] = ()) -> Question | None:
    """Return the query for these words; fillers such as *cara* are searched for only where nothing else is."""
    sought = [each for each in asked if not each.is_filler] or asked
    groups = tuple(dict.fromkeys(each.list_alternatives() for each in sought))
    services_first = any(each.meaning and each.meaning.services_first for each in asked)
    return Question(groups, tuple(facets), services_first=services_first) if groups else None


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
    def _parts(self) -> list[tuple[str, str, int]]:
        """Return the places with the numbers of their matches."""
        parts = self.question.list_places()
        counted = [(scope, pages, _count(self.question, scope, pages)) for scope, pages in parts[:-1]]
        return [*counted, (*parts[-1], self._count)]

    def __getitem__(self, part: slice) -> list[int]:
        start, stop = part.start or 0, min(self._count, part.stop or self._count)
        found: list[int] = []
        for scope, pages, number in self._parts if start < stop else ():
            if start < min(stop, number):
                found += _select(self.question, scope, start, min(stop, number) - start, pages)
            start, stop = max(0, start - number), stop - number
        return found


def find(question: Question) -> Results:
    """Search; where no page has the words, search them as prefixes."""
    results = Results(question)
    if len(results) or any(len(stem) < SHORTEST_PREFIX for group in question.groups for stem in group[0]):
        return results
    return Results(replace(question, is_prefix=True))


def list_first(question: Question, number: int) -> list[int]:
    """Return the pages of the first results, without counting them; until something public changes, asked once."""
    return cached_until_change(("first", question, number), lambda: _list_first(question, number))


def _list_first(question: Question, number: int) -> list[int]:
    found: list[int] = []
    for scope, pages in question.list_places():
        if len(found) < number:
            found += _select(question, scope, 0, number - len(found), pages)
    return found


def list_answered(questions: dict[str, Question]) -> list[str]:
    """Return the names of the questions that have results, in one statement."""
    return [name for name, _best in sorted(_find_best(questions, ["all"]).items(), key=lambda found: found[1][0])]


def list_by_answer(questions: dict[str, Question]) -> list[str]:
    """Return the names of the questions that have results, first those with one in a title, and of a service."""
    best = _find_best(questions, SCOPES)
    return sorted(best, key=lambda name: (best[name][1] != "title", best[name][2] < FIRST_SERVICE, best[name][0]))


def _find_best(questions: dict[str, Question], scopes: Sequence[str]) -> dict[str, tuple[int, str, int]]:
    """Return turn, scope and key of the best result of each question that has one; one statement."""
    if not questions:
        return {}
    parts: list[str] = []
    parameters: list[int | str] = []
    places = [(scope, turn) for scope in scopes for turn in range(len(questions))]
    names = list(questions)
    for place, (scope, turn) in enumerate(places):
        sql, asked = _match(questions[names[turn]], scope)
        key = _get_key(ENTRIES)
        parts.append(f"SELECT * FROM (SELECT %s AS place, {key} AS id {sql} ORDER BY {key} DESC LIMIT 1) AS found")
        parameters += [place, *asked]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        found = sorted(cursor.fetchall(), reverse=True)
    best: dict[str, tuple[int, str, int]] = {}
    for place, key in found:
        scope, turn = places[place]
        best[names[turn]] = (turn, scope, key)
    return best


def _count(question: Question, scope: str, pages: str = "") -> int:
    """Count matches up to the limit."""
    sql, parameters = _match(question, scope, pages)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT %s) AS found", [*parameters, COUNT_LIMIT])
        return cursor.fetchone()[0]


def _select(question: Question, scope: str, start: int, number: int, pages: str = "") -> list[int]:
    """Return page ids from ``start`` on, in key order."""
    sql, parameters = _match(question, scope, pages)
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


def _match(question: Question, scope: str, pages: str = "") -> tuple[str, list[int | str]]:
    """Return what follows SELECT: the matches of a scope, among all pages, those of services, or the others."""
    if connection.vendor == "sqlite":
        sql, expression = f"FROM {ENTRIES.fts} WHERE {ENTRIES.fts} MATCH %s", question.as_sqlite(scope)
    else:
        sql, expression = f"FROM {ENTRIES.table} WHERE stems @@ %s::tsquery", question.as_postgresql(scope)
    if not pages:
        return sql, [expression]
    sign = ">=" if pages == "services" else "<"
    return f"{sql} AND {_get_key(ENTRIES)} {sign} %s", [expression, FIRST_SERVICE]
