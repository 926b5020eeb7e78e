"""Format a comparison of two versions as table rows: additions underlined, removals struck out."""

from moderation.review.changes import Changes, Status

from .document import Column, Run, Table

LEGEND = "Yang ditambah bergaris bawah dan tebal; yang dihapus dicoret."
#: Characters of unchanged text shown on either side of a change.
CONTEXT = 90
_SIDES = {Status.ADDED: "ins", Status.REMOVED: "del"}


def make_changes(caption: str, changes: Changes) -> Table | None:
    """Return the changes, one row for each part; None without changes."""
    rows = [row for field in changes.changed for row in _read_field(field)]
    if not rows:
        return None
    return Table(caption, [Column(["Bagian"], 24), Column(["Perubahan"], 14), Column(["Isi"], 62)], rows)


def make_text(caption: str, changes: Changes) -> Table:
    """Return a whole version as rows, from its comparison with itself."""
    rows = [[label, content] for field in changes.fields for label, _status, content in _read_field(field, whole=True)]
    return Table(caption, [Column(["Bagian"], 24), Column(["Isi"], 76)], rows)


def _read_field(field, whole: bool = False):
    for part in field.parts:
        yield from _read_part(field.label, part, whole)
    if field.left_out:
        yield _row(field.label, "", [Run(f"{field.left_out} bagian berikutnya tidak dicetak.", "quiet")])


def _read_part(label, part, whole):
    """Yield the rows of one part of a field, with the names of the enclosing blocks."""
    if part.kind == "block":
        inner = f"{label}: {part.label}"
        notes = [
            *part.notes,
            *([f"dipindahkan dari urutan {part.moved_from} ke {part.moved_to}"] if part.moved else []),
        ]
        if notes:
            yield _row(inner, str(part.status), [Run(f"{', '.join(notes)}.", "quiet")])
        for value in (*part.values, *part.blocks):
            yield from _read_part(inner if value.kind == "block" else _join(inner, value.label), value, whole)
    elif whole or part.status != Status.EQUAL:
        runs = _READERS[part.kind](part, whole)
        if runs:
            yield _row(label, str(part.status), runs)


def _row(label, status, runs) -> list:
    return [[[Run(label)]], [[Run(status, "strong")]], [runs]]


def _join(outer: str, inner: str) -> str:
    """Join the names of block and value; a paragraph's own text has no name of its own."""
    return f"{outer}: {inner}" if inner and not outer.endswith(inner) else outer


def _read_text(part, whole):
    runs = []
    for place, stretch in enumerate(part.stretches):
        before, after = _write(stretch.before), _write(stretch.after)
        if stretch.status == Status.EQUAL:
            text = after or before
            runs.append(Run(text if whole else _shorten(text, place == 0, place == len(part.stretches) - 1)))
            continue
        if stretch.status == Status.FORMATTED:
            runs += [Run(after, "strong"), Run(f" [{stretch.note or Status.FORMATTED}]", "quiet")]
            continue
        runs += _mark(before, after)
        runs += [Run(f" [{stretch.note}]", "quiet")] if stretch.note else []
    return [*runs, *([Run(f" [{part.note}]", "quiet")] if part.note else [])]


def _mark(before: str, after: str) -> list[Run]:
    """Return the old text struck out and the new text underlined."""
    runs = [Run(before, "del")] if before else []
    if before and after and not before[-1].isspace() and not after[0].isspace():
        runs.append(Run(" "))
    return [*runs, *([Run(after, "ins")] if after else [])]


def _write(segments) -> str:
    return "".join(f"{found.text} ({found.link})" if found.link else found.text for found in segments)


def _shorten(text: str, is_first: bool, is_last: bool) -> str:
    """Cut unchanged text to the words next to a change."""
    if len(text) <= 2 * CONTEXT + 20:
        return text
    start = "" if is_first else text[:CONTEXT].rpartition(" ")[0]
    end = "" if is_last else text[-CONTEXT:].partition(" ")[2]
    return f"{start} … {end}"


def _read_value(part, whole):
    if part.status == Status.EQUAL:
        return [Run(part.after)]
    return _mark(part.before, part.after)


def _read_list(part, whole):
    runs: list[Run] = []
    for status, name in part.entries:
        runs += [Run(", ")] if runs else []
        runs.append(Run(name, _SIDES.get(status, "")))
    return runs


def _read_media(part, whole):
    if part.status == Status.EQUAL:
        return [Run(_name(part.after))]
    runs = []
    if part.is_same_record:
        runs.append(Run(_name(part.after)))
    else:
        runs += _mark(_name(part.before) if part.before else "", _name(part.after) if part.after else "")
    return [*runs, *([Run(f" [{'; '.join(part.notes)}]", "quiet")] if part.notes else [])]


def _name(media) -> str:
    """Describe a picture or document by title, size, file name and hash."""
    size = f"{media.width} × {media.height}" if media.width else ""
    facts = [size, media.file_name, media.file_hash and f"sidik berkas {media.file_hash[:12]}"]
    details = ", ".join(fact for fact in facts if fact)
    gone = "" if media.found else " (sudah dihapus)"
    return f"{media.title}{f' ({details})' if details else ''}{gone}"


_READERS = {"text": _read_text, "value": _read_value, "list": _read_list, "picture": _read_media, "file": _read_media}
