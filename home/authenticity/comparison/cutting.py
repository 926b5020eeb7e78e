"""Cut from a long official text the part that a pasted text is about."""

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise

from .tokens import prepare, tokenise

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")
#: Maximum occurrences in the pasted text of a pair of words to use it for alignment.
_TIMES = 5
#: Minimum number of words by which the two texts may drift apart.
_DRIFT = 8


def cut_out(official: str, asked: list[str]) -> str:
    """Return the stretch of the official text that contains the pairs of the given words in order."""
    official = prepare(official)
    words = tokenise(official)[0]
    hits = _align(asked, [word.plain for word in words])
    if not hits:
        return official
    (first, before), (last, after) = min(hits), max(hits)
    begin = _reach_back(official, words, first, before)
    end = _reach_on(official, words, last + 1, len(asked) - after - 2)
    return official[begin:end]


def _align(asked: list[str], words: list[str]) -> list[tuple[int, int]]:
    """Return (position in the official text, position in the pasted one) of the pairs on one diagonal."""
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, pair in enumerate(pairwise(asked)):
        if len(places[pair]) < _TIMES:
            places[pair].append(place)
    found = [(here, there) for here, pair in enumerate(pairwise(words)) for there in places.get(pair, ())]
    found.sort(key=lambda hit: hit[0] - hit[1])
    shifts = [here - there for here, there in found]
    drift = max(_DRIFT, len(asked) // 4)
    ends = [bisect_right(shifts, shift + drift) for shift in shifts]
    if not found:
        return []
    best = max(range(len(found)), key=lambda turn: ends[turn] - turn)
    return found[best : ends[best]]


def _reach_back(text, words, first, count) -> int:
    """Return the stretch's beginning: as many words before the first pair as in the pasted text, in one sentence."""
    start = words[max(0, first - count)].start
    stops = [found.end() for found in _SENTENCE_END.finditer(text, start, words[first].start)]
    return stops[-1] if stops else start


def _reach_on(text, words, last, count) -> int:
    """Return the stretch's end, in the same way."""
    end = words[min(len(words) - 1, last + max(0, count))].end
    stop = _SENTENCE_END.search(text, words[last].end, end)
    return stop.start() + 1 if stop else end
