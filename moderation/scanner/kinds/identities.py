"""The numbers of the population register: NIK, number of the family card, and sixteen digits that may be one."""

import re
from collections.abc import Iterator

from ..labels import get_nearest_label
from ..place import Place, bare, bare_lettered
from ..source import Run, Source

#: The number of the kabupaten at the front of local NIK and KK numbers: known well enough to be believed in any dress.
LOCAL_PREFIX = "3313"

_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
_REST_OF_IDENTITY = r"(?!00)\d\d(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d\d(?!0000)\d{4}"
_IDENTITY = re.compile(rf"(?=((?!{LOCAL_PREFIX}){_PROVINCE}(?!00)\d\d{_REST_OF_IDENTITY}))")
_LOCAL_IDENTITY = re.compile(rf"{LOCAL_PREFIX}{_REST_OF_IDENTITY}")
_ODD_GAP = r"[^a-z0-9]{0,3}+"
_LOCAL_IN_ODD_DRESS = re.compile(rf"3(?<!\d3)(?!\d{{15}}){_ODD_GAP}3{_ODD_GAP}1{_ODD_GAP}3(?:{_ODD_GAP}\d){{12}}(?!\d)")
_IN_ODD_DRESS = re.compile(
    r"\d(?<!\d\d)(?:"
    r"\d{3}([^\w\s])\d{4}\1\d{4}\1\d{4}|\d{5}([^\w\s])\d{6}\2\d{4}|\d([^\w\s])\d\d\3\d\d\3\d{6}\3\d{4}"
    r")(?!\d)"
)
#: A NIK in which an o stands for a nought, or an i or l for a one.
_LETTERED = re.compile(r"\d(?<![a-z\d]\d)(?:[ .\-]?[\doil]){15}(?![a-z\d])")
_NAMES_IDENTITY = frozenset({"nik", "kk", "npwp"})
_GAPS_OF_A_TABLE = re.compile(r"[ \t.\-()]{2}|\n[^\n]*\n|[ \t.()]\r?\n|\n[ \t.\-()]")
#: How near the word has to be that tells NIK and KK apart.
_LABEL_REACH = 40
_LAST_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def find_nik(source: Source) -> Iterator[Place]:
    return (place for code, place in source.once(_find_identities) if code == "nik")


def find_kk(source: Source) -> Iterator[Place]:
    return (place for code, place in source.once(_find_identities) if code == "kk")


def find_nik_or_kk(source: Source) -> Iterator[Place]:
    return (place for code, place in source.once(_find_identities) if code == "nik_atau_kk")


def _find_identities(source: Source) -> list[tuple[str, Place]]:
    """Find sixteen digits with that build which stand there as one number, and not as the cells of a table.

    A local number is believed with any gaps, and also inside a longer string of digits (the glued cells of a
    table). Any other number may have one short gap in a place and one line break in all, and small groups of
    digits are a number only where nothing else stands beside them or a word says so.
    """
    found = [*_find_in_runs(source), *_find_in_odd_dress(source), *_find_lettered(source)]
    return [_tell(source, *place) for place in found if _has_real_date(place[2])]


def _find_in_runs(source: Source) -> Iterator[tuple[int, int, str]]:
    for run in source.runs:
        if len(run.digits) < 16:
            continue
        for match in _LOCAL_IDENTITY.finditer(run.digits):
            start, end = match.span()
            if run.is_unbroken(start, end) or run.is_whole(start, end):
                yield *run.locate(start, end), match.group()
        if not run.is_of_cells and not (run.is_one_group and len(run.digits) > 16):
            yield from _find_foreign(source, run)


def _find_foreign(source: Source, run: Run) -> Iterator[tuple[int, int, str]]:
    is_alone = len(run.digits) == 16 or _is_named(source, run.start)
    for match in _IDENTITY.finditer(run.digits):
        start, end = match.start(), match.start() + 16
        if not run.is_whole(start, end) or not (is_alone or run.has_four_together(start, end)):
            continue
        if not _GAPS_OF_A_TABLE.search(source.low, *run.locate(start, end)):
            yield *run.locate(start, end), match.group(1)


def _find_in_odd_dress(source: Source) -> Iterator[tuple[int, int, str]]:
    for pattern in (_LOCAL_IN_ODD_DRESS, _IN_ODD_DRESS):
        for match in pattern.finditer(source.low):
            digits = bare(match.group())
            if _LOCAL_IDENTITY.match(digits) or _IDENTITY.match(digits):
                yield *match.span(), digits


def _find_lettered(source: Source) -> Iterator[tuple[int, int, str]]:
    for match in _LETTERED.finditer(source.low):
        digits = bare_lettered(match.group())
        if match.group().isascii() and bare(match.group()) != digits and _is_believed(source, match, digits):
            yield *match.span(), digits


def _is_named(source: Source, place: int) -> bool:
    return get_nearest_label(source, place, _NAMES_IDENTITY) is not None


def _is_believed(source: Source, match: re.Match[str], digits: str) -> bool:
    """Say whether digits with letters among them are a number: a local one is, any other needs a word before it."""
    if _LOCAL_IDENTITY.match(digits):
        return True
    return bool(_IDENTITY.match(digits)) and _is_named(source, match.start())


def _has_real_date(digits: str) -> bool:
    """Say whether the calendar has the day in the number; a woman's is 40 more."""
    day, month, year = int(digits[6:8]) % 40, int(digits[8:10]), int(digits[10:12])
    return day <= _LAST_DAYS[month] and not (day == 29 and month == 2 and year % 4)


def _tell(source: Source, start: int, end: int, digits: str) -> tuple[str, Place]:
    """Tell NIK and KK apart: a day above 40 has only a woman's NIK, else the nearest word before it decides.

    The NPWP of sixteen digits is the NIK of its owner.
    """
    code = "nik" if digits[6] in "4567" else "nik_atau_kk"
    label = get_nearest_label(source, start, _NAMES_IDENTITY)
    if code != "nik" and label and label.distance < _LABEL_REACH:
        code = "kk" if label.kind == "kk" else "nik"
    return code, Place(start, end, digits)


_SIXTEEN = re.compile(r"\d(?<!\d\d)(?:\d{15}|(?<!\d{4}[ .\-]\d)\d{3}([ .\-])\d{4}\1\d{4}\1\d{4}(?!\1\d{4}))(?!\d)")
_FOUR_YEARS = re.compile(r"(?:(?:19|20)\d\d[ .\-]?){4}")
_ADDRESS_OF_PAGE = re.compile(r"(?:://|www\.)\S*$")


def find_sixteen_digits(source: Source) -> Iterator[Place]:
    """Sixteen digits in one piece or in fours, such as those on a card; not four years in a row."""
    for match in _SIXTEEN.finditer(source.plain):
        written = match.group()
        if len(written) > 16:
            if _FOUR_YEARS.fullmatch(written):
                continue
            written = bare(written)
        if not _is_in_address(source, match.start()):
            yield Place(match.start(), match.end(), written)


def _is_in_address(source: Source, start: int) -> bool:
    before = source.get_before(start, 120)
    return "/" in before and bool(_ADDRESS_OF_PAGE.search(before))
