"""What else to ask where no page has the words: their spelling corrected, or one word less."""

from collections.abc import Sequence
from dataclasses import dataclass

from news.memo import cached_until_change

from . import query
from .lexicon.stemming import is_known
from .lexicon.synonyms import Asked
from .query import Question
from .vocabulary import find_spellings

SUGGESTIONS = 3


@dataclass(frozen=True)
class Suggestions:
    """Queries that have results, the best first, and whether they are spelt otherwise than what was typed."""

    texts: list[str]
    are_spelling: bool = False


def suggest(text: str, facets: Sequence[str] = ()) -> Suggestions:
    """Return similar queries that have results: with spelling corrected, else with fewer words.

    Words of pages that are no longer public are not suggested: such a query has no results. Until something public
    changes, a text is looked at once.
    """
    return cached_until_change(("suggestions", text, tuple(facets)), lambda: _suggest(text, facets))


def _suggest(text: str, facets: Sequence[str]) -> Suggestions:
    asked = query.read(text)
    found = query.list_answered(_respell(asked, facets))
    if found:
        return Suggestions(found[:SUGGESTIONS], are_spelling=True)
    sought = [each for each in asked if not each.is_filler]
    return Suggestions(_list_fewer(sought, facets)[:SUGGESTIONS])


def _respell(asked: Sequence[Asked], facets: Sequence[str]) -> dict[str, Question]:
    """Return the query with each word that is none replaced by the nearest one of a page."""
    choices = [_list_spellings(each) for each in asked]
    questions: dict[str, Question] = {}
    for turn in range(SUGGESTIONS):
        candidate = [near[min(turn, len(near) - 1)] for near in choices]
        question = query.make_question(candidate, facets) if candidate != list(asked) else None
        if question:
            questions[_write(candidate)] = question
    return questions


def _list_spellings(each: Asked) -> list[Asked]:
    """Return what may be meant: the word itself where the office's table or the lexicon knows it."""
    if each.meaning is not None or is_known(each.plain[0]):
        return [each]
    return [Asked(tuple(found.split())) for found in find_spellings(each.plain[0], SUGGESTIONS)]


def _list_fewer(sought: Sequence[Asked], facets: Sequence[str]) -> list[str]:
    """Return the query without one word, else each of its words alone."""
    without_one = [[*sought[:turn], *sought[turn + 1 :]] for turn in reversed(range(len(sought)))]
    alone = [[each] for each in sought]
    questions: dict[str, Question] = {}
    for fewer in [*without_one, *alone] if len(sought) > 1 else []:
        question = query.make_question(fewer, facets)
        if question:
            questions[_write(fewer)] = question
    found = query.list_by_answer(questions)
    longer = {_write(fewer) for fewer in without_one}
    return [text for text in found if text in longer] or found


def _write(asked: Sequence[Asked]) -> str:
    return " ".join(word for each in asked for word in each.plain)
