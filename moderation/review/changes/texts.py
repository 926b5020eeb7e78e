"""Compare two texts word by word, and the styles of unchanged words."""

from itertools import groupby

from .results import Segment, Status, Stretch, TextChange
from .richtext import Token, show_invisible, tokenise
from .word_matching import Budget, match

#: Characters shown of one text that could not be compared.
EXCERPT = 2_000
#: Characters shown of one text otherwise.
LONGEST = 40_000
#: A text of at least this many words with a smaller share of common ones counts as rewritten.
REWRITTEN_WORDS, REWRITTEN_SHARE = 8, 0.3
#: Makes an added or removed line break visible.
LINE_BREAK = "↵\n"
REWRITTEN = "seluruhnya ditulis ulang"
TOO_LONG = "terlalu panjang untuk dibandingkan kata demi kata"


class Comparison:
    """State shared by the texts of one comparison: the budget, and the names of link targets."""

    def __init__(self, budget: Budget, name_link=str):
        self.budget = budget
        self.name_link = name_link

    def compare_plain(self, label: str, old: str, new: str) -> TextChange:
        """Compare two texts without formatting."""
        old, new = old.strip(), new.strip()
        if old == new:
            return TextChange(label, Status.EQUAL, (self._show(new, Status.EQUAL),) if new else ())
        if not self.budget.take_characters(len(old) + len(new)):
            return self._give_up(label, old, new)
        change = self.compare_tokens(label, tokenise(old), tokenise(new))
        if change.status == Status.EQUAL:
            return TextChange(label, Status.CHANGED, change.stretches, note="hanya spasi yang berubah")
        return change

    def compare_tokens(self, label: str, old: list[Token], new: list[Token]) -> TextChange:
        """Compare two tokenised texts."""
        if not old or not new:
            status = _one_sided(old, new)
            return TextChange(label, status, self._stretch(status, old, new) if old or new else ())
        if not self.budget.take_characters(sum(len(token.key) for token in (*old, *new))):
            return TextChange(label, Status.CHANGED, self._stretch(Status.CHANGED, old, new), TOO_LONG, rewritten=True)
        same = match([token.key for token in old], [token.key for token in new], self.budget)
        if _is_rewritten(same, old, new) or not self.budget.take_stretches(2 * len(same)):
            stretches = self._stretch(Status.CHANGED, old, new)
            return TextChange(label, Status.CHANGED, stretches, note=REWRITTEN, rewritten=True)
        stretches = []
        for is_same, i, i2, j, j2 in _smooth(_get_operations(same, len(old), len(new))):
            if is_same:
                stretches += self._compare_looks(old[i:i2], new[j:j2])
            else:
                stretches += self._stretch(_one_sided(old[i:i2], new[j:j2]), old[i:i2], new[j:j2])
        return TextChange(label, _sum_up(stretches), tuple(stretches))

    def show_tokens(self, label: str, tokens: list[Token]) -> TextChange:
        """Return an unchanged text."""
        return TextChange(label, Status.EQUAL, self._stretch(Status.EQUAL, [], tokens))

    def _compare_looks(self, old, new):
        """Return the same words as stretches, split where their styles differ."""
        pairs = zip(old, new, strict=True)
        for looks, group in groupby(pairs, lambda pair: (*pair[0][1:], *pair[1][1:])):
            _before, after = zip(*group, strict=True)
            note = self._describe_looks(*looks)
            if note and not all(token.key == "\n" for token in after):
                yield from self._stretch(Status.FORMATTED, [], after, note)
            else:
                yield from self._stretch(Status.EQUAL, [], after)

    def _describe_looks(self, old_styles, old_link, new_styles, new_link) -> str:
        notes = [f"{style} ditambahkan" for style in sorted(new_styles - old_styles)]
        notes += [f"{style} dihapus" for style in sorted(old_styles - new_styles)]
        if old_link != new_link:
            if old_link is None:
                notes.append(f"tautan ditambahkan: {self.name_link(new_link)}")
            elif new_link is None:
                notes.append(f"tautan dihapus: {self.name_link(old_link)}")
            else:
                notes.append(f"tautan diubah dari {self.name_link(old_link)} menjadi {self.name_link(new_link)}")
        return ", ".join(notes)

    def _stretch(self, status, old, new, note="") -> tuple[Stretch, ...]:
        return (Stretch(status, self._segment(old, status), self._segment(new, status), note),)

    def _segment(self, tokens, status) -> tuple[Segment, ...]:
        segments = []
        for (styles, link), group in groupby(tokens, lambda token: token[1:]):
            text = show_invisible("".join(token.key for token in group))
            if status != Status.EQUAL:
                text = text.replace("\n", LINE_BREAK)
            text = _cut(text, self.budget.take_shown(len(text), LONGEST))
            segments.append(Segment(text, tuple(sorted(styles)), self.name_link(link) if link else ""))
        return tuple(segments)

    def _show(self, text: str, status: Status) -> Stretch:
        text = show_invisible(_cut(text, self.budget.take_shown(len(text), LONGEST)))
        return Stretch(status, after=(Segment(text),))

    def _give_up(self, label: str, old: str, new: str) -> TextChange:
        sides = [
            (Segment(show_invisible(_cut(text, self.budget.take_shown(len(text), EXCERPT)))),) if text else ()
            for text in (old, new)
        ]
        status = _one_sided(old, new)
        return TextChange(label, status, (Stretch(status, *sides),), note=TOO_LONG, rewritten=status == Status.CHANGED)


def _one_sided(old, new) -> Status:
    if old and new:
        return Status.CHANGED
    if old:
        return Status.REMOVED
    return Status.ADDED if new else Status.EQUAL


def _sum_up(stretches) -> Status:
    found = {stretch.status for stretch in stretches} - {Status.EQUAL}
    if not found:
        return Status.EQUAL
    return Status.FORMATTED if found == {Status.FORMATTED} else Status.CHANGED


def _cut(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    count = f"{len(text):,}".replace(",", ".")
    return f"{text[:length]}… (dipersingkat; seluruhnya {count} karakter)"


def _is_rewritten(same, old, new) -> bool:
    longer = max(len(old), len(new))
    common = sum(size for _i, _j, size in same)
    return min(len(old), len(new)) >= REWRITTEN_WORDS and common < REWRITTEN_SHARE * longer


def _get_operations(same, old_length, new_length):
    """Return (same, old from, old to, new from, new to), in order and without gaps."""
    operations, i, j = [], 0, 0
    for start_i, start_j, size in [*same, (old_length, new_length, 0)]:
        if (i, j) != (start_i, start_j):
            operations.append((False, i, start_i, j, start_j))
        if size:
            operations.append((True, start_i, start_i + size, start_j, start_j + size))
        i, j = start_i + size, start_j + size
    return operations


def _smooth(operations):
    """Merge one or two common words between two longer changes into the change: "di" and
    "yang" occur everywhere and would split a sentence into unreadable pieces."""
    smooth = []
    for place, operation in enumerate(operations):
        is_crumb = (
            operation[0]
            and 0 < place < len(operations) - 1
            and _measure(operation) <= 2
            and min(_measure(operations[place - 1]), _measure(operations[place + 1])) > _measure(operation)
        )
        if smooth and not smooth[-1][0] and (is_crumb or not operation[0]):
            _same, i, _i2, j, _j2 = smooth[-1]
            smooth[-1] = (False, i, operation[2], j, operation[4])
        else:
            smooth.append(operation)
    return smooth


def _measure(operation) -> int:
    _same, i, i2, j, j2 = operation
    return max(i2 - i, j2 - j)
