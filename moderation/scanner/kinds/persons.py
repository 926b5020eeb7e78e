"""Named persons beside what the law protects most: that they are children, or that they are ill."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from .. import lexicon
from ..names.before_facts import find_from_schools, find_in_front
from ..names.recognition import Person
from ..names.sentences import find_persons
from ..names.tables import ANYBODY, CHILDREN, PATIENTS, find_listed
from ..place import Place, as_words
from ..source import Source

_CUES = lexicon.CHILD | lexicon.SCHOOL | lexicon.ILLNESS
#: What only a child has: an age below 18 in brackets or between commas, a class. Each begins with what is rare.
_AGE_OF_CHILD = re.compile(r"\d(?<!\d\d)(?:(?<=1)[0-7])? ?(?:tahun|thn|th)[,)]")
_BEFORE_AGE = re.compile(r"(?:\(|, )(?:(?:umur|usia|berusia) )?$")
_CLASS_OF_CHILD = re.compile(
    r"kelas (?:\d{1,2}|[ivx]{1,4}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)\b"
    r"(?= ?(?:sd|mi|smp|mts|sma|smk|ma|slb|tk|di |[,.)]))"
)
#: "Kos putri", "tim putra": for whom a house or a team is.
_FOR_WHOM = frozenset({"putra", "putri"})
_BEFORE_FOR_WHOM = re.compile(r"\b(?:kost?|asrama|pondok|tim|regu|tunggal|ganda|voli) $")
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
    persons += [*find_listed(source, CHILDREN), *_find_told_by_age(source)]
    return (_place(source, person) for person in persons)


def find_named_patient(source: Source) -> Iterator[Place]:
    sentences = source.once(find_sentences)
    persons = [person for sentence in sentences for person in sentence.patients]
    persons += [*find_listed(source, PATIENTS), *_find_in_rows(source)]
    return (_place(source, person) for person in persons)


def _find_told_by_age(source: Source) -> Iterator[Person]:
    """Return who stands right before an age or a class that only a child has: "Bagus Wicaksono (10 tahun)"."""
    for match in _AGE_OF_CHILD.finditer(source.low):
        before = _BEFORE_AGE.search(source.get_before(match.start(), 12))
        if before:
            yield from _find_at(source, match.start() - len(before.group()), may_hold_office=True)
    for match in _CLASS_OF_CHILD.finditer(source.low):
        yield from _find_at(source, match.start(), may_hold_office=False)


def _find_at(source: Source, place: int, *, may_hold_office: bool) -> Iterator[Person]:
    start, _end = source.get_sentence(place, place)
    person = find_in_front(source, start, place, may_hold_office=may_hold_office)
    if person:
        yield person


def _find_in_rows(source: Source) -> Iterator[Person]:
    """Return who is named in a row of a table that also holds an illness, whatever its column is called."""
    illnesses = [place for place in source.find_cues(lexicon.ILLNESS) if _says_something(source, place)]
    for person in find_listed(source, ANYBODY) if illnesses else ():
        end = source.low.find("\n", person.end)
        number = bisect_left(illnesses, person.end)
        if number < len(illnesses) and illnesses[number] < (end if end != -1 else len(source.low)):
            yield person


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
    """Say whether a word that is an illness only before certain others stands before one of them, and whether a word
    for a son or a daughter does not tell for whom something is."""
    if source.cues[place] in _FOR_WHOM:
        return not _BEFORE_FOR_WHOM.search(source.get_before(place, 10))
    before = lexicon.ILLNESS_BEFORE.get(word := source.cues[place])
    if before is None:
        return True
    following = _NEXT_WORD.match(source.low, place + len(word))
    return following is not None and following.group(1) in before


def _place(source: Source, person: Person) -> Place:
    return Place(person.start, person.end, as_words(source.text[person.start : person.end]))
