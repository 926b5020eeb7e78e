"""Find names in front of a fact about the person: an illness, a school, an age."""

from collections.abc import Iterator

from .. import lexicon
from ..source import Source
from .recognition import Person, find_name, has_office, is_of_place, is_title_cased, keep_apart

#: Words that join a name and an illness behind it.
_LINKS = lexicon.words(
    "yang sudah sedang telah kini masih juga pernah sempat dinyatakan ternyata tengah adalah merupakan seorang "
    "salah satu lama itu ini hidup harus hanya mulai terkena terserang terjangkit terinfeksi mengalami punya "
    "meninggal karena akibat divonis memiliki mempunyai riwayat menjalani rawat jalan terbaring dengan oleh "
    "kondisinya kondisi dunia wafat diketahui diduga suspek sebagai menjadi baru rutin lahir sejak tak tidak "
    "bisa berjalan kedua kaki kakinya mata matanya hasil tes menunjukkan kembali bertahun-tahun belasan puluhan "
    "tahun serangan komplikasi sakit dirawat anak berkebutuhan khusus kambuh terpapar dirujuk penyandang "
    "penderita pengidap penyintas pasien lansia warga balita korban pengguna"
)
_COPULAS = lexicon.words("adalah merupakan ialah seorang salah satu")
_FROM = frozenset({"dari", "asal"})
_WHO = lexicon.words("yang masih kini baru siswa siswi murid pelajar santri duduk di bangku")
_MOST_LINKS = 7
_MOST_WORDS = 4
_FACT_REACH = 120


def find_from_schools(source: Source, start: int, cues: list[int]) -> list[Person]:
    """Return who is named in front of a school: "Aisyah dari TK Pertiwi"; ``cues`` are where schools stand."""
    found = [person for cue in cues for person in _find_in_front(source, start, cue, _FROM, needs_link=True)]
    return keep_apart(found)


def find_in_front(source: Source, start: int, place: int, *, may_hold_office: bool) -> Person | None:
    """Return who is named right before a place, with at most a comma, a bracket or "yang" between.

    Initials hide a name and are none; a pupil holds no office, whatever stands before.
    """
    span = _read_backwards(source.text, max(start, place - _FACT_REACH), place, _WHO)
    opening = find_name(source, *span) if span else None
    if span is None or opening is None or source.text[opening : span[1]].isupper():
        return None
    if is_of_place(source.text, opening):
        return None
    return None if may_hold_office and has_office(source, opening, span[1]) else Person(opening, span[1])


def find_before_facts(source: Source, start: int, cues: list[int]) -> Iterator[Person]:
    """Yield the persons named in front of one of these words about children or illness."""
    for cue in cues:
        is_illness = source.cues[cue] in lexicon.ILLNESS
        yield from _find_in_front(source, start, cue, _LINKS if is_illness else _COPULAS, needs_link=not is_illness)


def _find_in_front(
    source: Source, start: int, cue: int, links: frozenset[str], *, needs_link: bool
) -> Iterator[Person]:
    """Find the capitals that these words, or a comma, join to a cue behind them."""
    span = _read_backwards(source.text, max(start, cue - _FACT_REACH), cue, links)
    if span is None:
        return
    between = source.text[span[1] : cue].strip(" ")
    if not between and (needs_link or is_title_cased(source.text, cue)):
        return
    opening = find_name(source, *span)
    if opening is not None and not is_of_place(source.text, opening) and not has_office(source, opening, span[1]):
        yield Person(opening, span[1])


def _read_backwards(text: str, start: int, place: int, links: frozenset[str]) -> tuple[int, int] | None:
    """Walk back over the words that join; return where the capitals before them begin and end."""
    start, end = max(start, text.rfind("\n", start, place) + 1), place
    for _number in range(_MOST_LINKS + 1):
        while end > start and text[end - 1] in " ,(":
            end -= 1
        opening = text.rfind(" ", start, end) + 1 or start
        word = text[opening:end]
        if word[:1].isupper() and (word[-1].isalnum() or word[-1] == "."):
            break
        if word not in links:
            return None
        end = opening
    else:
        return None
    first = opening
    for _number in range(_MOST_WORDS - 1):
        if first <= start or text[first - 1] != " ":
            break
        before = text.rfind(" ", start, first - 1) + 1 or start
        word = text[before : first - 1]
        if not word[:1].isupper() or not (word[-1].isalnum() or (word[-1] == "." and len(word) < 4)):
            break
        first = before
    return first, end
