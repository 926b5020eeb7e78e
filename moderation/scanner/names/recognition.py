"""Recognise a private person's name among capitals: no common word, no place, nobody in office."""

import re
from bisect import bisect_left
from typing import NamedTuple

from .. import lexicon
from ..source import Source


class Person(NamedTuple):
    """Where a person is named in the normalised text."""

    start: int
    end: int


_WORD = re.compile(r"[a-z]+")
#: Between an office and the name of who holds it: only names, places and words that join.
_HOLDS = re.compile(
    r"\.?(?:[ ,.()/\-]{1,3}(?:[A-Z\d][\w.'\-]{0,30}|(?:desa|dusun|dinas|seksi|sekolah|puskesmas|dari|dan|kelas|selaku"
    r"|yakni|yaitu|pada|di|bidang|umum|sekaligus|gizi|kesehatan|tim|kecamatan|kabupaten|penggerak|pelaksana"
    r"|bapak|ibu|pak"
    r"|bu|drs|ny|penyuluh|narasumber|promosi|lapangan|keluarga|berencana|rt|rw|kelas|bicara|kota)\b)){0,10}[ ,:.]{1,3}"
)
_OFFICE_REACH = 120
_OFFICE_AFTER = re.compile(
    r"[ ,(]{1,3}(?:[A-Z][\w.]{0,10}[ ,]{1,2}){0,3}(?:selaku |sebagai |dari |yang juga "
    r"|yang merupakan )?(?P<office>\w{2,20})"
)
_OFFICES_AFTER = lexicon.OFFICE | {"dinas", "kecamatan", "dukcapil"}
_PLACES_BEFORE = lexicon.words(
    "desa dusun dukuh dk dsn kelurahan kel kecamatan kec kabupaten kab kota jalan jl gang gg kampung lingkungan"
    " rsud rsjd"
    " rs sakit puskesmas posyandu asal dari di ke perum perumahan lapangan pasar masjid musala taman tk paud ra"
    " sd sdit mi"
    " smp smpit mts sma smk ma slb tpq tpa pondok ponpes sanggar klub ssb yayasan panti program gerakan aplikasi lomba"
    " piala"
)


def find_name(source: Source, start: int, end: int) -> int | None:
    """Return where a name begins among capitals, behind the common word that opens a sentence; None for no name."""
    words = list(_WORD.finditer(source.low, start, end))
    while words and words[0].group() in lexicon.OPENERS:
        words.pop(0)
    if not words or any(word.group() in lexicon.NO_NAMES for word in words):
        return None
    return words[0].start()


def has_office(source: Source, start: int, end: int) -> bool:
    """Say whether an office is told right before or right behind a name."""
    return has_office_before(source, start) or _has_office_after(source, end)


def has_office_before(source: Source, start: int) -> bool:
    """Say whether an office is told right before a name: "Kepala Desa Sukamaju, Bapak Suparno"."""
    offices = source.once(_find_offices)
    number = bisect_left(offices, start) - 1
    while number >= 0 and offices[number] >= start - _OFFICE_REACH:
        place = offices[number]
        if _HOLDS.fullmatch(source.text, place + len(source.cues[place]), start):
            return True
        number -= 1
    return False


def _has_office_after(source: Source, end: int) -> bool:
    """Say whether an office is told right behind a name: "Suparno, Kepala Desa Sukamaju"."""
    match = _OFFICE_AFTER.match(source.text, end)
    return match is not None and match["office"].casefold() in _OFFICES_AFTER


def _find_offices(source: Source) -> list[int]:
    return source.find_cues(lexicon.OFFICE)


def is_of_place(text: str, start: int) -> bool:
    """Say whether a word for a place or a school stands before, with at most two capitals or figures between."""
    words = text[max(0, start - 40) : start].split()
    for word in words[:-4:-1]:
        if word.casefold().rstrip(".") in _PLACES_BEFORE:
            return True
        if not (word[0].isupper() or word[0].isdigit()) or word[-1] in ",.;:":
            return False
    return False


def keep_apart(persons: list[Person]) -> list[Person]:
    """Return the persons in order; of two that overlap, keep the one that begins first or is longer."""
    kept: list[Person] = []
    for person in sorted(persons, key=lambda person: (person.start, -person.end)):
        if not kept or person.start >= kept[-1].end:
            kept.append(person)
    return kept


def is_title_cased(text: str, place: int) -> bool:
    """Say whether a word begins with a capital and goes on small: behind another capital it is part of a title."""
    return text[place : place + 1].isupper() and text[place + 1 : place + 2].islower()
