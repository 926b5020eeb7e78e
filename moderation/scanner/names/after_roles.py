"""Find names behind what the person is: "siswa kelas 4 SD Negeri 2 Sukamaju Budi Santoso"."""

import re
from collections.abc import Iterator

from .. import lexicon
from ..source import Source
from .recognition import Person, has_office, has_office_before, is_title_cased

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
_PLACE_WORDS = lexicon.words("desa dusun dukuh dk dari asal di kecamatan kelurahan kabupaten rsud puskesmas kota")
_PARENT = lexicon.words("bapak ibu pak bu pasangan keluarga almarhum almarhumah")
_CALLED = frozenset({"bernama", "nama", "berinisial"})
_ROMAN_OR_FIGURE = re.compile(r"\d{1,3}|[IVX]{1,4}|\d{0,2}[A-D]")
_NAME_TOKEN = re.compile(r"[A-Z][a-zA-Z'\-]{1,30}\.?|[A-Z]\.?")
_MOST_TOKENS = 14
#: What follows when names of places are told one after the other.
_MORE_PLACES = re.compile(r"(?:, (?:dan |serta )?| dan | serta )[A-Z]")
_OPENING = frozenset(".!?:;,\n\"'(-–|\t")


def find_after_roles(source: Source, start: int, end: int) -> Iterator[Person]:
    """Yield the persons named behind a word for what they are."""
    done = start
    for role in _ROLE.finditer(source.low, start, end):
        if role.start() < done or source.low[role.start() - 1 : role.start()].isalpha():
            continue
        if is_title_cased(source.text, role.start()) and not _opens(source.text, role.start()):
            continue
        span = _read_after_role(source.text, role.end(), end)
        if span:
            done = span[1]
            if not has_office(source, *span) and not has_office_before(source, role.start()):
                yield Person(*span)


def _opens(text: str, place: int) -> bool:
    """Say whether a line, a sentence or a quotation begins here."""
    return (
        not text[max(0, place - 2) : place].rstrip(" ") or text[max(0, place - 2) : place].rstrip(" ")[-1:] in _OPENING
    )


def _read_after_role(text: str, place: int, end: int) -> tuple[int, int] | None:
    """Walk over what joins a role and a name; return where the name stands, None when another word comes between."""
    walk = _Walk()
    for _number in range(_MOST_TOKENS):
        match = _TOKEN.match(text, place, end)
        if match is None or not walk.take(match):
            break
        place = match.end()
    return walk.get_span(text)


class _Walk:
    """The words behind a role, taken one by one.

    A capital behind a word for a place, and the word behind the number of a school, belong to that place.
    """

    __slots__ = ("after_place", "is_parent", "is_place", "is_school", "names", "needs_two")

    def __init__(self) -> None:
        self.names: list[re.Match[str]] = []
        self.is_place = self.is_school = self.is_parent = self.needs_two = self.after_place = False

    def take(self, match: re.Match[str]) -> bool:
        """Take one token of the text; return whether the name may go on behind it."""
        if match["comma"] is not None:
            return self._take_comma()
        word = match["word"]
        if word is None:
            return True
        low = word.casefold().rstrip(".")
        if not self.names and _ROMAN_OR_FIGURE.fullmatch(word.rstrip(".")):
            return True
        if _NAME_TOKEN.fullmatch(word) and low not in lexicon.NO_NAMES and not (self.is_school and low in _OF_SCHOOL):
            return self._take_name(match, word)
        return not self.names and self._take_joining(word, low)

    def _take_comma(self) -> bool:
        if self.needs_two and len(self.names) == 1:
            self.names = []  # It was the second word of the place.
        if self.names:
            return False
        self.after_place = self.needs_two
        self.is_place = self.is_school = self.is_parent = self.needs_two = False
        return True

    def _take_name(self, match: re.Match[str], word: str) -> bool:
        if self.is_parent:
            return True
        if self.is_place and not self.names:
            self.is_place, self.needs_two = False, True
            return True
        self.names.append(match)
        return not (word.endswith(".") and len(word) > 2)

    def _take_joining(self, word: str, low: str) -> bool:
        """Take a word in front of the name; return False for one that cannot stand there."""
        if low in _SCHOOL:
            self.is_school = self.is_place = self.needs_two = True
        elif low in _PLACE_WORDS:
            self.is_place = self.needs_two = True
        elif self.is_school and low in _OF_SCHOOL:
            pass
        elif low in _PARENT:
            self.is_parent = True
        elif low in lexicon.PLACES or word.isupper() or word[0].isupper():
            self.is_place = False
        elif low in _CALLED:
            self.is_parent = self.is_place = self.needs_two = False
        else:
            return low in _JOINING
        return True

    def get_span(self, text: str) -> tuple[int, int] | None:
        """Return where the name stands, None where there is none."""
        names = self.names
        if not names or (self.needs_two and len(names) < 2):
            return None
        opening, closing = names[0].start("word"), names[-1].start("word") + len(names[-1]["word"].rstrip("."))
        if self.after_place and len(names) == 1 and _MORE_PLACES.match(text, closing):
            return None
        return opening, closing
