"""Dates of birth."""

import re
from collections.abc import Iterator

from .. import lexicon
from ..headings import get_headings
from ..place import Place
from ..source import Source

_DATE = re.compile(
    r"\d(?<!\d\d)\d?(?: ?[-./ ] ?(?:0?[1-9]|1[0-2]) ?[-./ ] ?|[ \-]{1,2}"
    r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember"
    r"|jan|feb|mar|apr|jun|jul|agu|agt|ags|sep|sept|okt|nov|nop|des)[ .\-]{1,2})'?(?:19\d\d|20\d\d|\d\d)(?!\d)"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d(?!\d)"
)
#: What may stand between the word and the date: no end of a sentence, but the dots of abbreviations.
_BETWEEN = re.compile(
    r"(?:[^.!?;]|(?<=kab)\.|(?<=kec)\.|(?<=kel)\.|(?<=tgl)\.|(?<= ds)\.|(?<=ttl)\.|(?<=lahir)\.|(?<=lhr)\.){0,60}"
)
_BIRTH_REACH = 75
#: Nobody alive was born before.
_FIRST_YEAR = 1905
_WHOLE_YEAR = re.compile(r"(?:^|\D)(19\d\d)(?!\d)")
#: The birth of an institution, and the papers and figures about births.
_NO_BIRTH = re.compile(
    r"\b(?:hari (?:ke)?lahir|(?:akta|akte|angka|pencatatan|pelaporan|keterangan|dokumen|jumlah|tingkat|blangko)"
    r"(?: \w{1,12}){0,2} kelahiran)"
)
_INSTITUTION = (
    r"(?:kabupaten|kota|kecamatan|desa|kelurahan|provinsi|negara|republik|bangsa|organisasi|partai|yayasan|koperasi"
    r"|sekolah|madrasah|lembaga|klub|perusahaan|bank|gerakan|pramuka|pancasila|muhammadiyah|nahdlatul ulama|nu|aisyiyah"
    r"|fatayat|muslimat|pgri|pkk|korpri|polri|tni|ppni|ibi|idi|bumdes|gapoktan|poktan|paguyuban|komunitas|undang-undang"
    r"|uu|perda|karang taruna|kelompok|tim|grup|ikatan|himpunan|asosiasi|majelis|pesantren|forum|program|gagasan"
    r"|ide|tradisi|kesenian|sanggar|majalah|koran|radio)"
)
_INSTITUTION_BEFORE = re.compile(
    rf"\b(?<!warga )(?<!asal )(?<!dari )(?<!di ){_INSTITUTION}(?: [\w\-]{{1,20}}){{0,4}}"
    r",? (?:yang |resmi |sendiri |pertama kali |ini |itu )?$"
)
_PERSON = re.compile(r"\b(?:warga|kepala|ketua|bapak|ibu|pak|bu|nama|anak|bayi|almarhum|pemohon)\b")
_INSTITUTION_AFTER = re.compile(rf"\w+(?:nya)?(?: dan \w+)? {_INSTITUTION}\b")
_FROM_IDEA = re.compile(r"lahir (?:dari|berkat|atas) (?!pasangan|keluarga|rahim|ibu|ayah|orang tua)")
_COUNT = re.compile(r"\b(?:sebanyak|jiwa|per|periode|selama|triwulan|semester|hingga|sampai)\b")
_HEADING = re.compile(
    r"\b(?:(?:tanggal|tgl)\.? ?(?:lahir|lhr)|ttl|tempat,? ?/?(?:dan )?(?:tanggal|tgl)\.? ?(?:lahir|lhr))\b"
)


def find_birth(source: Source) -> Iterator[Place]:
    """Dates after a word for birth in the same sentence, and dates under such a heading."""
    cues = source.find_cues(lexicon.BIRTH)
    for number, cue in enumerate(cues):
        if _is_nobodys(source, cue):
            continue
        following = cues[number + 1] if number + 1 < len(cues) else len(source.low)
        between = _BETWEEN.match(source.low, cue)
        limit = min(between.end() + 1 if between else cue, following)
        for match in _DATE.finditer(source.low, cue, cue + _BIRTH_REACH + 20):
            if match.start() > limit:
                break
            if _is_of_living(match.group()) and not _COUNT.search(source.low, cue, match.start()):
                yield _place(match)
    headings = get_headings(source, _HEADING)
    for start, end in headings.get_rows() if cues else ():
        for match in _DATE.finditer(source.low, start, end):
            if headings.hold(match.start()):
                yield _place(match)


def _place(match: re.Match[str]) -> Place:
    return Place(match.start(), match.end(), " ".join(match.group().split()))


def _is_nobodys(source: Source, cue: int) -> bool:
    before = source.get_before(cue, 60)
    if _NO_BIRTH.search(source.low, max(0, cue - 40), cue + 10) or _FROM_IDEA.match(source.low, cue):
        return True
    if _INSTITUTION_AFTER.match(source.low, cue):
        return True
    institution = _INSTITUTION_BEFORE.search(before)
    return institution is not None and not _PERSON.search(institution.group())


def _is_of_living(date: str) -> bool:
    year = _WHOLE_YEAR.search(date)
    return year is None or int(year.group(1)) >= _FIRST_YEAR
