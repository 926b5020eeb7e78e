"""Normalise words for the search: characters, spelling, Indonesian affixes. Plain Python.

Both databases index the stems made here, so neither applies language rules of its own.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from .lexicon.stemming import SOURCES, find_root

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’ʼ]")
#: Zero-width characters, direction controls and variation selectors.
_INVISIBLE = dict.fromkeys(
    itertools.chain(
        (0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF),
        range(0x200B, 0x2010),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0xFE00, 0xFE10),
        range(0xE0000, 0xE0080),
    )
)
#: Longer words are ignored.
LONGEST_WORD = 40

#: Stop words: neither indexed nor searched.
STOPWORDS = frozenset(
    re.findall(
        r"\w+",
        """
    ada adalah agar atau bagi bahwa dalam dan dari dengan di hingga ini itu juga karena ke kepada oleh pada para
    saat sebagai secara serta telah tentang tersebut untuk yaitu yang
        """,
    )
)

#: Changes with the lexicon: entries of another form are made anew after ``migrate``.
FORM = f"{crc32(b''.join(file.read_bytes() for file in SOURCES)):08x}"

#: Common spellings, mapped to those of EYD V.
STANDARD_SPELLING = {
    "analisa": "analisis",
    "antri": "antre",
    "antrian": "antrean",
    "apotik": "apotek",
    "atlit": "atlet",
    "dexember": "desember",
    "efektifitas": "efektivitas",
    "hadist": "hadis",
    "himbau": "imbau",
    "himbauan": "imbauan",
    "ijasah": "ijazah",
    "ijin": "izin",
    "jadual": "jadwal",
    "jenasah": "jenazah",
    "kwalitas": "kualitas",
    "kwitansi": "kuitansi",
    "nopember": "november",
    "obyek": "objek",
    "pebruari": "februari",
    "perijinan": "perizinan",
    "praktek": "praktik",
    "resiko": "risiko",
    "sekedar": "sekadar",
    "silahkan": "silakan",
    "subyek": "subjek",
    "sistim": "sistem",
    "tauladan": "teladan",
    "tehnik": "teknik",
    "tehnis": "teknis",
    "terimakasih": "terima",
    "trotoir": "trotoar",
    "varitas": "varietas",
}


@dataclass(frozen=True)
class Word:
    """A word of a text: position and normalised form."""

    start: int
    end: int
    plain: str

    @property
    def stem(self) -> str:
        return get_stem(self.plain)


def split(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` in order, with their positions in ``text``."""
    for found in _TOKEN.finditer(text):
        plain = make_plain(found.group())
        if plain:
            yield Word(found.start(), found.end(), plain)


@lru_cache(maxsize=100_000)
def make_plain(word: str) -> str:
    """Return the word in lower-case Latin letters without diacritics and apostrophes: "Jum’at" gives "jumat"."""
    word = unicodedata.normalize("NFKD", word.translate(_INVISIBLE)).casefold()
    word = "".join(sign for sign in word if not unicodedata.combining(sign))
    word = _APOSTROPHES.sub("", word)
    return "".join(sign for sign in word if sign.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def get_stem(plain: str) -> str:
    """Return the stem: "penyaluran", "disalurkan" and "menyalurkan" give "salur"."""
    return find_root(STANDARD_SPELLING.get(plain, plain))


def list_plain(text: str) -> list[str]:
    """Return the normalised words of a text that are no stop words."""
    return [word.plain for word in split(clean(text)) if word.plain not in STOPWORDS]


def stem_text(text: str) -> str:
    """Return the distinct stems of a text in order of first occurrence, for the index."""
    return " ".join(dict.fromkeys(map(get_stem, list_plain(text))))


def stem_question(text: str) -> list[str]:
    """Return the distinct stems of a query."""
    return stem_text(text).split()


def clean(text: str) -> str:
    """Return the text without invisible characters."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))
