"""Results of a comparison for the templates: fields, their parts, and the words in them."""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """Change status of a field, a part or a stretch of words; the value is the word on screen."""

    EQUAL = "tidak berubah"
    ADDED = "ditambah"
    REMOVED = "dihapus"
    CHANGED = "diubah"
    FORMATTED = "format diubah"


@dataclass(frozen=True)
class Segment:
    """Words with the same styles (``STYLES`` of richtext) and link."""

    text: str
    styles: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True)
class Stretch:
    """Adjacent words of one status. CHANGED words have both sides, FORMATTED words a note on how."""

    status: Status
    before: tuple[Segment, ...] = ()
    after: tuple[Segment, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class TextChange:
    """A text compared word by word; ``rewritten`` when only before and after can be shown."""

    label: str
    status: Status
    stretches: tuple[Stretch, ...] = ()
    note: str = ""
    rewritten: bool = False
    kind = "text"

    @property
    def is_plain(self) -> bool:
        """Whether the whole text has one status, which the heading above it names."""
        return len(self.stretches) == 1


@dataclass(frozen=True)
class ValueChange:
    """A single value (a date, a choice, a category): before and after as text."""

    label: str
    status: Status
    before: str = ""
    after: str = ""
    note: str = ""
    kind = "value"


@dataclass(frozen=True)
class Media:
    """An image or document as one version had it; ``found`` is false when it was deleted."""

    pk: int
    title: str
    found: bool = True
    width: int = 0
    height: int = 0
    file_name: str = ""
    file_hash: str = ""


@dataclass(frozen=True)
class MediaChange:
    """An image (kind "picture") or document (kind "file"), before and after."""

    label: str
    status: Status
    kind: str
    before: Media | None = None
    after: Media | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_replaced(self) -> bool:
        """Whether another object took its place; the same one may still have another file."""
        return self.before is not None and self.after is not None and self.before.pk != self.after.pk

    @property
    def only(self) -> Media | None:
        """The one version to show when there are not two."""
        return self.after or self.before


@dataclass(frozen=True)
class ListChange:
    """A set of names (topics), each with its status."""

    label: str
    status: Status
    entries: tuple[tuple[Status, str], ...] = ()
    kind = "list"


@dataclass(frozen=True)
class BlockChange:
    """One block or paragraph: its type, its place, and the changes inside it."""

    label: str
    status: Status
    values: tuple = ()
    blocks: "tuple[BlockChange, ...]" = ()
    notes: tuple[str, ...] = ()
    moved_from: int = 0
    moved_to: int = 0
    kind = "block"

    @property
    def is_equal(self) -> bool:
        return self.status == Status.EQUAL and not self.moved_to

    @property
    def moved(self) -> bool:
        return bool(self.moved_to)

    @property
    def groups(self) -> list[tuple[bool, list]]:
        return fold(self.blocks)


@dataclass(frozen=True)
class FieldChange:
    """One field of the page under its name on screen."""

    name: str
    label: str
    status: Status
    parts: tuple = ()
    left_out: int = 0

    @property
    def groups(self) -> list[tuple[bool, list]]:
        return fold(self.parts)


@dataclass(frozen=True)
class Changes:
    """All fields of a page that citizens see, in the order of the form."""

    fields: list[FieldChange] = field(default_factory=list)

    @property
    def changed(self) -> list[FieldChange]:
        return [change for change in self.fields if change.status != Status.EQUAL]

    @property
    def equal(self) -> list[FieldChange]:
        return [change for change in self.fields if change.status == Status.EQUAL]


def fold(parts) -> list[tuple[bool, list]]:
    """Group adjacent unchanged parts; return (unchanged, parts) in order."""
    groups: list[tuple[bool, list]] = []
    for part in parts:
        equal = part.is_equal if isinstance(part, BlockChange) else part.status == Status.EQUAL
        if groups and groups[-1][0] == equal:
            groups[-1][1].append(part)
        else:
            groups.append((equal, [part]))
    return groups
