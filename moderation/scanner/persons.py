"""What says something about a person in words: birth, address, mail, children, illness."""

import re
from collections.abc import Iterator

from .numbers import Place
from .source import Source

# Birth ------------------------------------------------------------------------------------------------------

_DATE = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?: ?[-./] ?(?:0?[1-9]|1[0-2]) ?[-./] ?|[ \-]{1,2}"
    r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember"
    r"|jan|feb|mar|apr|jun|jul|agu|agt|ags|sep|sept|okt|nov|nop|des)[ .\-]{1,2})(?:19\d\d|20\d\d|\d\d)(?!\d)"
)
_NAMES_BIRTH = re.compile(r"\b(?:lahir|ttl|kelahiran|dilahirkan)\b[^.!?;]{0,40}$")
#: The birth of an institution, and the papers and figures about births.
_NO_BIRTH = re.compile(
    r"\b(?:hari (?:ke)?lahir|(?:akta|akte|angka|pencatatan|pelaporan|keterangan|dokumen|jumlah|tingkat|blangko)(?: \w{1,12}){0,2} kelahiran)"
)
_BIRTH_REACH = 60


def find_birth(source: Source) -> Iterator[Place]:
    for match in _DATE.finditer(source.low):
        before = source.get_before(match.start(), _BIRTH_REACH)
        named = _NAMES_BIRTH.search(before)
        if named and not _NO_BIRTH.search(before):
            yield Place(match.start(), match.end(), " ".join(match.group().split()))


# Mail, address ------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.%+\-])[\w.%+\-]++(?:@| ?[\[(] ?(?:at|a) ?[\])] ?)([a-z0-9\-]++(?:\.[a-z0-9\-]++)++)")
_OFFICIAL_DOMAIN = re.compile(r"(?:^|\.)(?:go|desa)\.id$")


def find_email(source: Source) -> Iterator[Place]:
    for match in _EMAIL.finditer(source.low):
        domain = match.group(1)
        if not _OFFICIAL_DOMAIN.search(domain) and domain.rpartition(".")[2].isalpha():
            name = re.split(r"@| ?[\[(]", match.group(), maxsplit=1)[0]
            yield Place(match.start(), match.end(), f"{name}@{domain}")


_NUMBER = r"(?:\d{1,3}|[ivx]{1,5})\b"
_RT_RW = re.compile(
    rf"\brt[ .:]{{0,3}}{_NUMBER}[ ,./\-]{{0,3}}(?:dan |di )?rw[ .:]{{0,3}}{_NUMBER}"
    rf"|\brt ?[./\-]? ?rw[ .:]{{0,3}}{_NUMBER}(?: ?[/\-,] ?{_NUMBER})?"
)


def find_address(source: Source) -> Iterator[Place]:
    for match in _RT_RW.finditer(source.low):
        yield Place(match.start(), match.end(), re.sub(r"[\s.:]+", " ", match.group()))


# Children in cases of law ---------------------------------------------------------------------------------------

_AGE_IN_WORDS = (
    r"(?:(?:dua|tiga|empat|lima|enam|tujuh) belas|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas)"
)
_AGE = re.compile(
    rf"\b(?:ber)?(?:usia|umur)(?:nya)? (?:baru |masih |sekitar )?(?:(?P<a>\d{{1,2}})|(?P<b>{_AGE_IN_WORDS}))(?![\d\-]| ?- ?\d| sampai| hingga)"
    r"|\b(?:anak|bocah|remaja|siswa|siswi|pelajar|balita|bayi|gadis|santri|putra|putri)(?: \w{3,12})? \(?(?P<c>\d{1,2}) (?:tahun|thn|th)\b"
    r"|(?<=[a-z] )\((?P<d>\d{1,2})(?: (?:tahun|thn|th))?\)"
)
_NO_AGE = re.compile(r"^(?: tahun| thn| th)? (?:ke atas|ke bawah|lebih|keatas|kebawah)")
_GENERAL_AGE = re.compile(r"(?:di bawah|dibawah|di atas|diatas|minimal|maksimal|batas)(?: \w{1,12})?\s$")
_CASE = re.compile(
    r"\b(?:korban|pelaku|saksi|tersangka|terdakwa|terlapor|kekerasan|pencabulan|dicabuli|pemerkosaan|perkosaan|diperkosa"
    r"|pelecehan|dilecehkan|persetubuhan|disetubuhi|penganiayaan|dianiaya|pengeroyokan|dikeroyok|perundungan|dirundung"
    r"|pembunuhan|dibunuh|penculikan|diculik|penelantaran|ditelantarkan|pencurian|mencuri|tawuran|narapidana"
    r"|berhadapan dengan hukum|berkonflik dengan hukum|abh)\b"
)
_OLDEST_CHILD = 17


def find_child_in_case(source: Source) -> Iterator[Place]:
    """An age of at most 17 and a word of a case of law in one sentence."""
    done, case = 0, None
    for match in _AGE.finditer(source.low):
        digits = match["a"] or match["c"] or match["d"]
        if digits and int(digits) > _OLDEST_CHILD:
            continue
        if _NO_AGE.match(source.low[match.end() : match.end() + 24]):
            continue
        if _GENERAL_AGE.search(source.get_before(match.start(), 24)):
            continue
        if match.start() >= done:
            start, done = source.get_sentence(match.start(), match.end())
            case = _CASE.search(source.low, start, done)
        if case:
            yield Place(match.start(), match.end(), " ".join(source.low[start:done].split()))


# Named persons --------------------------------------------------------------------------------------------------

_TITLE = (
    r"(?:[Bb]apak|BAPAK|[Bb]pk\.?|BPK\.?|[Pp]ak|PAK|[Ii]bu|IBU|[Bb]u|BU|[Ss]dr[i]?\.?|SDR[I]?\.?|[Ss]audar[ai]|SAUDAR[AI]"
    r"|Tn\.?|Ny\.?|Nn\.?|An\.|[Aa]nanda|ANANDA|[Mm]bah|[Mm]bak|Mas|[Mm]bok|Alm\.|Almh\.|[Aa]lmarhumah?"
    r"|bernama|berinisial|inisial|atas nama)"
)
_NAME = r"[A-Z][\w'\-]{0,30}(?:[ .]{1,2}[A-Z][\w'\-]{0,30}){0,3}"
_PERSON = re.compile(rf"\b{_TITLE} (?P<named>{_NAME})|(?P<aged>{_NAME}) \(\d{{1,2}}(?: (?:tahun|thn|th))?\)")
#: "Ibu" and "Bapak" before these speak of an office or of people in general.
_NO_NAME = frozenset(
    "camat bupati wakil gubernur presiden menteri kepala lurah sekretaris kapolsek kapolres danramil dandim kades bidan dokter "
    "ketua guru kasi kasubbag staf plt plh sekda pj penjabat pembina pkk kota kandung rumah hamil menyusui bersalin muda balita "
    "nifas pertiwi ibu bapak dan atau asuh angkat tiri anak se sekalian yang di rt rw carik bayan modin babinsa "
    "bhabinkamtibmas pendeta kyai kiai ustaz ustadz haji warga desa kelurahan".split()
)
_PLACE_BEFORE = re.compile(
    r"\b(?:desa|dusun|dukuh|kelurahan|kecamatan|kabupaten|lingkungan|posyandu|sdn?|smpn?|sman?|tk|paud|tabel|lampiran|gambar|pasal|ayat)\s$"
)
_OFFICE_BEFORE = re.compile(
    r"\b(?:camat|bupati|gubernur|kepala (?:desa|dinas|puskesmas|sekolah|seksi|dusun)|kades|lurah|kapolsek|danramil|sekretaris|kasi|plt|plh"
    r"|bidan|dokter|ketua)\b[^.!?]{0,40}$"
)
_CHILD = re.compile(
    r"\b(?:anak|siswa|siswi|balita|bayi|pelajar|murid|santri|santriwati|bocah|remaja|anaknya|putra|putri|putranya|putrinya|ananda|batita|baduta)\b"
)
_ILLNESS = re.compile(
    r"\b(?:sakit|menderita|mengidap|penderita|pengidap|didiagnosis|didiagnosa|positif|hiv|aids|tbc|tb|tuberkulosis|stunting"
    r"|gizi buruk|gizi kurang|kanker|tumor|diabetes|stroke|hipertensi|hepatitis|demam berdarah|dbd|covid(?:-19)?|kusta|epilepsi"
    r"|gangguan jiwa|odgj|depresi|lumpuh|difabel|disabilitas|tunanetra|tunarungu|gagal ginjal|jantung|katarak|hidrosefalus"
    r"|down syndrome|autis|autisme|keguguran|dirawat inap|dirawat di|opname)\b"
)


def find_named_child(source: Source) -> Iterator[Place]:
    return _find_persons_with(source, _CHILD)


def find_named_patient(source: Source) -> Iterator[Place]:
    return _find_persons_with(source, _ILLNESS)


def _find_persons_with(source: Source, word: re.Pattern) -> Iterator[Place]:
    done, said = 0, None
    for place in source.once(_find_persons):
        if place.start >= done:
            start, done = source.get_sentence(place.start, place.end)
            said = word.search(source.low, start, done)
        if said:
            yield place


def _find_persons(source: Source) -> list[Place]:
    return [
        Place(match.start(), match.end(), " ".join(match.group().casefold().split()))
        for match in _PERSON.finditer(source.text)
        if _is_private(source, match)
    ]


def _is_private(source: Source, match: re.Match) -> bool:
    name = match["named"] or match["aged"]
    if name.split()[0].casefold().strip(".") in _NO_NAME:
        return False
    before = source.get_before(match.start(), 60)
    if match["aged"] and _PLACE_BEFORE.search(before):
        return False
    return not _OFFICE_BEFORE.search(before)
