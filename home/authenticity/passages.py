"""One official text as it is compared: its words, and where its sentences begin."""

import re
from dataclasses import dataclass
from functools import cached_property

from home.search.words import clean, split

from .reading import find_addresses, join, leave_out, unmask

#: What stands between two words where a sentence or a paragraph ends.
_BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")
#: Places at which a line is tried; a line that stands more often says little.
_TRIES = 50


@dataclass(frozen=True)
class Passage:
    """A text under the name of the place where citizens read it."""

    place: str
    text: str
    #: Whether these are words of the office, or what the site writes around them.
    is_statement: bool = True

    @cached_property
    def _compared(self) -> str:
        return unmask(leave_out(clean(self.text)))

    @cached_property
    def plain(self) -> str:
        return join(self._compared)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.plain.split())

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses that the office itself named."""
        return frozenset(find_addresses(clean(self.text)))

    @cached_property
    def breaks(self) -> frozenset[int]:
        """The positions in ``plain`` at which a sentence begins or the text ends."""
        found, position, end = {0}, 0, 0
        for word in split(self._compared):
            if _BREAK.search(self._compared, end, word.start):
                found.add(position)
            position, end = position + 1 + len(word.plain), word.end
        return frozenset(found | {position})

    def follow(self, lines: list[str], first: int) -> int:
        """Return before which line the longest run of lines from ``first`` on ends that stands here on end.

        A run that others stand before or after begins and ends where sentences do: whoever leaves out the
        words between two lines may leave out the "tidak".
        """
        best, start = first, self.plain.find(lines[first])
        for _try in range(_TRIES):
            if start < 0:
                break
            if first == 0 or start in self.breaks:
                best = max(best, self._run(lines, first, start))
            start = self.plain.find(lines[first], start + 1)
        return best

    def _run(self, lines, first, start) -> int:
        best, end = first, start
        for number in range(first, len(lines)):
            if not self.plain.startswith(lines[number], end):
                break
            end += len(lines[number]) - 1
            if number == len(lines) - 1 or end in self.breaks or end == len(self.plain) - 1:
                best = number + 1
        return best
