"""Reads what a citizen pasted: its lines of words, the addresses in it, and the tricks that hide a change."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from home.search.words import clean, split

#: Endings of addresses that are written without "https://"; any other dotted word may be the end of a sentence.
_ENDINGS = "id|com|net|org|info|me|ly|co|xyz|site|online|top|link|click|shop|app|live|io|gl|gle|cc|page|club|vip|store"
_ADDRESS = re.compile(
    rf"https?://[^\s<>\"']+|(?<![\w@.-])(?:[^\W_](?:[\w-]{{0,61}}[^\W_])?\.){{1,6}}(?:{_ENDINGS})\b(?!\.\w)(?::\d+)?"
    r"(?:[/?#][^\s<>\"']*)?",
    re.IGNORECASE,
)
_HASHTAGS_ALONE = re.compile(r"^[^\S\n]*(?:#\w+[^\S\n]*)+$", re.MULTILINE)
#: Tags that carry nothing that a reader would see as a word.
_TAG = re.compile(r"</?(?:p|br|b|strong|em|i|u|li|ul|ol|div|span|h[1-6]|blockquote)\s*/?>", re.IGNORECASE)
#: Signs that make a reader see letters and digits in another order than they stand in.
_TURNING = re.compile("[\u200f\u061c\u202b\u202d\u202e\u2067]")
#: Letters of other scripts that look like Latin ones.
_DISGUISES = str.maketrans(
    "аеорсухіјѕԁһѵԝԛүкмтвнгАВЕКМНОРСТУХІЈЅԌԚԜЗοανρτυικχγηΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɑɡℓ",
    "aeopcyxijsdhvwqykmtbhrABEKMHOPCTYXIJSGQW3oavptuikxynABEZHIKMNOPTYXiagl",
)


@dataclass(frozen=True)
class Reading:
    """One pasted text as the check reads it."""

    text: str

    @cached_property
    def addresses(self) -> list[str]:
        """The addresses in it, as they were written."""
        return find_addresses(clean(self.text))

    @cached_property
    def words(self) -> str:
        """The text without addresses, with every letter as it looks."""
        return unmask(leave_out(clean(_TAG.sub("\n", self.text))))

    @cached_property
    def lines(self) -> list[str]:
        """Its lines as they are compared."""
        return [line for line in map(join, self.words.splitlines()) if line]

    @cached_property
    def stems(self) -> list[str]:
        """The stems of its words, in their order."""
        return [word.stem for word in split(self.words)]

    @property
    def length(self) -> int:
        return sum(len(line.split()) for line in self.lines)

    @cached_property
    def disguised(self) -> tuple[str, ...]:
        """Words with letters that only look like what they are read as."""
        found = (word for word in re.findall(r"\w+", leave_out(clean(self.text))) if unmask(word) != word)
        return tuple(dict.fromkeys(found))[:10]

    @property
    def is_turned(self) -> bool:
        """Whether the order of what is seen may be another than that of what was pasted."""
        return bool(_TURNING.search(self.text))


def find_addresses(text: str) -> list[str]:
    return [found.rstrip(".,;:!?)]}*_~”’…") for found in _ADDRESS.findall(text)]


def leave_out(text: str) -> str:
    """Return the text without what is not compared as words: addresses, and lines of hashtags alone."""
    return _HASHTAGS_ALONE.sub(" ", _ADDRESS.sub(" ", text))


def join(text: str) -> str:
    """Return the words of a text as they are compared: spaces at both ends, one between words."""
    words = " ".join(word.plain for word in split(clean(text)))
    return f" {words} " if words else ""


def unmask(text: str) -> str:
    """Return the text with each letter of another script that looks Latin as that Latin letter."""
    return text.translate(_DISGUISES)


def read_address(address: str) -> SplitResult | None:
    """Return the parts of an address, with or without "https://"; None where it is none."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        return parts if parts.hostname else None
    except ValueError:
        return None
