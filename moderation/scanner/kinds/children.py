"""Children in cases of law: whatever may tell who they are (UU 11/2012 Pasal 19)."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from .. import lexicon
from ..place import Place, as_words
from ..source import Source
from .persons import find_sentences

_AGE_IN_WORDS = (
    r"(?:(?:dua|tiga|empat|lima|enam|tujuh) belas|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas)"
)
_AGE = re.compile(
    rf"\b(?:ber)?(?:usia|umur)(?:nya)? (?:baru |masih |sekitar )?(?:(?P<a>\d{{1,2}})|{_AGE_IN_WORDS}\b)"
    r"(?![\d\-]| ?- ?\d)(?: (?:tahun|thn|th)\b)?"
    r"|\b(?:anak|bocah|remaja|siswa|siswi|pelajar|balita|bayi|gadis|santri|putra|putri|korban|pelaku|saksi|tersangka)"
    r"(?: (?:perempuan|lelaki|laki-laki|putra|putri|kandung|tiri|ini|itu))?,? \(?(?P<b>\d{1,2}) (?:tahun|thn|th)\b\)?"
    r"|\((?<=[a-z] \()(?P<c>\d{1,2})(?: (?:tahun|thn|th))?\)"
    r"|, (?P<d>\d{1,2}) (?:tahun|thn|th)(?=[,)])"
)
_NO_AGE = re.compile(
    r" ?(?:ke ?atas|ke ?bawah|lebih|sampai|hingga|s\.?d|-|terakhir|(?:yang )?lalu|penjara|kurungan|berturut)"
)
_GENERAL_AGE = re.compile(r"(?:di ?bawah|di ?atas|minimal|maksimal|batas)(?: \w{1,12})?\s$")
_PERPETRATOR_OF_NOTHING = re.compile(
    r"pelaku (?:usaha|umkm|seni|wisata|budaya|ekonomi|pariwisata|industri|perjalanan|pasar|utama)"
)
_LAW = re.compile(r"hukum\b(?<=dengan hukum)")
_OLDEST_CHILD = 17

_ORDINAL = r"(?:\d{1,2}|[ivx]{1,4}|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|dua belas)"
_SCHOOL = (
    r"(?:sd|sdn|sdit|mi|min|mis|smp|smpn|smpit|mts|mtsn|sma|sman|smk|smkn|ma|man|tk|paud|slb|tpq|sekolah dasar"
    r"|taman kanak-kanak|sekolah menengah \w{1,10}|pondok pesantren|ponpes)"
)
_PUPIL = (
    r"(?:siswa|siswi|siswanya|siswinya|murid|muridnya|pelajar|santri|santriwati|anak|bocah|bersekolah di|duduk di"
    r"(?: bangku)?|bangku|sekolah di|remaja|putri|putra)"
)
#: A child told by its class or its school: "siswa kelas 4 SD", "pelajar SMP".
_CLASS = re.compile(
    rf"\b(?:{_PUPIL} )?kelas {_ORDINAL}\b(?: {_SCHOOL}\b(?: negeri| swasta)?(?: \d{{1,2}}\b)?)?"
    rf"|\b{_PUPIL} (?:sebuah |salah satu |di |dari |bangku )?{_SCHOOL}\b"
    r"(?: (?:negeri|swasta|islam|muhammadiyah|pertiwi)\b)?(?: \d{1,2}\b)?"
    rf"(?: kelas {_ORDINAL}\b)?"
    r"|\b(?:siswa|siswi|murid|pelajar|santri|santriwati|anak|bocah|remaja|gadis)"
    r"(?: (?:perempuan|lelaki|laki-laki|putra|putri))?(?= berinisial)"
)
#: What stands behind the class and tells no less: "berinisial DK (16)".
_INITIALS = re.compile(r" (?:yang )?berinisial [A-Z]{1,4}\b(?: ?\(\d{1,2}(?: (?:tahun|thn|th))?\))?")
_PLACE_AFTER = re.compile(r" [A-Z][\w'\-]{1,20}")
#: A sentence that speaks of children in general: many of them, or what is done so that nothing happens. A word
#: that also stands beside one child ("didampingi para guru", "tiap hari") is none of these.
_IN_GENERAL = re.compile(
    r"\b(?:penyuluhan|sosialisasi|pencegahan|mencegah|cegah|edukasi|kampanye|anti\w*|bahaya|seminar|imbauan"
    r"|mengimbau|diimbau|deklarasi|simulasi|hukum adat"
    r"|(?:jangan|agar tidak|tidak)(?: sampai)? (?:menjadi|jadi|terlibat)"
    r"|(?:belum|tidak) ada (?:korban|kasus|laporan|anak|siswa|pelajar)|kasus nihil|nihil kasus"
    r"|(?:para|seluruh|semua|setiap|puluhan|ratusan|\d{2,}) (?:siswa|siswi|pelajar|anak|murid|santri|remaja))\b"
)


def find_child_in_case(source: Source) -> Iterator[Place]:
    """An age of at most 17, a class, a school or a name beside a word of a case of law in one sentence."""
    cases = [place for place in source.find_cues(lexicon.CASE) if _is_case(source, place)]
    done = 0
    for case in cases:
        if case < done:
            continue
        start, done = source.get_sentence(case, case, after=done)
        said = as_words(source.low[start:done])
        classes = [*_find_classes(source, start, done)]
        ages = _find_ages(source, start, done)
        places = [age for age in ages if not any(first <= age[0] < last for first, last in classes)]
        if classes and not _IN_GENERAL.search(source.low, start, done):
            places += classes
        for opening, closing in places:
            yield Place(opening, closing, said)
    yield from _find_named(source, cases)


def _is_case(source: Source, place: int) -> bool:
    if source.cues[place] == "hukum":
        return source.get_before(place, 7) == "dengan "
    return not _PERPETRATOR_OF_NOTHING.match(source.low, place)


def _find_ages(source: Source, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _AGE.finditer(source.low, start, end):
        digits = match["a"] or match["b"] or match["c"] or match["d"]
        if digits and int(digits) > _OLDEST_CHILD:
            continue
        if _NO_AGE.match(source.low[match.end() : match.end() + 24]):
            continue
        if not _GENERAL_AGE.search(source.get_before(match.start(), 24)):
            yield match.span()


def _find_classes(source: Source, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CLASS.finditer(source.low, start, end):
        place = _INITIALS.match(source.text, match.end(), end) or _PLACE_AFTER.match(source.text, match.end(), end)
        yield match.start(), place.end() if place else match.end()


def _find_named(source: Source, cases: list[int]) -> Iterator[Place]:
    """The names of children in sentences that also have a word of a case."""
    for sentence in source.once(find_sentences):
        number = bisect_left(cases, sentence.start)
        is_of_case = number < len(cases) and cases[number] < sentence.end
        if is_of_case and sentence.children and not _IN_GENERAL.search(source.low, sentence.start, sentence.end):
            said = as_words(source.low[sentence.start : sentence.end])
            yield from (Place(person.start, person.end, said) for person in sentence.children)
