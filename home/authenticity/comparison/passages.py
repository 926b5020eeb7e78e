"""An official text prepared for comparison, and the runs of a pasted text in it."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from .reading import Reading
from .tokens import CUT, Gap, Token, is_border, join, prepare, tokenise

#: Maximum places at which a piece is tried.
_TRIES = 50
#: Marks beside official words that do not change their meaning.
_AROUND = frozenset('.,:;"()-…')


@dataclass
class Effort:
    """Remaining budget of a check, in tokens examined."""

    steps: int = 40_000

    def take(self, count: int) -> bool:
        """Spend so many tokens; return whether the budget allows it."""
        self.steps -= count
        return self.steps > 0

    @property
    def is_spent(self) -> bool:
        return self.steps <= 0


@dataclass(frozen=True)
class Run:
    """Pieces of the pasted text, from ``first`` to before ``last``, found between two tokens of a passage."""

    first: int
    last: int
    passage: "Passage"
    start: int
    end: int
    #: Whether it begins and ends at sentence borders of the passage.
    is_begun: bool = True
    is_ended: bool = True

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Passage:
    """An official text, labelled with the place where it is published."""

    place: str
    text: str
    plain: str
    #: Whether these are the office's statements, or text of the site around them.
    is_statement: bool = True

    @classmethod
    def of(cls, place: str, text: str, *, is_statement: bool = True) -> "Passage":
        return cls(place, text, join(tokenise(prepare(text))[0]), is_statement)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.plain.split())

    @cached_property
    def prepared(self) -> str:
        return prepare(self.text)

    @cached_property
    def _tokens(self) -> tuple[list[Token], Gap]:
        return tokenise(self.prepared)

    @property
    def tokens(self) -> list[Token]:
        return self._tokens[0]

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The URLs in the text, normalised."""
        return frozenset(word for word in self.plain.split() if word.startswith("@"))

    @cached_property
    def _offsets(self) -> list[int]:
        """Start of each token in ``plain``."""
        offsets, place = [], 1
        for token in self.tokens:
            offsets.append(place)
            place += len(token.plain) + 1
        return offsets

    @cached_property
    def borders(self) -> list[bool]:
        """Whether a sentence or a line begins before each token; the last one is the end."""
        return [is_border(self.prepared, self.tokens, place) for place in range(len(self.tokens) + 1)]

    @cached_property
    def anchors(self) -> frozenset[int]:
        """Before which tokens the site shows something else: at empty lines and at both ends."""
        blank = {place for place, token in enumerate(self.tokens) if token.gap.is_blank}
        return frozenset({0, len(self.tokens), *blank})

    def has_words_of(self, reading: Reading, number: int) -> bool:
        """Say whether each word of a piece is somewhere in the passage, with or without its enumerator."""
        return any(words <= self.words for _text, words in reading.sought[number])

    def follow(self, reading: Reading, first: int, effort: Effort, after: int = 0) -> Run | None:
        """Return the longest run that begins with the piece ``first``, preferably not before the token ``after``."""
        token = reading.pieces[first].first
        best = None
        for skipped, (sought, words) in enumerate(reading.sought[first]):
            start = self.plain.find(sought) if words <= self.words else -1
            for _try in range(_TRIES):
                if start < 0 or not effort.take(1 + len(self.plain) // 1_000):
                    break
                found = self._run(reading, first, token + skipped, bisect_left(self._offsets, start + 1), effort)
                best = max(best, found, key=lambda run: _rate(run, after))
                start = self.plain.find(sought, start + 1)
        return best

    def _run(self, reading, first, token, start, effort) -> Run | None:
        """Return the run from these tokens of pasted text and passage to its last whole piece."""
        if not _stands_around(reading.tokens[token].gap, self._get_gap(start)):
            return None
        pieces, here, there, best = reading.pieces, start, token, None
        for number in range(first, len(pieces)):
            if number > first and reading.is_enumerator(there) and not self._has(here, reading.tokens[there].plain):
                # Forwarded lists often number their lines.
                if not self.borders[here] or not _stands_around(reading.tokens[there].gap, self._get_gap(here)):
                    break
                there += 1
            place = there
            while place < pieces[number].last and self._has(here, reading.tokens[place].plain):
                is_counted = place == there != pieces[number].first
                if place != token and not self._fits(here, reading, place, is_counted=is_counted):
                    break
                here, place = here + 1, place + 1
            if not effort.take(place - there + 1) or place < pieces[number].last:
                break
            there = place
            run = Run(first, number + 1, self, start, here, self.borders[start], self._ends(reading, here, there))
            best = run if best is None or run.is_ended or not best.is_ended else best
        return best

    def _has(self, place: int, plain: str) -> bool:
        return place < len(self.tokens) and self.tokens[place].plain == plain

    def _get_gap(self, place: int) -> Gap:
        return self.tokens[place].gap if place < len(self.tokens) else self._tokens[1]

    def _fits(self, here: int, reading: Reading, there: int, *, is_counted: bool) -> bool:
        """Say whether the marks before a token mean the same in both texts.

        ``is_counted``: the token follows a number that only counts the line.
        """
        official, pasted = self.tokens[here].gap, reading.tokens[there].gap
        if is_counted:
            return _stands_around(pasted, official)
        if official.is_line:
            if pasted.is_line:
                return _stands_around(pasted, official)
            # A heading may continue as "Syarat: …", a paragraph after its full stop.
            return _stands_around(pasted, official) and (pasted.is_end or ":" in pasted.marks or "-" in pasted.marks)
        if _level(official.marks) == _level(pasted.marks):
            return True
        if not pasted.is_line or not official.is_end:
            return False
        if not pasted.marks:
            # The end of a line ends a sentence only if the next line begins like one.
            first = reading.text[reading.tokens[there].start]
            return first.isdigit() or (first.isupper() and not _is_shouted(reading.text, reading.tokens[there]))
        return _strip(official.marks) == _strip(pasted.marks)

    def _ends(self, reading: Reading, here: int, there: int) -> bool:
        """Say whether both texts end a sentence here, without another mark behind it."""
        following = reading.tokens[there] if there < len(reading.tokens) else None
        if following is not None and following.kind == "address" and self._has_address(here):
            return False
        pasted = following.gap if following is not None else reading.tail
        return self.borders[here] and _stands_around(pasted, self._get_gap(here))

    def _has_address(self, place: int) -> bool:
        return place < len(self.tokens) and self.tokens[place].kind == "address"


def is_cut(gap: Gap) -> bool:
    """Say whether the marks show that words were left out."""
    return CUT in gap.marks


def _rate(run: Run | None, after: int) -> tuple:
    if run is None:
        return (-1,)
    is_after = run.start >= after
    return (run.last, run.is_begun and run.is_ended, is_after, -run.start if is_after else run.start)


def _stands_around(pasted: Gap, official: Gap) -> bool:
    """Say whether the marks beside official words do not change their meaning."""
    strange = set(pasted.marks) - _AROUND - set(official.marks)
    return not strange and ("?" in pasted.marks) == ("?" in official.marks)


def _level(marks: str) -> str:
    return marks.replace(CUT, ".")


def _strip(marks: str) -> str:
    return _level(marks).translate(str.maketrans("", "", '"()'))


def _is_shouted(text: str, token: Token) -> bool:
    word = text[token.start : token.end]
    return len(word) > 1 and word.isupper()
