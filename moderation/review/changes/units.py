"""Pair the blocks and paragraphs of two versions: by key, then by content, then by similarity."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from .richtext import Token
from .word_matching import WORD, longest_rise

#: Words compared to find similar units: of one unit, and of all together.
SAMPLE, SAMPLES = 400, 60_000
#: Pairs of units whose similarity is computed at most.
MOST_PAIRS = 4_000
#: Similarity from which two units count as one changed unit; higher where their types differ.
LIKE, LIKE_OF_OTHER_TYPE = 0.4, 0.7


@dataclass(frozen=True)
class Leaf:
    """One value inside a unit. ``kind``: text (str), words (tokens), value (str to show), picture or
    file (key), name (model label and key)."""

    path: str
    label: str
    kind: str
    value: Any


@dataclass
class Unit:
    """A block, a list item, or a paragraph of a rich text."""

    type: str
    label: str
    key: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    children: "list[Unit]" = field(default_factory=list)

    def get_text(self) -> Leaf | None:
        """Return the unit's own words, for comparison with a unit of another type."""
        return next((leaf for leaf in self.leaves if leaf.kind in {"text", "words"}), None)

    def get_content(self):
        """Return the content that identifies a unit regardless of its key."""
        leaves = tuple((leaf.path, leaf.kind, _freeze(leaf.value)) for leaf in self.leaves)
        return self.type, leaves, tuple(child.get_content() for child in self.children)

    def walk_leaves(self):
        """Yield every leaf of the unit and of the units inside it."""
        yield from self.leaves
        for child in self.children:
            yield from child.walk_leaves()


def _freeze(value):
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Pair:
    """A unit of the old and one of the new version (either may be missing) and their places, from 1.

    ``moved``: its place among the units of both versions changed.
    """

    old: Unit | None
    new: Unit | None
    old_place: int = 0
    new_place: int = 0
    moved: bool = False


def pair_up(old: list[Unit], new: list[Unit]) -> list[Pair]:
    """Return all units in the order of the new version, each removed one in its old place."""
    partner: dict[int, int] = {}  # new place -> old place
    left_old, left_new = dict(enumerate(old)), dict(enumerate(new))

    def join(i, j):
        partner[j] = i
        del left_old[i], left_new[j]

    _join_by(lambda unit: unit.key, left_old, left_new, join)
    _join_by(lambda unit: unit.get_content(), left_old, left_new, join)
    for i, j in _find_alike(left_old, left_new):
        join(i, j)
    return _put_in_order(old, new, partner)


def _join_by(get_mark, left_old, left_new, join) -> None:
    """Pair units with the same mark, in their order."""
    places = defaultdict(list)
    for i, unit in left_old.items():
        places[get_mark(unit)].append(i)
    for rows in places.values():
        rows.reverse()
    for j, unit in list(left_new.items()):
        mark = get_mark(unit)
        if mark and places.get(mark):
            join(places[mark].pop(), j)


def _find_alike(left_old, left_new) -> list[tuple[int, int]]:
    """Return the most similar pairs, the best first; with many units compare neighbours only."""
    if not left_old or not left_new:
        return []
    reach = max(MOST_PAIRS // max(len(left_old), len(left_new)), 1)
    sample = min(SAMPLE, SAMPLES // (len(left_old) + len(left_new)))
    bags_old = {i: _get_bag(unit, sample) for i, unit in left_old.items()}
    bags_new = {j: _get_bag(unit, sample) for j, unit in left_new.items()}
    rows_new = list(bags_new)
    weighed = []
    for row, i in enumerate(bags_old):
        first = max(row - reach // 2, 0) if len(rows_new) > reach else 0
        for j in rows_new[first : first + reach]:
            likeness = _weigh(bags_old[i], bags_new[j])
            same_type = left_old[i].type == left_new[j].type
            if likeness >= (LIKE if same_type else LIKE_OF_OTHER_TYPE):
                weighed.append((-likeness, abs(i - j), i, j))
    pairs, used_old, used_new = [], set(), set()
    for _likeness, _distance, i, j in sorted(weighed):
        if i not in used_old and j not in used_new:
            pairs.append((i, j))
            used_old.add(i)
            used_new.add(j)
    return pairs


def _get_bag(unit, sample: int) -> Counter:
    bag: Counter[str] = Counter()
    for leaf in unit.walk_leaves():
        if leaf.kind == "text":
            words = islice(WORD.finditer(leaf.value[: sample * 10]), sample)
            bag.update(word.group().casefold() for word in words)
        elif leaf.kind == "words":
            bag.update(token.key.strip().casefold() for token in leaf.value[:sample])
        elif leaf.value and leaf.kind != "value":
            bag[(leaf.kind, leaf.value)] += 5
    return bag


def _weigh(old: Counter, new: Counter) -> float:
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0


def _put_in_order(old, new, partner) -> list[Pair]:
    joined = sorted(partner)
    stayed = {joined[row] for row in longest_rise([partner[j] for j in joined])}
    kept = set(partner.values())
    gone = defaultdict(list)  # removed units by the last unit before them that stayed
    stays = {partner[j]: j for j in stayed}
    last = -1
    for i, unit in enumerate(old):
        if i in stays:
            last = stays[i]
        elif i not in kept:
            gone[last].append(Pair(unit, None, old_place=i + 1))
    pairs = list(gone[-1])
    for j, unit in enumerate(new):
        i = partner.get(j)
        if i is None:
            pairs.append(Pair(None, unit, new_place=j + 1))
        else:
            pairs.append(Pair(old[i], unit, i + 1, j + 1, moved=j not in stayed))
        pairs += gone[j]
    return pairs


def make_words(tokens: list[Token]) -> Leaf:
    """Return the leaf of a paragraph."""
    return Leaf("", "", "words", tokens)
