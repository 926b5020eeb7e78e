"""What says something about a person in words: birth, address, mail, children, illness."""

import re
from collections.abc import Iterator

from .numbers import Place
from .source import Source

# Birth ------------------------------------------------------------------------------------------------------

_DATE = re.compile(
    r"\d(?<!\d\d)\d?(?: ?[-./ ] ?(?:0?[1-9]|1[0-2]) ?[-./ ] ?|[ \-]{1,2}"
    r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember"
    r"|jan|feb|mar|apr|jun|jul|agu|agt|ags|sep|sept|okt|nov|nop|des)[ .\-]{1,2})(?:19\d\d|20\d\d|\d\d)(?!\d)"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d(?!\d)"
)
_NAMES_BIRTH = re.compile(
    r"\b(?:lahir|ttl|kelahiran|dilahirkan)\b(?:[^.!?;]|(?<=kab)\.|(?<=kec)\.|(?<=kel)\.|(?<=tgl)\.|(?<= ds)\.){0,60}$"
)
#: The birth of an institution, and the papers and figures about births.
_NO_BIRTH = re.compile(
    r"\b(?:hari (?:ke)?lahir|(?:akta|akte|angka|pencatatan|pelaporan|keterangan|dokumen|jumlah|tingkat|blangko)"
    r"(?: \w{1,12}){0,2} kelahiran)"
)
_BIRTH_REACH = 75


def find_birth(source: Source) -> Iterator[Place]:
    for match in _DATE.finditer(source.low):
        before = source.get_before(match.start(), _BIRTH_REACH)
        word = max(before.rfind("lahir"), before.rfind("ttl"))
        if word == -1:
            continue
        if _NAMES_BIRTH.search(before, max(0, word - 4)) and not _NO_BIRTH.search(before, max(0, word - 40)):
            yield Place(match.start(), match.end(), " ".join(match.group().split()))


# Mail, address ------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.%+\-])[\w.%+\-]++(?:@| ?[\[(] ?(?:at|a) ?[\])] ?)([\w\-]++(?:\.[\w\-]++)+)")
_END_OF_NAME = re.compile(r"@| ?[\[(]")
_OFFICIAL_DOMAIN = re.compile(r"(?:^|\.)(?:go|desa)\.id$")


def find_email(source: Source) -> Iterator[Place]:
    for match in _EMAIL.finditer(source.low):
        domain = match.group(1)
        if not _OFFICIAL_DOMAIN.search(domain) and domain.rpartition(".")[2].isalpha():
            name = _END_OF_NAME.split(match.group(), maxsplit=1)[0]
            yield Place(match.start(), match.end(), f"{name}@{domain}")


_NUMBER = r"(?:\d{1,3}|[ivx]{1,5})\b"
_RT_RW = re.compile(
    rf"\brt[ .:]{{0,3}}{_NUMBER}[ ,./\-]{{0,3}}(?:dan |di )?rw[ .:]{{0,3}}{_NUMBER}"
    rf"|\brt ?[./\-]? ?rw[ .:]{{0,3}}{_NUMBER}(?: ?[/\-,] ?{_NUMBER})?"
)

_SPACES = re.compile(r"[\s.:]+")


def find_address(source: Source) -> Iterator[Place]:
    for match in _RT_RW.finditer(source.low):
        yield Place(match.start(), match.end(), _SPACES.sub(" ", match.group()))


# Children in cases of law ---------------------------------------------------------------------------------------

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
_CASE = re.compile(
    r"\b(?:korban|saksi|tersangka|terdakwa|terlapor|narapidana|kekerasan|pencabulan|dicabuli|pemerkosaan|perkosaan"
    r"|diperkosa|pelecehan|dilecehkan|persetubuhan|disetubuhi|penganiayaan|dianiaya|pengeroyokan|dikeroyok|perundungan"
    r"|dirundung|pembunuhan|dibunuh|penculikan|diculik|penelantaran|ditelantarkan|pencurian|mencuri|tawuran"
    r"|(?:berhadapan|berkonflik) dengan hukum|abh"
    r"|pelaku(?! (?:usaha|umkm|seni|wisata|budaya|ekonomi|pariwisata|industri|perjalanan)))\b"
)
_OLDEST_CHILD = 17


def find_child_in_case(source: Source) -> Iterator[Place]:
    """An age of at most 17 and a word of a case of law in one sentence."""
    done, case = 0, None
    for match in _AGE.finditer(source.low):
        digits = match["a"] or match["b"] or match["c"] or match["d"]
        if digits and int(digits) > _OLDEST_CHILD:
            continue
        if _NO_AGE.match(source.low[match.end() : match.end() + 24]):
            continue
        if _GENERAL_AGE.search(source.get_before(match.start(), 24)):
            continue
        if match.start() >= done:
            start, done = source.get_sentence(match.start(), match.end(), after=done)
            case = _CASE.search(source.low, start, done)
        if case:
            yield Place(match.start(), match.end(), " ".join(source.low[start:done].split()))


# Named persons --------------------------------------------------------------------------------------------------

_TITLE = (
    r"(?:[Bb]apak|BAPAK|[Bb]pk\.?|BPK\.?|[Pp]ak|PAK|[Ii]bu|IBU|[Bb]u|BU|[Ss]dr[i]?\.?|SDR[I]?\.?|[Ss]audar[ai]|SAUDAR[AI]"
    r"|Tn\.?|Ny\.?|Nn\.?|An\.|[Aa]nanda|ANANDA|[Mm]bah|[Mm]bak|Mas|[Mm]bok|Alm\.|Almh\.|[Aa]lmarhumah?"
    r"|bernama|berinisial|inisial|atas nama)"
)
_REST_OF_NAME = r"[\w'\-]{0,30}(?:[ .]{1,2}[A-Z][\w'\-]{0,30}){0,3}"
_NAME = rf"[A-Z]{_REST_OF_NAME}"
_TITLED = re.compile(rf"(?=[A-Za-z])\b{_TITLE} (?P<name>{_NAME})")
_AGED = re.compile(rf"[A-Z](?<![\w'\-][A-Z]){_REST_OF_NAME} \(\d{{1,2}}(?: (?:tahun|thn|th))?\)")
#: "Ibu" and "Bapak" before these speak of an office or of people in general.
_NO_NAME = re.compile(
    r"(?:camat|bupati|wakil|gubernur|presiden|menteri|kepala|lurah|sekretaris|kapolsek|kapolres|danramil|dandim|kades"
    r"|bidan|dokter|ketua|guru|kasi|kasubbag|staf|plt|plh|sekda|pj|penjabat|pembina|pkk|carik|bayan|modin|babinsa"
    r"|bhabinkamtibmas|pendeta|kyai|kiai|ustaz|ustadz|haji|kota|kandung|rumah|hamil|menyusui|bersalin|muda|balita|nifas"
    r"|pertiwi|ibu|bapak|dan|atau|asuh|angkat|tiri|anak|se|sekalian|yang|di|rt|rw|warga|desa|kelurahan)\b"
)
#: A figure in brackets after these is a count, not an age.
_COUNTED = re.compile(
    r"\b(?:desa|dusun|dukuh|kelurahan|kecamatan|kabupaten|lingkungan|posyandu|puskesmas|kelas|sdn?|smpn?|sman?|smkn?|min"
    r"|mts|ma|tk|paud|tabel|lampiran|gambar|pasal|ayat)\b(?:[ .]\w{1,20}){0,2}\s?$"
)
_OFFICE_BEFORE = re.compile(
    r"\b(?:camat|bupati|gubernur|kepala (?:desa|dinas|puskesmas|sekolah|seksi|dusun)|kades|lurah|kapolsek|danramil"
    r"|sekretaris|kasi|plt|plh|bidan|dokter|ketua)\b[^.!?]{0,40}$"
)
_CHILD = re.compile(
    r"\b(?:anak|siswa|siswi|balita|bayi|batita|baduta|pelajar|murid|santri|santriwati|bocah|remaja|anaknya|putra|putri"
    r"|putranya|putrinya|ananda)\b"
)
_ILLNESS = re.compile(
    r"\b(?:sakit|menderita|mengidap|penderita|pengidap|didiagnosis|didiagnosa|positif|dirawat (?:inap|di)|opname"
    r"|hiv|aids|tbc|tb|tuberkulosis|stunting|gizi (?:buruk|kurang)|kanker|tumor|diabetes|stroke|hipertensi|hepatitis"
    r"|demam berdarah|dbd|covid(?:-19)?|kusta|epilepsi|gangguan jiwa|odgj|depresi|lumpuh|difabel|disabilitas|tunanetra"
    r"|tunarungu|gagal ginjal|jantung|katarak|hidrosefalus|down syndrome|autis|autisme|keguguran)\b"
)


def find_named_child(source: Source) -> Iterator[Place]:
    return _find_persons_with(source, _CHILD)


def find_named_patient(source: Source) -> Iterator[Place]:
    return _find_persons_with(source, _ILLNESS)


def _find_persons_with(source: Source, word: re.Pattern) -> Iterator[Place]:
    done, said = 0, None
    for match in source.once(_find_persons):
        if match.start() >= done:
            start, done = source.get_sentence(match.start(), match.end(), after=done)
            said = word.search(source.low, start, done)
        if said and _is_private(source, match):
            yield Place(match.start(), match.end(), " ".join(match.group().casefold().split()))


def _find_persons(source: Source) -> list[re.Match]:
    found = [*_TITLED.finditer(source.text), *_AGED.finditer(source.text)]
    return sorted(found, key=re.Match.start)


def _is_private(source: Source, match: re.Match) -> bool:
    if match.re is _AGED and _COUNTED.search(source.get_before(match.group().rindex("(") + match.start(), 60)):
        return False
    if match.re is _TITLED and _NO_NAME.match(source.low, match.start("name")):
        return False
    return not _OFFICE_BEFORE.search(source.get_before(match.start(), 60))
