"""Compares two versions of a moderated page as citizens see them."""

from collections import Counter

from .fields import read_fields
from .lookup import Lookup
from .results import BlockChange, Changes, FieldChange, ListChange, MediaChange, Status, TextChange, ValueChange
from .richtext import tokenise
from .texts import Comparison
from .units import Leaf, Unit, pair_up
from .word_matching import Budget

#: Parts shown of one field.
MOST_PARTS = 1_000


def compare(old_page, new_page) -> Changes:
    """Return the changes of every field that citizens see, between two versions of one page.

    Bounded in time and length: a text that is too long or wholly different is shown before and after.
    """
    budget = Budget()
    old_fields, new_fields = read_fields(old_page, budget), read_fields(new_page, budget)
    units = [unit for fields in (old_fields, new_fields) for field in fields for unit in field.units]
    lookup = Lookup(units, get_media_facts(old_page), get_media_facts(new_page))
    comparer = _Comparer(lookup, budget)
    return Changes([comparer.compare_field(*pair) for pair in zip(old_fields, new_fields, strict=True)])


def get_media_facts(page) -> dict:
    """Return the facts logged about the page's pictures and documents (see ``versions.load_version``)."""
    return getattr(page, "recorded_media", {})


class _Comparer:
    def __init__(self, lookup: Lookup, budget: Budget):
        self.lookup = lookup
        self.texts = Comparison(budget, lookup.name_link)

    def compare_field(self, old, new) -> FieldChange:
        if new.is_set:
            parts = (self._compare_names(old, new),)
        elif new.is_single:
            parts = tuple(self._compare_leaves(old.units[0].leaves, new.units[0].leaves))
        else:
            parts = tuple(self._compare_units(old.units, new.units))
        statuses = {part.status for part in parts if not isinstance(part, BlockChange) or not part.is_equal}
        statuses |= {Status.CHANGED for part in parts if isinstance(part, BlockChange) and part.moved}
        status = _sum_up(statuses - {Status.EQUAL}, bool(old), bool(new))
        return FieldChange(new.name, new.label, status, parts[:MOST_PARTS], max(len(parts) - MOST_PARTS, 0))

    def _compare_names(self, old, new) -> ListChange:
        before, after = Counter(old.names), Counter(new.names)
        entries = [(Status.REMOVED, name) for name in (before - after).elements()]
        entries += [(Status.ADDED if name not in before else Status.EQUAL, name) for name in after.elements()]
        statuses = {status for status, _name in entries} - {Status.EQUAL}
        entries.sort(key=lambda entry: entry[1].casefold())
        return ListChange(new.label, _sum_up(statuses, bool(before), bool(after)), tuple(entries))

    def _compare_units(self, old: list[Unit], new: list[Unit]):
        pairs = pair_up(old, new)
        numbers_old, numbers_new = _number(old), _number(new)
        for pair in pairs:
            unit = next(side for side in (pair.new, pair.old) if side is not None)
            number = numbers_new[pair.new_place - 1] if pair.new else numbers_old[pair.old_place - 1]
            label = f"{unit.label} {number}" if number else unit.label
            # The key may belong to another object now.
            yield self._compare_pair(pair, label if pair.new or not number else f"{label} versi lama")

    def _compare_pair(self, pair, label: str) -> BlockChange:
        old, new = pair.old or Unit("", ""), pair.new or Unit("", "")
        notes = []
        if pair.old and pair.new and old.type != new.type:
            values = self._compare_other_type(old, new)
            if old.label != new.label:
                notes.append(f"{old.label.lower()} menjadi {new.label.lower()}")
        else:
            values = self._compare_leaves(old.leaves, new.leaves)
        values = tuple(values)
        blocks = tuple(self._compare_units(old.children, new.children))
        statuses = {value.status for value in values} | {block.status for block in blocks if not block.is_equal}
        statuses |= {Status.CHANGED for block in blocks if block.moved}
        if notes:
            statuses.add(Status.FORMATTED)
        status = _sum_up(statuses - {Status.EQUAL}, pair.old is not None, pair.new is not None)
        places = (pair.old_place, pair.new_place) if pair.moved else (0, 0)
        return BlockChange(label, status, values, blocks, tuple(notes), *places)

    def _compare_other_type(self, old: Unit, new: Unit):
        """Compare the words of two units of different types; what only one type has was added or removed."""
        old_text, new_text = old.get_text(), new.get_text()
        for leaf in old.leaves:
            if leaf is not old_text and leaf.kind != "value":
                yield self._compare_leaf(leaf, None)
        for leaf in new.leaves:
            if leaf is new_text and old_text is not None:
                tokens = [get_tokens(text) for text in (old_text, new_text)]
                yield self.texts.compare_tokens(leaf.label, *tokens)
            elif leaf.kind != "value":
                yield self._compare_leaf(None, leaf)

    def _compare_leaves(self, old: list[Leaf], new: list[Leaf]):
        before = {leaf.path: leaf for leaf in old}
        after = {leaf.path: leaf for leaf in new}
        for path in dict.fromkeys([*after, *before]):
            change = self._compare_leaf(before.get(path), after.get(path))
            if not _is_empty(change):
                yield change

    def _compare_leaf(self, old: Leaf | None, new: Leaf | None):
        leaf = next(side for side in (new, old) if side is not None)
        before, after = (side.value if side else None for side in (old, new))
        if leaf.kind == "text":
            return self.texts.compare_plain(leaf.label, before or "", after or "")
        if leaf.kind == "words":
            if before == after:
                return self.texts.show_tokens(leaf.label, after)
            return self.texts.compare_tokens(leaf.label, before or [], after or [])
        if leaf.kind in {"picture", "file"}:
            return self._compare_media(leaf, before, after)
        if leaf.kind == "name":
            same = before == after
            before, after = self.lookup.name(before), self.lookup.name(after)
        else:
            same = before == after
        status = Status.EQUAL if same else _sum_up({Status.CHANGED}, bool(before), bool(after))
        return ValueChange(leaf.label, status, before or "", after or "")

    def _compare_media(self, leaf: Leaf, before, after) -> MediaChange:
        notes = self.lookup.describe_difference(leaf.kind, after) if before and before == after else ()
        changed = before != after or notes
        status = _sum_up({Status.CHANGED}, bool(before), bool(after)) if changed else Status.EQUAL
        old, new = self.lookup.media(leaf.kind, before, "before"), self.lookup.media(leaf.kind, after, "after")
        return MediaChange(leaf.label, status, leaf.kind, old, new, notes)


def get_tokens(leaf: Leaf) -> list:
    """Return the words of a leaf of either kind of text."""
    return leaf.value if leaf.kind == "words" else tokenise(leaf.value)


def _number(units: list[Unit]) -> list[int]:
    """Return each unit's number among those of its type ("Paragraf 3"), 0 for a single one."""
    totals, numbers = Counter(unit.label for unit in units), []
    counts: Counter[str] = Counter()
    for unit in units:
        counts[unit.label] += 1
        numbers.append(counts[unit.label] if totals[unit.label] > 1 else 0)
    return numbers


def _sum_up(statuses: set, had: bool, has: bool) -> Status:
    """Return the one status that sums up the parts."""
    if not had and not has:
        return Status.EQUAL
    if not had or not has:
        return Status.ADDED if has else Status.REMOVED
    if not statuses:
        return Status.EQUAL
    return Status.FORMATTED if statuses == {Status.FORMATTED} else Status.CHANGED


def _is_empty(change) -> bool:
    """Say whether both versions are empty here."""
    if change.status != Status.EQUAL:
        return False
    if isinstance(change, TextChange):
        return not change.stretches
    if isinstance(change, MediaChange):
        return change.after is None
    return isinstance(change, ValueChange) and not change.after
