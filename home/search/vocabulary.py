"""The words of the site's pages by length and letters, and those nearest to a word that no page has."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from news.memo import cached_until_change

from .models import Term

#: Shorter words are near others at one slip only, longer ones at two.
_LONG = 6
#: Terms have this length at least.
SHORTEST_PART = 4
#: Letters that about half of all words have: which of them a word has tells most words apart.
_LETTERS = "nierstukm"


def find_nearest(word: str, number: int) -> list[str]:
    """Return the nearest known words; ``word`` itself where it is known or none is similar."""
    return cached_until_change(("nearest", word, number), lambda: _find_nearest(word, number))


def find_spellings(word: str, number: int) -> list[str]:
    """Return what may be meant by a word that is none: known words that begin alike, else two typed as one."""
    return cached_until_change(("spellings", word, number), lambda: _find_spellings(word, number))


def _find_spellings(word: str, number: int) -> list[str]:
    known = cached_until_change(("vocabulary",), _read)
    # The first letter is hardly ever a slip.
    near = [found for found in _search(word, number, known) if found[0] == word[0]]
    parts = [(word[:turn], word[turn:]) for turn in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
    joined = [" ".join(pair) for pair in parts if all(part in known.get(_describe(part), ()) for part in pair)]
    return near or joined[:1] or [word]


def _find_nearest(word: str, number: int) -> list[str]:
    return _search(word, number, cached_until_change(("vocabulary",), _read)) or [word]


def _search(word: str, number: int, known: Mapping[tuple[int, int], Sequence[str]]) -> list[str]:
    """Return the nearest known words; none where none is similar."""
    if word in known.get(_describe(word), ()):
        return [word]
    distance = 1 if len(word) < _LONG else 2
    choices = [choice for key in _list_keys(word, distance) for choice in known.get(key, ())]
    # OSA takes a twentieth of the time, and counts at most one more where two slips overlap ("ca" for "abc").
    alike = [found for found, _score, _place in _extract(word, choices, OSA, distance + (distance > 1), None)]
    near = _extract(word, alike, DamerauLevenshtein, distance, number)
    return [found for found, _score, _place in near]


def _describe(word: str) -> tuple[int, int]:
    """Return the length of a word, and which of ``_LETTERS`` it has: a bit each."""
    return len(word), sum(1 << place for place, letter in enumerate(_LETTERS) if letter in word)


def _list_keys(word: str, distance: int) -> Iterator[tuple[int, int]]:
    """Yield what describes the words within the distance: a slip changes the length by one at most, takes one letter
    away at most and adds one at most."""
    length, letters = _describe(word)
    for other in _list_others(letters, distance):
        for turn in range(length - distance, length + distance + 1):
            yield turn, other


def _list_others(letters: int, distance: int) -> Sequence[int]:
    """Return the sets of letters with at most so many taken away and at most so many added."""
    had = [1 << place for place in range(len(_LETTERS)) if letters >> place & 1]
    lacked = [1 << place for place in range(len(_LETTERS)) if not letters >> place & 1]
    changes = [
        [sum(part) for count in range(distance + 1) for part in combinations(bits, count)] for bits in (had, lacked)
    ]
    return [letters - taken + added for taken in changes[0] for added in changes[1]]


def _extract(word: str, choices, metric, most: int, number: int | None) -> list:
    return process.extract(word, choices, scorer=metric.distance, score_cutoff=most, limit=number)


def _read() -> Mapping[tuple[int, int], Sequence[str]]:
    """Return the known words by what describes them, in the order of the alphabet."""
    known: dict[tuple[int, int], list[str]] = {}
    for word in sorted(Term.objects.values_list("word", flat=True)):
        known.setdefault(_describe(word), []).append(word)
    return known
