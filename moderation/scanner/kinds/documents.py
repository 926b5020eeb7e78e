"""Numbers of papers that each belong to one person: NPWP, NIP, passport, BPJS, SIM, civil registry, NISN."""

import re
from collections.abc import Iterator

from ..labels import is_labelled
from ..place import Place, as_words, bare
from ..source import GAP, Source

# Tax and service ----------------------------------------------------------------------------------------------

_NPWP = re.compile(r"\d(?<!\d\d)\d[. \-]\d{3}[. \-]\d{3}[. \-]\d[\-. ]\d{3}[. \-]\d{3}(?!\d)")
#: "NPWP16", "NPWP 16 digit": the length is no part of the number.
_NAMES_NPWP = re.compile(r"\b(?:npwp|nomor pokok wajib pajak)(?: ?1[56])?(?![a-z])\D*$")
_NPWP_REACH = 40


def find_npwp(source: Source) -> Iterator[Place]:
    for match in _NPWP.finditer(source.low):
        yield Place(match.start(), match.end(), bare(match.group()))
    for run in source.runs:
        if len(run.digits) >= 15 and _NAMES_NPWP.search(source.get_before(run.start, _NPWP_REACH)):
            for length in (16, 15):
                if len(run.digits) >= length and run.is_whole(0, length):
                    yield Place(*run.locate(0, length), run.digits[:length])
                    break


_NIP = re.compile(
    rf"[12](?<!\d\d)(?:(?<=1)9[3-9]\d|(?<=2)0[0-1]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){GAP}"
    rf"(?:19|20)\d\d(?:0[1-9]|1[0-2]|21){GAP}[12]{GAP}\d{{3}}(?!\d)"
)
_NAMED_NIP = re.compile(r"nip\b(?<!\wnip)[^\d\n]{0,10}(\d{18})(?!\d)")


def find_nip(source: Source) -> Iterator[Place]:
    for match in _NIP.finditer(source.plain):
        yield Place(match.start(), match.end(), bare(match.group()))
    for match in _NAMED_NIP.finditer(source.low):
        yield Place(match.start(1), match.end(1), match.group(1))


# Numbers that only the word before them tells ------------------------------------------------------------------


def find_health_insurance(source: Source) -> Iterator[Place]:
    """The 13 digits of a JKN card and the 11 of BPJS Ketenagakerjaan."""
    return _find_labelled(source, "health_insurance", (13, 11))


def find_driving_licence(source: Source) -> Iterator[Place]:
    """The 12 to 16 digits of a SIM, old and new."""
    return _find_labelled(source, "licence", (16, 14, 13, 12))


def find_pupil_number(source: Source) -> Iterator[Place]:
    """The ten digits of an NISN."""
    return _find_labelled(source, "pupil", (10,))


def _find_labelled(source: Source, kind: str, lengths: tuple[int, ...]) -> Iterator[Place]:
    for run in source.runs:
        length = next((one for one in lengths if len(run.digits) >= one and run.is_whole(0, one)), 0)
        if length and is_labelled(source, run.start, kind):
            yield Place(*run.locate(0, length), run.digits[:length])


# Passport, civil registry --------------------------------------------------------------------------------------

_PASSPORT = re.compile(r"pas(?:por|sport)\b[^\n]{0,40}?\b([a-z]{1,2}[ \-]?\d{6,7})(?![\d\w])")


def find_passport(source: Source) -> Iterator[Place]:
    for place in source.find_cues(frozenset({"paspor", "passport"})):
        match = _PASSPORT.match(source.low, place)
        if match:
            yield Place(match.start(1), match.end(1), re.sub(r"[ \-]", "", match.group(1)))


_REGISTERED = re.compile(r"\d(?<!\d\d)\d{3}-[a-z]{2,3}-\d{8}-\d{4}(?!\d)")
_CERTIFICATE = re.compile(
    r"(?:akt[ae] (?:ke)?(?:lahir|mati|kelahiran|kematian|nikah|kawin|perkawinan|cerai|perceraian)(?:an)?\b"
    r"|nikah\b(?<=buku nikah)|nikah\b(?<=surat nikah))"
    r"(?:[^\n\d]{0,30}?\b(?:no(?:mor|mer)?\b|bernomor\b)[.: ]{0,4}|[ :]{1,4})"
    r"((?:[a-z]{2}[. ]{1,2})?(?=[\da-z./\-]{0,20}[./\-]\d|\d{5})\d[\da-z./\-]{2,30}[\da-z])"
)
_DATE_OR_YEARS = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|(?:19|20)\d\d[-/](?:19|20)\d\d")


def find_civil_certificate(source: Source) -> Iterator[Place]:
    """Numbers of the certificates of birth, death, marriage and divorce."""
    for match in _REGISTERED.finditer(source.low):
        yield Place(match.start(), match.end(), match.group())
    for place in source.find_cues(frozenset({"akta", "akte", "nikah"})):
        named = _CERTIFICATE.match(source.low, place)
        if named and not _DATE_OR_YEARS.fullmatch(named.group(1)):
            yield Place(named.start(1), named.end(1), as_words(named.group(1)))


# Vehicles ------------------------------------------------------------------------------------------------------

_AREA_OF_PLATE = (
    r"(?:(?<=A)[ABDEG]|(?<=B)[ABDEGHKLMNP]|(?<=D)[ABCDEGHKLMNPRST]|(?<=E)[ABD]|(?<=K)[BHTU]|(?<=P)[ABGST])?"
)
_PLATE = re.compile(
    r"[ABDEFGHKLMNPRSTWZ](?<![\w/.\-][A-Z])"
    rf"(?:(?<=A)D(?P<gap>[ .\-]?)\d{{1,4}}(?P=gap)|{_AREA_OF_PLATE}(?P<wide>[ \-]?)\d{{3,4}}(?P=wide)) ?[A-Z]{{1,3}}"
    r"(?![\w/]|[.\-]\w)"
)
_NAMED_PLATE = re.compile(r"[a-z]{1,6}\b(?: nomor)?[^\n\w]{0,4}([a-z]{1,2}[ .\-]?\d{1,4}[ .\-]?[a-z]{1,3})(?![\w/])")
_NAMES_PLATE = frozenset({"nopol", "plat", "pelat", "polisi", "pol", "tnkb"})


def find_plate(source: Source) -> Iterator[Place]:
    for match in _PLATE.finditer(source.text):
        yield Place(match.start(), match.end(), re.sub(r"[ .\-]", "", match.group()))
    for place in source.find_cues(_NAMES_PLATE):
        named = _NAMED_PLATE.match(source.low, place)
        if named:
            yield Place(named.start(1), named.end(1), re.sub(r"[ .\-]", "", named.group(1).upper()))
