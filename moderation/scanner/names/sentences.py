"""Find all private persons whom a sentence names."""

import re

from .. import lexicon
from ..source import Source
from .after_roles import find_after_roles
from .before_facts import find_before_facts
from .introduced import find_introduced
from .recognition import Person, keep_apart

_CAPITAL = re.compile(r"[A-Z][A-Za-z]*")


def find_persons(source: Source, start: int, end: int, cues: list[int]) -> list[Person]:
    """Return the private persons named in a sentence; ``cues`` are where its words about children or illness stand."""
    if all(word.casefold() in lexicon.NO_NAMES for word in _CAPITAL.findall(source.text, start, end)):
        return []
    persons = [*find_introduced(source, start, end), *find_after_roles(source, start, end)]
    return keep_apart([*persons, *find_before_facts(source, start, cues)])
