"""Cuts out of a long official text the part that a pasted text is about."""

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import pairwise

from .tokens import prepare, tokenise

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")
#: A pair of words that stands more often in the pasted text says little about where it is from.
_TIMES = 5
#: By how many words, at least, the two texts may drift apart.
_DRIFT = 8


def cut_out(official: str, asked: list[str]) -> str:
    """Return the stretch of the official text in which the pairs of the words asked for stand in their order."""
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
    """Return (place in the official text, place in the pasted one) of the pairs that lie on one line."""
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
    """Return where the stretch begins: as many words before the first pair as were pasted, in one sentence."""
    start = words[max(0, first - count)].start
    stops = [found.end() for found in _SENTENCE_END.finditer(text, start, words[first].start)]
    return stops[-1] if stops else start


def _reach_on(text, words, last, count) -> int:
    """Return where it ends, in the same way."""
    end = words[min(len(words) - 1, last + max(0, count))].end
    stop = _SENTENCE_END.search(text, words[last].end, end)
    return stop.start() + 1 if stop else end
