"""Where somebody lives: RT and RW, house addresses, coordinates of a home."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..place import Place
from ..source import Source

_NUMBER = r"(?:\d{1,3}|[ivx]{1,5})\b"
_RT_RW = re.compile(
    rf"r(?<!\wr)t(?:[ .:]{{0,3}}{_NUMBER}[ ,./\-]{{0,3}}(?:dan |di )?rw[ .:]{{0,3}}{_NUMBER}"
    rf"| ?[./\-]? ?rw[ .:]{{0,3}}{_NUMBER}(?: ?[/\-,] ?{_NUMBER})?"
    r"|[ .:]{0,3}\d{1,3} ?/ ?\d{1,3}(?![\d/]))"
)
_SPACES = re.compile(r"[\s.:]+")

#: 004/002 between the name of a hamlet and that of a village.
_PAIR = re.compile(r"\d(?<![\d/.\-]\d)\d{0,2} ?/ ?\d{1,3}(?![\d/.\-]*\d|/)")
_IS_RT = re.compile(r"\br[tw][ .:]{0,3}$")
_AFTER_PAIR = re.compile(r"[ ,.]{0,3}(?:desa|ds|kel|kelurahan|kec|kecamatan|dusun|dk|dukuh)\b")
_BEFORE_PAIR = re.compile(
    r"\b(?:alamat|dk|dukuh|dusun|dsn|kp|kampung|lingkungan|tinggal|domisili|rumah)\b[^\d\n]{0,40}$"
)
_HAMLET_BEFORE = re.compile(r"(?:[A-Z][\w']{2,20} ?){1,2},? $")

#: Words for a home, and compounds that are none.
_HOME = re.compile(
    r"\b(?:rumah(?:nya)?(?! (?:sakit|makan|ibadah|dinas|potong|susun|bersalin|tangga|adat|baca|produksi|data|aspirasi"
    r"|kemasan|pompa|kaca|singgah))|kediaman(?:nya)?|tinggal|(?:ber)?domisili"
    r"|alamat(?:nya)?(?! (?:kantor|balai|dinas|sekolah|puskesmas|resmi))|beralamat|kost?|indekos"
    r"|kontrakan|almarhum(?:ah)?|ahli waris|korban|pelaku|tersangka|pasien|lansia|janda|pemilik|nama ?:|ktp)\b"
)
#: Of these, the words for a home itself; the others are for who lives in it.
_HOUSE = re.compile(r"rumah|kediaman|kost?|indekos|kontrakan|domisili|berdomisili|tinggal")
_ADDRESS_ONLY = re.compile(r"(?:ber)?alamat(?:nya)?|nama ?:|tinggal")
_INSTITUTION = re.compile(
    r"\b(?:kantor|balai|puskesmas|pustu|rsud|rumah sakit|rumah makan|klinik|apotek|polsek|polres|koramil|sekolah"
    r"|madrasah"
    r"|sdn?|smpn?|sman?|smkn?|mi|mts|tk|paud|slb|masjid|musala|mushola|gereja|pasar|toko|warung|kios|bengkel|bank"
    r"|bumdes|koperasi|posyandu|posko|gudang|pabrik|hotel|dinas|badan|yayasan|pondok|lapangan|gedung|pendapa|pendopo"
    r"|swalayan|minimarket|pt|cv|ud|spbu|terminal|stasiun|tempat kegiatan|sekretariat)\b"
)
#: What happens in public, or is built for the public.
_PUBLIC = re.compile(
    r"\b(?:pembangunan|perbaikan|pengaspalan|pengecoran|pelebaran|pemasangan|rabat|talut|talud|drainase|saluran|selokan"
    r"|irigasi|jembatan|jalan|ruas|gapura|pos (?:kamling|ronda|jaga)|poskamling|posyandu|masjid|musala|mushola|langgar"
    r"|gereja|balai|gedung|lapangan|makam|tpq|paud|tk|kantor|posko|kerja bakti|gotong royong|sosialisasi|penyuluhan"
    r"|fogging|pengasapan|lomba|rapat|musyawarah|pengajian|ronda|siskamling|kegiatan|lokasi|dipusatkan|digelar"
    r"|dilaksanakan|ketua|pengurus|vaksinasi|penyemprotan|bank sampah|pamsimas|sumur|lampu|pju|wilayah|sepanjang"
    r"|perwakilan|tim|regu|\d+ (?:rumah|kk|warga|keluarga|jiwa|orang|unit|titik|bidang))\b"
)
#: Works that are done for one person tell where that person lives.
_FOR_SOMEBODY = re.compile(
    r"\b(?:menerima|penerima|milik|atas nama|a\.n|di tempat (?!kegiatan|acara|ibadah|umum)\w"
    r"|(?:pak|bu|mbah|sdr|saudara|saudari|mbak) (?!rt|rw|camat|lurah|kades)\w{3})"
)
_COUNTED = re.compile(
    r"\b(?:jumlah(?:nya)?|sebanyak|terdiri|meliputi|mencakup|memiliki|mempunyai|membawahi|total|data wilayah"
    r"|rekapitulasi"
    r"|terbagi|se)\b[^.!?\n]{0,30}$"
)


def find_address(source: Source) -> Iterator[Place]:
    """RT together with RW, in any of its ways of writing, where somebody may live."""
    for match in _RT_RW.finditer(source.low):
        if not _is_public(source, match.start(), match.end()):
            yield Place(match.start(), match.end(), _SPACES.sub(" ", match.group()))
    for match in _PAIR.finditer(source.low):
        if _IS_RT.search(source.get_before(match.start(), 6)):
            continue  # Judged above, with its words.
        has_village = bool(_AFTER_PAIR.match(source.low, match.end()))
        has_label = bool(_BEFORE_PAIR.search(source.get_before(match.start(), 60)))
        hamlet = _HAMLET_BEFORE.search(source.text[max(0, match.start() - 45) : match.start()])
        is_padded = match.group().startswith("0")
        if (has_village and (has_label or (is_padded and hamlet))) or (has_label and is_padded):
            start = match.start() - (len(hamlet.group()) if hamlet else 0)
            yield Place(start, match.end(), _SPACES.sub(" ", source.low[start : match.end()]))


@dataclass(frozen=True)
class _Sentence:
    """A sentence with the words in it that say what a place is, each kind looked for when it is asked for."""

    low: str
    start: int
    end: int

    @cached_property
    def homes(self) -> list[re.Match[str]]:
        return list(_HOME.finditer(self.low, self.start, self.end))

    @cached_property
    def institutions(self) -> list[int]:
        return [match.start() for match in _INSTITUTION.finditer(self.low, self.start, self.end)]

    @cached_property
    def publics(self) -> list[int]:
        return [match.start() for match in _PUBLIC.finditer(self.low, self.start, self.end)]

    @cached_property
    def is_for_somebody(self) -> bool:
        return _FOR_SOMEBODY.search(self.low, self.start, self.end) is not None


def _read_sentence(source: Source, start: int, end: int) -> _Sentence:
    """Return the sentence around a place; the one read last is used again."""
    last: _Sentence | None = source.remembered.get(_read_sentence)
    if last and last.start <= start and end <= last.end:
        return last
    opening, closing = source.get_sentence(start, end, after=min(last.end, start) if last else 0)
    sentence = _Sentence(source.low, opening, closing)
    source.remembered[_read_sentence] = sentence
    return sentence


def _is_public(source: Source, start: int, end: int) -> bool:
    """Say whether the place is that of works or of an event, or the figures are counts."""
    if _COUNTED.search(source.get_before(start, 60)):
        return True
    sentence = _read_sentence(source, start, end)
    if sentence.is_for_somebody:
        return False
    if sentence.homes:
        are_addresses = all(_ADDRESS_ONLY.fullmatch(home.group()) for home in sentence.homes)
        return are_addresses and any(place < start for place in sentence.institutions)
    return any(not start <= place < end for place in sentence.publics)


# House addresses without RT and RW -------------------------------------------------------------------------------

_STREET = re.compile(
    r"(?:j(?<![a-z]j)(?:l|ln|alan)|g(?<![a-z]g)(?:g|ang))\b\.? ?(?:[\w.'()\-]{1,20} ){1,5}?(?:no|nomor|nomer"
    r"|blok)\b\.? ?"
    r"[\da-z]{1,4}(?:[/\-]\d{1,3})?(?: ?[a-z]\b)?"
    r"|p(?<![a-z]p)(?:erum|erumahan|uri|ondok|erumnas)\b\.? (?:[\w.']{1,20} ){1,4}?blok\b\.? ?[a-z]{1,2}[ \-/.]?\d{0,3}"
    r"(?:[,/\- ]{1,2}(?:no|nomor)?\.? ?\d{1,3}\b)?"
)
_HAMLET = re.compile(
    r"(?:(?:alamat(?: (?:rumah|ktp|tinggal|asal|domisili|sekarang|lengkap))?|domisili) ?: ?"
    r"|(?:beralamat|bertempat tinggal|berdomisili|rumahnya) di )"
    r"((?:dukuh|dusun|dk|dsn|kp|kampung)\b\.? [\w']{2,20}(?: [\w']{2,20})?(?:,? (?:desa|ds|kel"
    r"|kelurahan)\b\.? [\w']{2,20})?)"
)
_STREET_CUES = frozenset({"alamat", "domisili", "beralamat", "bertempat", "berdomisili", "rumahnya"})
_LIVES_THERE = re.compile(r"\b(?:warga|penghuni|keluarga|milik)[ ,]{1,2}(?:[\w.]{1,20} ){0,3}$")


def find_house(source: Source) -> Iterator[Place]:
    """A street with a number, or a hamlet, where the sentence says that somebody lives there."""
    for match in _STREET.finditer(source.low):
        if _is_home(source, match.start(), match.end()):
            yield Place(match.start(), match.end(), _SPACES.sub(" ", match.group()))
    for place in source.find_cues(_STREET_CUES):
        hamlet = _HAMLET.match(source.low, place)
        if hamlet and not _INSTITUTION.search(source.get_before(place, 60)):
            yield Place(hamlet.start(1), hamlet.end(1), _SPACES.sub(" ", hamlet.group(1)))


def _is_home(source: Source, start: int, end: int) -> bool:
    """Say whether the sentence has a word for a home, and none for an institution nearer to the place."""
    sentence = _read_sentence(source, start, end)
    if not sentence.homes:
        return bool(_LIVES_THERE.search(source.low[max(sentence.start, start - 40) : start]))
    institutions = [place for place in sentence.institutions if place < start]
    houses = [home.start() for home in sentence.homes if home.start() < start and _HOUSE.match(home.group())]
    return not institutions or (bool(houses) and institutions[-1] < houses[-1])


# Coordinates ----------------------------------------------------------------------------------------------------

_DECIMALS = re.compile(r"\d(?<!\d\d)\d?[.,]\d{4,12}(?:\s{0,2}[,;/]\s{0,2}|\s{1,2})1[0-4]\d[.,]\d{4,12}(?!\d)")
_DEGREES = re.compile(
    r"\d(?<!\d\d)\d?\s?°\s?\d{1,2}\s?['\u2032]\s?[\d.,]{1,8}\s?(?:\"|\u2033|'')?\s?(?:ls|lu|s|n)\b[ ,]{0,3}"
    r"1[0-4]\d\s?°\s?\d{1,2}\s?['\u2032]\s?[\d.,]{1,8}\s?(?:\"|\u2033|'')?\s?(?:bt|e)\b"
)
_MAP = re.compile(
    r"(?:maps\.app\.goo\.gl/|goo\.gl/maps/|google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}/|waze\.com/ul)"
    r"[^\s<>\"]{0,200}[^\s<>\".,;)]"
)
_LIVING = re.compile(
    r"\b(?:rumah(?:nya|ku)?(?! (?:sakit|makan|ibadah|dinas|potong|susun|bersalin|adat|baca|produksi|pompa|singgah))"
    r"|kediaman|tempat tinggal|tinggal|alamat|pasien|lansia|korban|penerima|warga|keluarga|domisili)\b"
)


def find_home_coordinates(source: Source) -> Iterator[Place]:
    """Coordinates and links to a map that say where a home is."""
    low = source.low
    patterns = ((_MAP, "goo" in low or "waze" in low), (_DECIMALS, True), (_DEGREES, "°" in low))
    for pattern, is_there in patterns:
        for match in pattern.finditer(low) if is_there else ():
            opening, _closing = source.get_sentence(match.start(), match.end())
            before = source.low[opening : match.start()]
            living = [found.start() for found in _LIVING.finditer(before)]
            institutions = [found.start() for found in _INSTITUTION.finditer(before)]
            if living and (not institutions or institutions[-1] < living[-1]):
                yield Place(match.start(), match.end(), _SPACES.sub(" ", match.group()))
