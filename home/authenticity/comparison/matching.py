"""Match a pasted text with one published version: whole, in part, with additions, or not.

Every piece of the pasted text is official, or a usual addition of forwarded messages, or added.
"""

import re
from dataclasses import dataclass
from enum import Enum

from .courtesy import ALARMING
from .passages import Effort, Passage, Run, is_cut
from .reading import Piece, Reading

#: Minimum words of an official stretch; shorter ones are in many texts.
FEWEST_WORDS = 5
#: Minimum share of official words for the others to count as additions.
_CORE = 0.5
#: Minimum share of official words for an addition to count as a changed sentence.
_CHANGED = 0.6
#: Hashtags without a statement.
_TAGS = frozenset(
    re.findall(
        r"\w+",
        """
        info infowarga infopenting infoterkini informasi informasipublik pengumuman berita
        beritaterkini agenda kegiatan warga desa kecamatan kabupaten pemerintah pelayanan
        pelayananpublik ppid
        """,
    )
)


#: First words of each part of the verification box below an article, which is free at the end of a text.
_BOX = ("diverifikasi ", "isi berita ini sama dengan naskah ", "tanggal verifikasi ", "nomor register ", "sidik isi ")


class Extent(Enum):
    """Extent to which the two texts are the same."""

    NONE = 0
    #: All official sentences, with others around them.
    ADDED = 1
    #: Only official sentences in order, with some left out or the last one openly cut off.
    PART = 2
    #: Only consecutive official sentences.
    WHOLE = 3


@dataclass(frozen=True)
class Match:
    """Result of matching a pasted text with a version."""

    extent: Extent = Extent.NONE
    places: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()


class Matcher:
    """Matches one pasted text with the passages of several versions in turn."""

    def __init__(self, reading: Reading, office_words: frozenset[str], effort: Effort):
        self.reading = reading
        self.office_words = office_words
        self.effort = effort

    def match(self, passages: tuple[Passage, ...]) -> Match:
        """Match the pasted text with the passages of one version."""
        if self.reading.is_too_long:
            return Match()
        runs, left = self._cover(passages)
        if self.effort.is_spent:
            return Match()
        official = [run for run in runs if run.passage.is_statement]
        if not official:
            return Match()
        strange = self._find_misplaced(runs)
        official = [run for run in official if run not in strange]
        known = frozenset().union(self.office_words, _TAGS, *(passage.words for passage in passages))
        left += [piece for run in strange for piece in self.reading.pieces[run.first : run.last]]
        left = [piece for piece in left if not self._is_carried(piece, known)]
        places = tuple(dict.fromkeys(run.passage.place for run in runs if run not in strange))
        extent = self._judge(official, left)
        if extent is Extent.NONE or not left:
            return Match(extent, places)
        left.sort(key=lambda piece: piece.first)
        return Match(extent, places, tuple(self._write(left)))

    def _cover(self, passages) -> tuple[list[Run], list[Piece]]:
        """Return the runs of pieces covered by official passages, in order, and the remaining pieces."""
        runs: list[Run] = []
        left: list[Piece] = []
        number, pieces = 0, self.reading.pieces
        while number < len(pieces) and not self.effort.is_spent:
            run = self._find_run(passages, number, runs)
            if run is None:
                left.append(pieces[number])
                number += 1
            else:
                runs.append(run)
                number = run.last
        return runs, left

    def _find_run(self, passages, number, runs) -> Run | None:
        if self.reading.pieces[number].kind in ("address", "tags") and not runs:
            return None
        before = runs[-1] if runs else None
        best = None
        for passage in passages:
            if not passage.has_words_of(self.reading, number):
                continue
            after = max((run.end for run in runs if run.passage is passage), default=0)
            run = passage.follow(self.reading, number, self.effort, after)
            if run is None or not self._is_telling(run):
                continue
            rate = (run.last, run.is_begun and run.is_ended, before is not None and before.passage is passage)
            if best is None or rate > best[0]:
                best = (rate, run)
        return best[1] if best else None

    def _is_telling(self, run: Run) -> bool:
        """Say whether a run is evidence: not a few words of a sentence's middle or of the facts around the text."""
        if run.is_begun and run.is_ended:
            return True
        return run.passage.is_statement and run.length >= FEWEST_WORDS

    def _find_misplaced(self, runs: list[Run]) -> list[Run]:
        """Return the runs of facts around the text at places where the site does not show them."""
        misplaced = []
        for place, run in enumerate(runs):
            if run.passage.is_statement:
                continue
            before = next((each for each in reversed(runs[:place]) if _is_article(each)), None)
            after = next((each for each in runs[place + 1 :] if _is_article(each)), None)
            is_box = after is None and _is_verification_box(run)
            if not (_is_at_anchors(run) and (is_box or _is_place_between(before, after))):
                misplaced.append(run)
        return misplaced

    def _judge(self, official: list[Run], left: list[Piece]) -> Extent:
        """Return the extent that the runs add up to."""
        if not official:
            return Extent.NONE
        is_cut_off = self._is_cut_off_openly(official[-1])
        for place, run in enumerate(official):
            is_last = place == len(official) - 1
            if not run.is_begun or not (run.is_ended or (is_last and is_cut_off)):
                return Extent.NONE
        follows = list(_list_neighbours(official))
        if any(before.end > after.start for before, after in follows):
            return Extent.NONE
        has_gap = is_cut_off or any(before.end < after.start for before, after in follows)
        if not left:
            return Extent.PART if has_gap else Extent.WHOLE
        count = sum(run.length for run in official)
        others = sum(len(piece) for piece in left)
        if has_gap or count < FEWEST_WORDS or count < _CORE * (count + others):
            return Extent.NONE
        return Extent.NONE if self._are_changed(official, left) else Extent.ADDED

    def _is_cut_off_openly(self, run: Run) -> bool:
        """Say whether the last official sentence is cut off with "…"."""
        if run.is_ended or run.length < FEWEST_WORDS:
            return False
        pieces, tokens = self.reading.pieces, self.reading.tokens
        end = pieces[run.last - 1].last
        return is_cut(tokens[end].gap if end < len(tokens) else self.reading.tail)

    def _are_changed(self, official: list[Run], left: list[Piece]) -> bool:
        """Say whether the remaining pieces are the official text in other words."""
        known = frozenset().union(*(run.passage.words for run in official))
        for piece in left:
            words = [token.plain for token in self.reading.tokens[piece.first : piece.last]]
            if len(words) > 1 and sum(word in known for word in words) >= _CHANGED * len(words):
                return True
        return False

    def _is_carried(self, piece: Piece, known: frozenset[str]) -> bool:
        """Say whether a piece is a usual addition: a greeting, a link, or tags of words in the text."""
        if piece.kind == "courtesy":
            return True
        if piece.kind == "address":
            # Whose it is, is said of each address.
            token = self.reading.tokens[piece.first]
            return not {"~", "✗", "?"} & set(token.gap.marks)
        if piece.kind == "tags":
            return all(self._is_known_tag(words, known) for _written, words in self.reading.list_tags(piece))
        return False

    def _is_known_tag(self, words: list[str], known) -> bool:
        whole, *parts = words
        if ALARMING & set(words):
            return False
        return whole in known or (bool(parts) and all(part in known for part in parts))

    def _write(self, left: list[Piece]) -> list[str]:
        """Return the remaining pieces as written, neighbours joined."""
        written: list[str] = []
        end = -1
        for piece in left:
            text = self.reading.write(piece)
            if piece.first == end:
                written[-1] += f" {text}"
            else:
                written.append(text)
            end = piece.last
        return [text for text in written if text]


def _is_at_anchors(run: Run) -> bool:
    return run.start in run.passage.anchors and run.end in run.passage.anchors


def _is_verification_box(run: Run) -> bool:
    """Say whether a run of facts consists of parts of the verification box only."""
    starts = sorted(place for place in run.passage.anchors if run.start <= place < run.end)
    tokens = run.passage.tokens
    return all(f"{' '.join(token.plain for token in tokens[start : start + 8])} ".startswith(_BOX) for start in starts)


def _is_place_between(before: Run | None, after: Run | None) -> bool:
    """Say whether the site shows something else between two stretches of the article; one may be missing."""
    if before is not None and after is not None:
        return before.end == after.start and before.end in before.passage.anchors
    if before is not None:
        return before.end in before.passage.anchors
    return after is not None and after.start == 0


def _is_article(run: Run) -> bool:
    return run.passage.is_statement and len(run.passage.anchors) > 2


def _list_neighbours(official: list[Run]):
    """Yield each run with the previous one in the same passage."""
    last: dict[int, Run] = {}
    for run in official:
        if id(run.passage) in last:
            yield last[id(run.passage)], run
        last[id(run.passage)] = run
