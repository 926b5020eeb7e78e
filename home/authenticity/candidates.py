"""Find the few versions that a text may be of, among all live and past ones."""

from collections import Counter
from itertools import zip_longest

from home.search import query
from home.search.words import STOPWORDS, get_stem, split

from .models import PublishedVersion
from .storing import INDEX

#: Maximum live and maximum past versions to compare with.
CANDIDATES = 12
#: Lengths in words of the stretches searched for; longer ones distinguish similar texts.
_WIDTHS, _WINDOWS = (4, 12), 8
#: Maximum words of the query for the whole text, which finds an unchanged one at once.
_ALL = 64
_KINDS = (PublishedVersion.LIVE, PublishedVersion.PAST)


def find(text: str) -> list[int]:
    """Return the versions that contain stretches of the text, most similar first, in one query."""
    words = [word.plain for word in split(text) if word.plain not in STOPWORDS]
    if not words:
        return []
    stretches = [words, *(stretch for width in _WIDTHS for stretch in _cut(words, width))]
    asked = dict.fromkeys(tuple(dict.fromkeys(map(get_stem, stretch[:_ALL]))) for stretch in stretches)
    questions = [(kind, stems) for kind in _KINDS for stems in asked]
    counted: dict[str, Counter] = {kind: Counter() for kind in _KINDS}
    for (kind, stems), found in zip(questions, query.find_each(INDEX, questions, CANDIDATES), strict=True):
        counted[kind].update(dict.fromkeys(found, len(stems)))
    best = [sorted(found, key=lambda key: (-found[key], -key))[:CANDIDATES] for found in counted.values()]
    return [key for pair in zip_longest(*best) for key in pair if key is not None]


def _cut(words: list[str], width: int) -> list[list[str]]:
    """Return stretches of this length, spread over the text."""
    last = max(0, len(words) - width)
    starts = sorted({round(last * turn / (_WINDOWS - 1)) for turn in range(_WINDOWS)})
    return [words[start : start + width] for start in starts]
