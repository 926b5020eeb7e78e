"""Named persons beside what the law protects most: that they are children, or that they are ill."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from .. import lexicon
from ..names import CHILDREN, PATIENTS, Person, find_from_schools, find_listed, find_persons
from ..place import Place, as_words
from ..source import Source

_CUES = lexicon.CHILD | lexicon.SCHOOL | lexicon.ILLNESS
_NEXT_WORD = re.compile(r"[ \-/]{1,2}([a-z]+)")


class Sentence(NamedTuple):
    """A sentence about children or illness, and who is named in it as a child and as a patient."""

    start: int
    end: int
    children: list[Person]
    patients: list[Person]


def find_named_child(source: Source) -> Iterator[Place]:
    sentences = source.once(find_sentences)
    persons = [person for sentence in sentences for person in sentence.children]
    return (_place(source, person) for person in [*persons, *find_listed(source, CHILDREN)])


def find_named_patient(source: Source) -> Iterator[Place]:
    sentences = source.once(find_sentences)
    persons = [person for sentence in sentences for person in sentence.patients]
    return (_place(source, person) for person in [*persons, *find_listed(source, PATIENTS)])


def find_sentences(source: Source) -> list[Sentence]:
    """Return each sentence about a child, a school or an illness once, with those who are named in it."""
    cues = [place for place in source.find_cues(_CUES) if _says_something(source, place)]
    sentences, done, number = [], 0, 0
    while number < len(cues):
        start, end = source.get_sentence(cues[number], cues[number], after=done)
        last = max(bisect_left(cues, end, number), number + 1)
        sentences.append(_read(source, start, end, cues[number:last]))
        done, number = max(done, end), last
    return sentences


def _read(source: Source, start: int, end: int, cues: list[int]) -> Sentence:
    words = {source.cues[place] for place in cues}
    facts = [place for place in cues if source.cues[place] not in lexicon.SCHOOL]
    persons = find_persons(source, start, end, facts) if facts else []
    if not words.isdisjoint(lexicon.CHILD):
        children = persons
    else:
        children = find_from_schools(source, start, cues) if not facts else []
    return Sentence(start, end, children, [] if words.isdisjoint(lexicon.ILLNESS) else persons)


def _says_something(source: Source, place: int) -> bool:
    """Say whether a word that is an illness only before certain others stands before one of them."""
    before = lexicon.ILLNESS_BEFORE.get(word := source.cues[place])
    if before is None:
        return True
    following = _NEXT_WORD.match(source.low, place + len(word))
    return following is not None and following.group(1) in before


def _place(source: Source, person: Person) -> Place:
    return Place(person.start, person.end, as_words(source.text[person.start : person.end]))
