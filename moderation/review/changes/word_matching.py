"""Match the words of two texts in bounded time.

``difflib`` matches as a person would, but takes minutes on a few thousand repeated words. Words
that occur once in both texts are therefore matched first (a patience diff, n log n); ``difflib``
runs only in the small gaps between them, as long as the budget lasts. The rest counts as rewritten.
"""

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

#: One word each: "Rp1.250.000,00", "09.00", "11/2/2026", "ke-81", "...".
WORD = re.compile(r"\w++(?:[.,:/'’-]\w++)*|([^\w\s])\1*")
#: Pairs of words that ``difflib`` may compare in one gap.
GAP_CELLS = 40_000
#: Recursion depth: how often a gap is searched for words that occur once in it.
DEPTH = 12


@dataclass
class Budget:
    """Cost limits of one comparison of two versions, shared by all their parts."""

    read: int = 300_000
    characters: int = 200_000
    cells: int = 400_000
    shown: int = 400_000
    stretches: int = 4_000

    def take_read(self, count: int) -> bool:
        """Say whether a rich text of this length may still be read."""
        if count > self.read:
            return False
        self.read -= count
        return True

    def take_characters(self, count: int) -> bool:
        """Say whether texts of this length may still be compared word by word."""
        if count > self.characters:
            return False
        self.characters -= count
        return True

    def take_cells(self, count: int) -> bool:
        """Say whether a gap of so many pairs of words may still be searched."""
        if count > min(GAP_CELLS, self.cells):
            return False
        self.cells -= count
        return True

    def take_stretches(self, count: int) -> bool:
        """Say whether so many stretches of words may still be shown apart."""
        if count > self.stretches:
            return False
        self.stretches -= count
        return True

    def take_shown(self, length: int, most: int) -> int:
        """Return how many characters of a text of this length are shown."""
        length = min(length, most, self.shown)
        self.shown -= length
        return length


def match(old: list, new: list, budget: Budget) -> list[tuple[int, int, int]]:
    """Return (start in old, start in new, length) of the stretches that are the same, in order."""
    pairs: list[tuple[int, int]] = []
    stack = [(0, len(old), 0, len(new), DEPTH)]
    while stack:
        old_from, old_to, new_from, new_to, depth = stack.pop()
        while old_from < old_to and new_from < new_to and old[old_from] == new[new_from]:
            pairs.append((old_from, new_from))
            old_from, new_from = old_from + 1, new_from + 1
        while old_from < old_to and new_from < new_to and old[old_to - 1] == new[new_to - 1]:
            old_to, new_to = old_to - 1, new_to - 1
            pairs.append((old_to, new_to))
        if old_from == old_to or new_from == new_to:
            continue
        anchors = _find_anchors(old, new, old_from, old_to, new_from, new_to) if depth else []
        if anchors:
            ends = [*anchors, (old_to, new_to)]
            starts = [(old_from, new_from), *((i + 1, j + 1) for i, j in anchors)]
            stack += [(i, i2, j, j2, depth - 1) for (i, j), (i2, j2) in zip(starts, ends, strict=True)]
            pairs += anchors
        elif budget.take_cells((old_to - old_from) * (new_to - new_from)):
            matcher = SequenceMatcher(None, old[old_from:old_to], new[new_from:new_to], autojunk=False)
            for i, j, size in matcher.get_matching_blocks():
                pairs += [(old_from + i + k, new_from + j + k) for k in range(size)]
    return _join(sorted(pairs))


def _find_anchors(old, new, old_from, old_to, new_from, new_to) -> list[tuple[int, int]]:
    """Return the pairs of words that occur once in both, as many as stand in the same order."""
    count_old, count_new = Counter(old[old_from:old_to]), Counter(new[new_from:new_to])
    places = {new[j]: j for j in range(new_from, new_to) if count_new[new[j]] == 1}
    once = [(i, places[old[i]]) for i in range(old_from, old_to) if old[i] in places and count_old[old[i]] == 1]
    return [once[k] for k in longest_rise([j for _i, j in once])]


def longest_rise(numbers: list[int]) -> list[int]:
    """Return the indexes of the longest increasing subsequence of distinct numbers."""
    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tails, number)
        before.append(places[at - 1] if at else -1)
        tails[at : at + 1] = [number]
        places[at : at + 1] = [place]
    row, place = [], places[-1] if places else -1
    while place >= 0:
        row.append(place)
        place = before[place]
    return row[::-1]


def _join(pairs) -> list[tuple[int, int, int]]:
    """Merge adjacent matches into stretches."""
    stretches: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if stretches:
            start_i, start_j, size = stretches[-1]
            if (i, j) == (start_i + size, start_j + size):
                stretches[-1] = (start_i, start_j, size + 1)
                continue
        stretches.append((i, j, 1))
    return stretches
