"""List the passages of a text that a quoted person can be asked about: each quote, and each line of its own.

A passage is its words, whole: whoever changes one has another passage.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from .comment_anchors import Places

#: Words of a line that says something, and characters that a person reads on a phone.
FEWEST_WORDS, LONGEST = 4, 2000


@dataclass(frozen=True)
class Passage:
    """Words of a text; ``source`` is who said them where the text names somebody beside them."""

    label: str
    text: str
    source: str = ""

    @property
    def key(self) -> str:
        """Return the passage's name in a form, which changes with its words."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def list_passages(page) -> list[Passage]:
    """Return the quotes of the page, then its other lines, each once."""
    found: dict[str, Passage] = {}
    for passage in (*list_quotes(page), *_list_lines(page)):
        if len(passage.text) <= LONGEST:
            found.setdefault(passage.text, passage)
    return list(found.values())


def list_quotes(page) -> list[Passage]:
    """Return the quotes of the page, with who said them as part of their words."""
    return [
        Passage(f"Kutipan {number}", f"“{_tidy(words)}”\n{_tidy(source)}", _tidy(source))
        for number, (words, source) in enumerate(page.get_quotes(), start=1)
    ]


def _list_lines(page) -> Iterator[Passage]:
    parts = {_tidy(part) for quote in page.get_quotes() for part in quote}
    for label, words in Places(page).read_texts():
        text = _tidy(words)
        if text not in parts and len(text.split()) >= FEWEST_WORDS:
            yield Passage(label, text)


def _tidy(words: str) -> str:
    return " ".join(words.split())
