"""Read, write and version the checklists of the steps.

Items and groups are identified by a digest of their wording, so that an answer to a sentence
rewritten since is dropped and asked for again.
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
    """The active list of a step: not "off" and not empty."""

    step: str
    is_required: bool
    groups: tuple[Group, ...]

    @property
    def items(self) -> list[Item]:
        return [item for group in self.groups for item in group.items]

    @property
    def version(self) -> str:
        """Digest of the whole list; changes with wording, order and groups."""
        return make_digest(self.step, *(word for group in self.groups for word in (group.key, group.title)))


def get_checklist(step: str) -> StepChecklist | None:
    """Return the list of a step; None when the step has none or the office has switched it off."""
    if step not in DEFAULTS:
        return None
    rows = list(ChecklistItem.objects.filter(checklist__step=step).select_related("checklist"))
    checklist = rows[0].checklist if rows else load(step)
    if checklist.mode == Checklist.Mode.OFF:
        return None
    groups = _build_groups(rows or checklist.items.all())
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
    """Replace the list's items by ``lines``, (group, sentence) in order."""
    checklist.items.all().delete()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(checklist=checklist, group=group, text=text, position=position)
        for position, (group, text) in enumerate(lines)
    )


def fill(step: str, **answers: str) -> dict[str, str]:
    """Return form data that answers every item with Sesuai, except ``answers`` by number
    (``n4="fix"``). For steps taken without a screen (demo, tests)."""
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
    groups, number = [], 0
    seen: dict[str, int] = {}
    for title, members in groupby(rows, key=lambda row: row.group.strip()):
        items = []
        for row in members:
            number += 1
            text = row.text.strip()
            # A duplicate sentence gets a digest of its own.
            seen[text] = seen.get(text, 0) + 1
            items.append(Item(number, make_digest(text, str(seen[text])), text))
        groups.append(Group(make_digest(title, *(item.key for item in items)), title, tuple(items)))
    return tuple(groups)


def make_digest(*words: str) -> str:
    """Return a short digest of the texts."""
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:12]
