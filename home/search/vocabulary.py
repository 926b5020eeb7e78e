"""The words of the site's pages by their length, and those nearest to a word that no page has."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from news.memo import cached_until_change

from .models import Term

#: Shorter words are near others at one slip only, longer ones at two.
_LONG = 6


def find_nearest(word: str, number: int) -> list[str]:
    """Return the nearest known words; ``word`` itself where it is known or none is similar."""
    known = cached_until_change(("vocabulary",), _read)
    alike = known.get(len(word), ())
    place = bisect_left(alike, word)
    if place < len(alike) and alike[place] == word:
        return [word]
    distance = 1 if len(word) < _LONG else 2
    # A word that is longer or shorter by more than the distance is further away.
    lengths = range(len(word) - distance, len(word) + distance + 1)
    choices = [choice for length in lengths for choice in known.get(length, ())]
    # OSA takes a twentieth of the time, and counts at most one more where two slips overlap ("ca" for "abc").
    alike = [found for found, _score, _place in _extract(word, choices, OSA, distance + (distance > 1), None)]
    near = _extract(word, alike, DamerauLevenshtein, distance, number)
    return [found for found, _score, _place in near] or [word]


def _extract(word: str, choices, metric, most: int, number: int | None) -> list:
    return process.extract(word, choices, scorer=metric.distance, score_cutoff=most, limit=number)


def _read() -> Mapping[int, Sequence[str]]:
    """Return the words of each length, sorted."""
    known = defaultdict(list)
    for word in Term.objects.values_list("word", flat=True):
        known[len(word)].append(word)
    return {length: sorted(words) for length, words in known.items()}
