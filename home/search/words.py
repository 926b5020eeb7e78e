"""Words as the search compares them: written alike, spelt alike, without Indonesian affixes. Plain Python.

Both databases are given the same stems, so neither brings rules of a language of its own.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_APOSTROPHES = re.compile(r"['’ʼ]")
#: Signs of no width, signs that turn the direction of writing, and what chooses the look of an emoji.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [*range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080)]
)
#: Longer runs of characters are no word that somebody looks for.
LONGEST_WORD = 40

#: What carries no meaning in a question and stands in every text: neither indexed nor asked for.
STOPWORDS = frozenset(
    re.findall(
        r"\w+",
        """
    ada adalah agar atau bagi bahwa dalam dan dari dengan di hingga ini itu juga karena ke kepada oleh pada para
    saat sebagai secara serta telah tentang tersebut untuk yaitu yang
        """,
    )
)

#: Spellings that people use, and the one that EYD V has.
STANDARD_SPELLING = {
    "analisa": "analisis",
    "antri": "antre",
    "antrian": "antrean",
    "apotik": "apotek",
    "atlit": "atlet",
    "dexember": "desember",
    "efektifitas": "efektivitas",
    "ektp": "ktpel",
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
#: Stems that the rules miss because the affix ate a letter.
_STEMS = {"perekaman": "rekam", "perekam": "rekam", "perumahan": "rumah", "perawatan": "rawat", "perusakan": "rusak"}

_stemmer = snowballstemmer.stemmer("indonesian")
#: The stemmer keeps the word it works on in itself, and readers are served by several threads.
_stemmer_lock = Lock()


@dataclass(frozen=True)
class Word:
    """One word of a text: where it stands, and what it is compared by."""

    start: int
    end: int
    plain: str

    @property
    def stem(self) -> str:
        return get_stem(self.plain)


def split(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` in their order; positions are those of ``text`` itself."""
    for found in _TOKEN.finditer(text):
        plain = make_plain(found.group())
        if plain:
            yield Word(found.start(), found.end(), plain)


@lru_cache(maxsize=100_000)
def make_plain(word: str) -> str:
    """Return a word in small Latin letters without marks and apostrophes: "Jum’at" is "jumat"."""
    word = unicodedata.normalize("NFKD", word.translate(_INVISIBLE)).casefold()
    word = "".join(sign for sign in word if not unicodedata.combining(sign))
    word = _APOSTROPHES.sub("", word)
    return "".join(sign for sign in word if sign.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def get_stem(plain: str) -> str:
    """Return what a word shares with its relatives: "penyaluran", "disalurkan" and "menyalurkan" are "salur"."""
    plain = STANDARD_SPELLING.get(plain, plain)
    if plain in _STEMS:
        return _STEMS[plain]
    with _stemmer_lock:
        return _stemmer.stemWord(plain)


def stem_text(text: str) -> str:
    """Return the stems of a text, each once, in the order of their first standing; what a database indexes."""
    return " ".join(dict.fromkeys(word.stem for word in split(clean(text)) if word.plain not in STOPWORDS))


def stem_question(text: str) -> list[str]:
    """Return the stems that a reader asks for, each once."""
    return stem_text(text).split()


def clean(text: str) -> str:
    """Return the text without invisible signs, which would cut a word in two or hide it."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))
