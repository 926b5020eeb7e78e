"""Summarise changes by place, never by content, because the summary is sent by mail."""

from .comparing import compare
from .results import BlockChange, Changes, FieldChange, MediaChange, Status
from .versions import get_rounds, load_version

NOTHING = "Tidak ada yang berubah"


def summarise(changes: Changes, limit: int = 5) -> str:
    """Return the changes as one sentence: "Judul diubah; paragraf 3 diubah; foto utama diganti"."""
    lines = list_lines(changes)
    if not lines:
        return NOTHING
    if len(lines) > limit:
        lines = [*lines[: limit - 1], f"dan {len(lines) - limit + 1} perubahan lain"]
    text = "; ".join(lines)
    return text[:1].upper() + text[1:]


def list_lines(changes: Changes) -> list[str]:
    """Return a phrase for each change, in the order of the form."""
    lines = []
    for field in changes.changed:
        blocks = [part for part in field.parts if isinstance(part, BlockChange)]
        if blocks and field.status not in {Status.ADDED, Status.REMOVED}:
            lines += [_describe_block(block) for block in blocks if not block.is_equal]
        else:
            lines.append(_describe_field(field))
    return lines


def describe_since_last_round(item, draft=None) -> str:
    """Return the changes in the item's text since the round before; "" without one or without changes.

    ``draft``: the item's page with its newest text, if at hand.
    """
    if item.round < 2:
        return ""
    before = next((found for found in reversed(get_rounds(item)) if found.number < item.round), None)
    draft = draft or item.get_draft()
    if before is None or draft is None or before.revision_id == draft.latest_revision_id:
        return ""
    old = load_version(item, before.revision_id)
    return summarise(compare(old, draft)) if old is not None else ""


def _describe_field(field: FieldChange) -> str:
    return f"{_lower(field.label)} {_get_verb(field.status, field.parts)}"


def _describe_block(block: BlockChange) -> str:
    name = _lower(block.label)
    if block.status == Status.EQUAL:
        return f"{name} dipindahkan"
    if block.status == Status.FORMATTED:
        return f"format {name} diubah" + (" dan dipindahkan" if block.moved else "")
    return f"{name} {_get_verb(block.status, block.values)}" + (" dan dipindahkan" if block.moved else "")


def _get_verb(status: Status, parts) -> str:
    replaced = any(isinstance(part, MediaChange) and part.is_replaced for part in parts)
    return "diganti" if replaced and status == Status.CHANGED else str(status)


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]
