"""Find names after a title, beside an age, behind a verb, and in a field of a form."""

import re
from collections.abc import Iterator

from .. import lexicon
from ..source import Source
from .recognition import Person, find_name, has_office, is_of_place

_TITLE = (
    r"(?:[Bb]apak|BAPAK|[Bb]pk\.?|BPK\.?|[Pp]ak|PAK|[Ii]bu|IBU|[Bb]u|BU|[Ss]dr[i]?\.?|SDR[I]?\.?|[Ss]audar[ai]"
    r"|SAUDAR[AI]"
    r"|Tn\.?|Ny\.?|Nn\.?|An\.|[Aa]nanda|ANANDA|[Aa]dik|[Mm]bah|[Mm]bak|Mas|[Mm]bok|[Yy]u|[Ll]ik|[Kk]ang|[Kk]akek"
    r"|[Nn]enek"
    r"|[Ee]yang|[Ss]imbah|Alm\.|Almh\.|[Aa]lmarhumah?|[Jj]enazah|bernama|berinisial|inisial|atas nama|a\.n\.?|an\.)"
)
_REST_OF_NAME = r"[\w'\-]{0,30}(?:[ .]{1,2}[A-Z][\w'\-]{0,30}){0,3}"
_NAME = rf"[A-Z]{_REST_OF_NAME}"
_TITLED = re.compile(rf"(?=[A-Za-z])\b{_TITLE} (?P<name>{_NAME})")
_AGED = re.compile(
    rf"(?P<name>[A-Z](?<![\w'\-][A-Z]){_REST_OF_NAME})"
    r"(?: \(\d{1,2}(?:,? ?(?:tahun|thn|th|bulan|bln))?\)|, ?(?:umur |usia |berusia )?\d{1,3} (?:tahun|thn|th"
    r"|bulan|bln)\b)"
)
#: "Ibu" and "Bapak" before these speak of an office or of people in general.
_NO_NAME = re.compile(
    r"(?:camat|bupati|wakil|gubernur|presiden|menteri|kepala|lurah|sekretaris|kapolsek|kapolres|danramil|dandim|kades"
    r"|bidan|dokter|ketua|guru|kasi|kasubbag|staf|plt|plh|sekda|pj|penjabat|pembina|pkk|carik|bayan|modin|babinsa"
    r"|bhabinkamtibmas|pendeta|kyai|kiai|ustaz|ustadz|haji|kota|kandung|rumah|hamil|menyusui|bersalin|muda|balita|nifas"
    r"|pertiwi|ibu|bapak|dan|atau|asuh|angkat|tiri|anak|se|sekalian|yang|di|rt|rw|warga|desa|kelurahan|bumdes|koperasi"
    r"|pemerintah|panitia|takmir|yayasan|cv|pt|ud|lansia|siswa)\b"
)
#: A figure in brackets after these is a count, not an age.
_COUNTED = re.compile(
    r"\b(?:desa|dusun|dukuh|kelurahan|kecamatan|kabupaten|lingkungan|posyandu|puskesmas|kelas|sdn?|smpn?|sman?"
    r"|smkn?|min"
    r"|mts|ma|tk|paud|tabel|lampiran|gambar|pasal|ayat)\b(?:[ .]\w{1,20}){0,2}\s?$"
)
#: Verbs whose object is a person who is cared for or who has won.
_OBJECT = re.compile(
    r"(?:menjenguk|membesuk|mengunjungi|menemui|merawat|mengantar|merujuk|mengevakuasi|membawa|menengok|menyambangi"
    r"|diraih|dimenangi|dimenangkan|dijuarai|jenazah|kondisi|mendampingi) (?:oleh )?(?P<name>" + _NAME + r")"
)
_FIELD = re.compile(
    r"\bnama(?: (?:lengkap|anak|siswa|siswi|balita|bayi|pasien|penderita|murid|santri|peserta|penerima|korban"
    r"|ibu|orang tua))?\s{0,3}[:=]\s{0,3}(?P<name>[A-Z][A-Za-z'.\-]{1,30}(?: [A-Z][A-Za-z'.\-]{0,30}){0,4})",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")


def find_introduced(source: Source, start: int, end: int) -> Iterator[Person]:
    """Yield the persons whom a title, an age, a verb or the word "nama" introduces in a sentence."""
    for pattern in _choose_patterns(source, start, end):
        for match in pattern.finditer(source.text, start, end):
            person = _read_titled(source, match) if pattern is _TITLED else _read_bare(source, match)
            if person:
                yield person


def _choose_patterns(source: Source, start: int, end: int) -> Iterator[re.Pattern[str]]:
    """Leave out the patterns that need a figure or a word which the sentence has not."""
    yield _TITLED
    yield _OBJECT
    if _FIGURE.search(source.low, start, end):
        yield _AGED
    if source.low.find("nama", start, end) != -1:
        yield _FIELD


def _read_titled(source: Source, match: re.Match[str]) -> Person | None:
    start, end = match.span("name")
    if _NO_NAME.match(source.low, start) or source.low[start:end] in lexicon.PLACES:
        return None
    return None if has_office(source, match.start(), match.end()) else Person(*match.span())


def _read_bare(source: Source, match: re.Match[str]) -> Person | None:
    """Return the name that a pattern has found without a title, with the age behind it."""
    start = find_name(source, *match.span("name"))
    if start is None or (match.re is not _FIELD and is_of_place(source.text, start)):
        return None
    if match.re is _AGED and _COUNTED.search(source.get_before(match.end("name"), 60)):
        return None
    return None if has_office(source, start, match.end()) else Person(start, match.end())
