"""Where a private person is named: after a title, beside an age, after what the person is, in a form, in a list.

A name is told by what stands around it, never by itself: a capital alone is no name.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from . import lexicon
from .headings import get_headings
from .source import Source


class Person(NamedTuple):
    """Where a person is named in the normalised text."""

    start: int
    end: int


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
_PLACES_BEFORE = lexicon.words(
    "desa dusun dukuh dk dsn kelurahan kel kecamatan kec kabupaten kab kota jalan jl gang gg kampung lingkungan"
    " rsud rsjd"
    " rs sakit puskesmas posyandu asal dari di ke perum perumahan lapangan pasar masjid musala taman tk paud ra"
    " sd sdit mi"
    " smp smpit mts sma smk ma slb tpq tpa pondok ponpes sanggar klub ssb yayasan panti program gerakan aplikasi lomba"
    " piala"
)

# What a person is, before the name -----------------------------------------------------------------------------

_ROLE = re.compile(
    r"(?:siswa|siswi|murid|pelajar|santri(?:wati)?|peserta didik|balita|bayi|batita|baduta|bocah|remaja"
    r"|anak(?:nya)?|putra(?:nya)?|putri(?:nya)?|cucu(?:nya)?|pasien|penderita"
    r"|pengidap|penyandang|penyintas|korban|lansia|odgj|odha|penerima|ibu hamil|bumil|ibu|janda|warga|lelaki"
    r"|pria|wanita"
    r"|perempuan|gadis|pemuda|atlet|pemenang|juara (?:i{1,3}|[123]|pertama|kedua|ketiga|harapan(?: i{1,3}| [123])?))\b"
)
#: Small words that may stand between what a person is and the name.
_JOINING = (
    lexicon.words(
        "kelas dari asal di desa dusun dukuh dk bernama atas nama berinisial yang usia berusia umur berumur"
        " tahun negeri"
        " swasta bungsu sulung pertama kedua ketiga semata wayang kandung tiri asuh angkat kami saya kita itu ini ialah"
        " adalah yaitu yakni perempuan laki-laki lelaki putri putra tunggal bulan pak bu bapak ibu kecamatan kelurahan"
        " dan diraih warga a.n an. a.n. risiko tinggi berat ringan fisik mental ganda hidup"
    )
    | lexicon.ILLNESS
)
_TOKEN = re.compile(r"(?P<comma>[ \t]?[,:(][ \t]?)|[ \t]?(?P<word>[\w'\-]+(?:\.\w[\w'\-]*)*\.?)|[ \t]")
_SCHOOL = lexicon.words(
    "sd sdn sdit mi min mis smp smpn smpit mts mtsn sma sman smk smkn ma man tk ra kb paud slb tpq tpa"
)
_OF_SCHOOL = lexicon.words(
    "negeri muhammadiyah pertiwi islam terpadu aisyiyah bustanul athfal al-islam sudirman nu maarif ma'arif terpadu"
    " dharma wanita persatuan katolik kristen swasta"
)
_WORD = re.compile(r"[a-z]+")
_FIGURE = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-Z][A-Za-z]*")
_ROMAN_OR_FIGURE = re.compile(r"\d{1,3}|[IVX]{1,4}|\d{0,2}[A-D]")
_MOST_TOKENS = 14
_NAME_TOKEN = re.compile(r"[A-Z][a-zA-Z'\-]{1,30}\.?|[A-Z]\.?")

# What a person has, behind the name ----------------------------------------------------------------------------

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
#: Headings of tables that list children, and patients.
CHILDREN = re.compile(
    r"\bnama (?:lengkap )?(?:anak|siswa|siswi|balita|bayi|baduta|murid|santri|peserta didik|pelajar)\b"
)
PATIENTS = re.compile(r"\bnama (?:lengkap )?(?:pasien|penderita|penyandang|odgj)\b")
ANYBODY = re.compile(r"\bnama\b")
_LIST_NAME = re.compile(
    r"(?:^|(?<=[\n\t|;]))[ ]?(?:\d{1,3}[.)]?[ \t"
    r"|;.]{1,3})?(?P<name>[A-Z][A-Za-z'.\-]{1,30}(?: [A-Z][A-Za-z'.\-]{0,30}){0,4})"
)


def find_persons(source: Source, start: int, end: int, cues: list[int]) -> list[Person]:
    """Return the private persons named in a sentence; ``cues`` are where its words about children or illness stand."""
    persons: list[Person] = []
    if all(word.casefold() in lexicon.NO_NAMES for word in _CAPITAL.findall(source.text, start, end)):
        return persons
    for pattern in _choose_patterns(source, start, end):
        for match in pattern.finditer(source.text, start, end):
            person = _read_titled(source, match) if pattern is _TITLED else _read_bare(source, match)
            if person:
                persons.append(person)
    persons += _find_after_roles(source, start, end)
    persons += _find_before_facts(source, start, cues)
    return _keep_apart(persons)


def _choose_patterns(source: Source, start: int, end: int) -> Iterator[re.Pattern[str]]:
    """Leave out the patterns that need a figure or a word which the sentence has not."""
    yield _TITLED
    yield _OBJECT
    if _FIGURE.search(source.low, start, end):
        yield _AGED
    if source.low.find("nama", start, end) != -1:
        yield _FIELD


def find_from_schools(source: Source, start: int, cues: list[int]) -> list[Person]:
    """Return who is named in front of a school: "Aisyah dari TK Pertiwi"; ``cues`` are where schools stand."""
    found = [person for cue in cues for person in _find_in_front(source, start, cue, _FROM, needs_link=True)]
    return _keep_apart(found)


def find_in_front(source: Source, start: int, place: int, *, may_hold_office: bool) -> Person | None:
    """Return who is named right before a place, with at most a comma, a bracket or "yang" between.

    Initials hide a name and are none; a pupil holds no office, whatever stands before.
    """
    span = _read_backwards(source.text, max(start, place - _FACT_REACH), place, _WHO)
    opening = _find_name(source, *span) if span else None
    if span is None or opening is None or source.text[opening : span[1]].isupper():
        return None
    if _is_of_place(source.text, opening):
        return None
    return None if may_hold_office and _has_office(source, opening, span[1]) else Person(opening, span[1])


def find_listed(source: Source, heading: re.Pattern[str]) -> Iterator[Person]:
    """Return the names that stand in a table under this heading."""
    headings = get_headings(source, heading)
    for start, end in headings.get_rows():
        for match in _LIST_NAME.finditer(source.text, start, end):
            if headings.hold(match.start("name")) and _find_name(source, *match.span("name")) is not None:
                yield Person(match.start("name"), match.end("name"))


def _keep_apart(persons: list[Person]) -> list[Person]:
    kept: list[Person] = []
    for person in sorted(persons, key=lambda person: (person.start, -person.end)):
        if not kept or person.start >= kept[-1].end:
            kept.append(person)
    return kept


def _read_titled(source: Source, match: re.Match[str]) -> Person | None:
    start, end = match.span("name")
    if _NO_NAME.match(source.low, start) or source.low[start:end] in lexicon.PLACES:
        return None
    return None if _has_office(source, match.start(), match.end()) else Person(*match.span())


def _read_bare(source: Source, match: re.Match[str]) -> Person | None:
    """Return the name that a pattern has found without a title, with the age behind it."""
    start = _find_name(source, *match.span("name"))
    if start is None or (match.re is not _FIELD and _is_of_place(source.text, start)):
        return None
    if match.re is _AGED and _COUNTED.search(source.get_before(match.end("name"), 60)):
        return None
    return None if _has_office(source, start, match.end()) else Person(start, match.end())


def _find_name(source: Source, start: int, end: int) -> int | None:
    """Return where a name begins among capitals, behind the common word that opens a sentence; None for no name."""
    words = list(_WORD.finditer(source.low, start, end))
    while words and words[0].group() in lexicon.OPENERS:
        words.pop(0)
    if not words or any(word.group() in lexicon.NO_NAMES for word in words):
        return None
    return words[0].start()


def _has_office(source: Source, start: int, end: int) -> bool:
    return _has_office_before(source, start) or _has_office_after(source, end)


def _has_office_before(source: Source, start: int) -> bool:
    """Say whether an office is told right before a name: "Kepala Desa Pendem, Bapak Suparno"."""
    offices = source.once(_find_offices)
    number = bisect_left(offices, start) - 1
    while number >= 0 and offices[number] >= start - _OFFICE_REACH:
        place = offices[number]
        if _HOLDS.fullmatch(source.text, place + len(source.cues[place]), start):
            return True
        number -= 1
    return False


def _has_office_after(source: Source, end: int) -> bool:
    """Say whether an office is told right behind a name: "Suparno, Kepala Desa Pendem"."""
    match = _OFFICE_AFTER.match(source.text, end)
    return match is not None and match["office"].casefold() in _OFFICES_AFTER


def _find_offices(source: Source) -> list[int]:
    return source.find_cues(lexicon.OFFICE)


def _is_of_place(text: str, start: int) -> bool:
    """Say whether a word for a place or a school stands before, with at most two capitals or figures between."""
    words = text[max(0, start - 40) : start].split()
    for word in words[:-4:-1]:
        if word.casefold().rstrip(".") in _PLACES_BEFORE:
            return True
        if not (word[0].isupper() or word[0].isdigit()) or word[-1] in ",.;:":
            return False
    return False


def _find_before_facts(source: Source, start: int, cues: list[int]) -> Iterator[Person]:
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
    if not between and (needs_link or _is_in_title(source.text, cue)):
        return
    opening = _find_name(source, *span)
    if opening is not None and not _is_of_place(source.text, opening) and not _has_office(source, opening, span[1]):
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


def _is_in_title(text: str, place: int) -> bool:
    """Say whether a word begins with a capital and goes on small: behind another capital it is part of a title."""
    return text[place : place + 1].isupper() and text[place + 1 : place + 2].islower()


def _find_after_roles(source: Source, start: int, end: int) -> Iterator[Person]:
    done = start
    for role in _ROLE.finditer(source.low, start, end):
        if role.start() < done or source.low[role.start() - 1 : role.start()].isalpha():
            continue
        if _is_in_title(source.text, role.start()) and not _opens(source.text, role.start()):
            continue
        span = _read_after_role(source.text, role.end(), end)
        if span:
            done = span[1]
            if not _has_office(source, *span) and not _has_office_before(source, role.start()):
                yield Person(*span)


def _opens(text: str, place: int) -> bool:
    """Say whether a line, a sentence or a quotation begins here."""
    return (
        not text[max(0, place - 2) : place].rstrip(" ") or text[max(0, place - 2) : place].rstrip(" ")[-1:] in _OPENING
    )


def _read_after_role(text: str, place: int, end: int) -> tuple[int, int] | None:
    """Walk over what joins a role and a name; return where the name stands, None when another word comes between.

    A capital behind a word for a place, and the word behind the number of a school, belong to that place.
    """
    names: list[re.Match[str]] = []
    is_place = is_school = is_parent = needs_two = after_place = False
    for _number in range(_MOST_TOKENS):
        match = _TOKEN.match(text, place, end)
        if match and match["comma"] is not None and needs_two and len(names) == 1:
            names = []  # It was the second word of the place.
        if not match or (match["comma"] is not None and names):
            break
        place = match.end()
        if match["comma"] is not None:
            after_place = needs_two
            is_place = is_school = is_parent = needs_two = False
        if match["word"] is None:
            continue
        word, low = match["word"], match["word"].casefold().rstrip(".")
        if not names and _ROMAN_OR_FIGURE.fullmatch(word.rstrip(".")):
            continue
        if _NAME_TOKEN.fullmatch(word) and low not in lexicon.NO_NAMES and not (is_school and low in _OF_SCHOOL):
            if is_parent:
                continue
            if is_place and not names:
                is_place, needs_two = False, True
                continue
            names.append(match)
            if word.endswith(".") and len(word) > 2:
                break
        elif names:
            break
        elif low in _SCHOOL:
            is_school = is_place = needs_two = True
        elif low in _PLACE_WORDS:
            is_place = needs_two = True
        elif is_school and low in _OF_SCHOOL:
            continue
        elif low in _PARENT:
            is_parent = True
        elif low in lexicon.PLACES or word.isupper() or word[0].isupper():
            is_place = False
        elif low not in _JOINING:
            return None
        elif low in _CALLED:
            is_parent = is_place = needs_two = False
    if not names or (needs_two and len(names) < 2):
        return None
    opening, closing = names[0].start("word"), names[-1].start("word") + len(names[-1]["word"].rstrip("."))
    if after_place and len(names) == 1 and _MORE_PLACES.match(text, closing):
        return None
    return opening, closing


#: What follows when names of places are told one after the other.
_MORE_PLACES = re.compile(r"(?:, (?:dan |serta )?| dan | serta )[A-Z]")
_OPENING = frozenset(".!?:;,\n\"'(-–|\t")
_PARENT = lexicon.words("bapak ibu pak bu pasangan keluarga almarhum almarhumah")
_CALLED = frozenset({"bernama", "nama", "berinisial"})
_OFFICES_AFTER = lexicon.OFFICE | {"dinas", "kecamatan", "dukcapil"}
_PLACE_WORDS = lexicon.words("desa dusun dukuh dk dari asal di kecamatan kelurahan kabupaten rsud puskesmas kota")
