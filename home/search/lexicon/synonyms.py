"""What citizens type for the words of the pages, as the office's table says; read at the question, never indexed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from home.models import Synonym
from news.memo import cached_until_change

from ..words import get_stem, list_plain

#: Words that are looked up together.
LONGEST = 4
#: Alternatives of one row; the rest is refused in the admin.
MOST_ALTERNATIVES = 6

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """A row: alternatives in stems, none for a word that is not searched for beside others."""

    alternatives: tuple[Phrase, ...]
    services_first: bool


@dataclass(frozen=True)
class Asked:
    """One or more words of a query, and the row that they have."""

    plain: Phrase
    meaning: Meaning | None = None

    @property
    def is_filler(self) -> bool:
        return self.meaning is not None and not self.meaning.alternatives

    def list_alternatives(self) -> tuple[Phrase, ...]:
        """Return what a page may have instead, in stems: the words themselves first."""
        own = tuple(dict.fromkeys(map(get_stem, self.plain)))
        return tuple(dict.fromkeys([own, *(self.meaning.alternatives if self.meaning else ())]))


def read_query(plain: Sequence[str]) -> list[Asked]:
    """Return the words of a query with their rows, the longest phrase that has one first."""
    table = cached_until_change(("synonyms",), _read)
    asked, turn = [], 0
    while turn < len(plain):
        phrases = (tuple(plain[turn : turn + length]) for length in range(LONGEST, 0, -1))
        phrase = next((phrase for phrase in phrases if phrase in table), (plain[turn],))
        asked.append(Asked(phrase, table.get(phrase)))
        turn += len(phrase)
    return asked


def list_phrases(text: str) -> list[Phrase]:
    """Return the phrases between the commas of a row, as normalised words."""
    return [phrase for phrase in (tuple(list_plain(part)) for part in text.split(",")) if phrase]


def _read() -> Mapping[Phrase, Meaning]:
    return dict(_list_rows())


def _list_rows() -> Iterator[tuple[Phrase, Meaning]]:
    for written, meant, services_first in Synonym.objects.values_list("written", "meant", "services_first"):
        alternatives = tuple(tuple(map(get_stem, phrase)) for phrase in list_phrases(meant))
        for phrase in list_phrases(written):
            yield phrase, Meaning(alternatives, services_first)
