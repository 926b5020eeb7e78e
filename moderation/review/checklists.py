"""The checklist of a step as it stands now, and what an answer to it means.

Items and groups are known by a digest of their wording: an answer to a sentence that the office
has since rewritten belongs to no item any more, and is asked for again.
"""

import hashlib
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from moderation.models import Checklist, ChecklistItem
from moderation.sop.checklist_defaults import DEFAULTS

OK, FIX, NOT_APPLICABLE = "ok", "fix", "na"
ANSWERS = ((OK, "Sesuai"), (FIX, "Perlu perbaikan"), (NOT_APPLICABLE, "Tidak berlaku"))
ANSWER_LABELS = dict(ANSWERS)


@dataclass(frozen=True)
class Item:
    """One sentence of a list; ``number`` runs through all groups."""

    number: int
    key: str
    text: str


@dataclass(frozen=True)
class Group:
    """Items that stand together and may be answered with one tick."""

    key: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class StepChecklist:
    """The list of a step, in use: never "off", never empty."""

    step: str
    is_required: bool
    groups: tuple[Group, ...]

    @property
    def items(self) -> list[Item]:
        return [item for group in self.groups for item in group.items]

    @property
    def version(self) -> str:
        """A digest of the whole list: it changes with every word, order and group."""
        return make_digest(self.step, *(word for group in self.groups for word in (group.key, group.title)))


def get_checklist(step: str) -> StepChecklist | None:
    """Return the list of a step; None when the step has none or the office has switched it off."""
    if step not in DEFAULTS:
        return None
    checklist = load(step)
    if checklist.mode == Checklist.Mode.OFF:
        return None
    groups = _build_groups(checklist.items.all())
    return StepChecklist(step, checklist.mode == Checklist.Mode.REQUIRED, groups) if groups else None


def load(step: str) -> Checklist:
    """Return the stored list of a step, with the standard items where there was none yet."""
    stored = Checklist.objects.filter(step=step).first()
    if stored is not None:
        return stored
    mode, groups = DEFAULTS[step]
    with transaction.atomic():
        checklist, created = Checklist.objects.get_or_create(step=step, defaults={"mode": mode})
        if created:
            write(checklist, [(group, text) for group, texts in groups for text in texts])
    return checklist


def write(checklist: Checklist, lines) -> None:
    """Put ``lines``, (group, sentence) in their order, in the place of the list's items."""
    checklist.items.all().delete()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=checklist, group=group, text=text, position=position)
        for position, (group, text) in enumerate(lines)
    )


def fill(step: str, **answers: str) -> dict[str, str]:
    """Return the form data of a list that is answered item by item: Sesuai, but for ``answers``
    by number (``n4="fix"``). For those who take steps without a screen."""
    checklist = get_checklist(step)
    if checklist is None:
        return {}
    data = {f"check_{item.key}": answers.get(f"n{item.number}", OK) for item in checklist.items}
    return data | {"checklist_version": checklist.version}


def describe_problems(record: dict) -> list[str]:
    """Return one line for each item of a stored list that needs correction."""
    return [
        f"{item['number']}. {item['text']}" + (f" {item['note']}" if item["note"] else "")
        for group in record["groups"]
        for item in group["items"]
        if item["answer"] == FIX
    ]


def _build_groups(rows) -> tuple[Group, ...]:
    groups, number, seen = [], 0, {}
    for title, members in groupby(rows, key=lambda row: row.group.strip()):
        items = []
        for row in members:
            number += 1
            text = row.text.strip()
            # A sentence that stands in the list twice is asked twice.
            seen[text] = seen.get(text, 0) + 1
            items.append(Item(number, make_digest(text, str(seen[text])), text))
        groups.append(Group(make_digest(title, *(item.key for item in items)), title, tuple(items)))
    return tuple(groups)


def make_digest(*words: str) -> str:
    """Return a short digest of some words."""
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:12]
