"""Spelling suggestions: the words nearest to the one that was typed, at the same cost for any vocabulary."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rapidfuzz.distance import DamerauLevenshtein

from home.search import vocabulary
from home.search.models import Term
from home.search.suggestions import suggest

pytestmark = pytest.mark.django_db


def make_words(number: int, letters: str) -> list[str]:
    pick = random.Random(3)
    words: set[str] = set()
    while len(words) < number:
        words.add("".join(pick.choices(letters, k=pick.randint(4, 9))))
    return sorted(words)


def measure(word: str, known: list[str]) -> list[int]:
    return sorted(DamerauLevenshtein.distance(word, each) for each in known)


@pytest.mark.db_agnostic
def test_the_nearest_are_those_of_a_comparison_with_every_word():
    words = make_words(400, "aeinr")
    known, asked = words[::2], words[1::2]
    Term.objects.bulk_create([Term(word) for word in known])
    for word in asked:
        most = 1 if len(word) < 6 else 2
        right = [distance for distance in measure(word, known) if distance <= most][:3]
        found = vocabulary.find_nearest(word, 3)
        assert measure(word, found) == right if right else found == [word], word


@pytest.mark.db_agnostic
def test_two_slips_that_overlap_are_two():
    Term.objects.create(word="irigaxcsi")
    assert vocabulary.find_nearest("irigcasi", 3) == ["irigaxcsi"]


def test_a_suggestion_costs_as_much_with_a_thousand_words_as_with_ten():
    words, counts = make_words(1_000, "abcdefgh"), []
    for part in (words[:10], words[10:]):
        Term.objects.bulk_create([Term(word) for word in part])
        with CaptureQueriesContext(connection) as queries:
            assert suggest(f"{words[0]}zq irigsai saluarn").texts == []
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
