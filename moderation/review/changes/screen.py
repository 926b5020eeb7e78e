"""Build the worksheet's section of changes, as chosen in the query string."""

from dataclasses import dataclass

from moderation import sop

from .comparing import compare
from .results import Changes
from .summary import NOTHING, summarise
from .versions import Baseline, find_baselines, load_version

SINCE, SHOWN, WHOLE = "sejak", "tampil", "naskah"
ANCHOR = "#perubahan"
#: Steps that decide on a text written by others; elsewhere a first version shows no section.
_DECISIONS = {step.code for step in sop.tasks()}


@dataclass(frozen=True)
class Choice:
    """A link that changes what is shown."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class Screen:
    """The worksheet's section of changes."""

    is_new: bool = False
    is_gone: bool = False
    since: Baseline | None = None
    baselines: tuple[Choice, ...] = ()
    switch: tuple[Choice, ...] = ()
    changes: Changes | None = None
    summary: str = ""
    is_whole: bool = False

    @property
    def fields(self) -> list:
        """The fields to show one by one; the others are only named."""
        if self.changes is None:
            return []
        return [field for field in self.changes.fields if field.parts] if self.is_whole else self.changes.changed


def build_screen(item, user, page, entries, query) -> Screen | None:
    """Return the section for this user; None while there is nothing to compare and nothing to decide.

    ``entries``: the lines of the item's log, the oldest first. ``query``: the query parameters;
    values that are not offered are ignored.
    """
    if page is None:
        return None
    entries = [entry for entry in entries if entry.revision_id is not None]
    baselines = find_baselines(item, user, entries)
    if not baselines:
        return Screen(is_new=True) if item.step is not None and item.step.code in _DECISIONS else None
    asked = query.get(SINCE, "")
    since = next((baseline for baseline in baselines if baseline.code == asked), baselines[0])
    is_whole = query.get(SHOWN) == WHOLE
    old = load_version(item, since.revision_id, page, entries)
    changes = compare(old, page) if old is not None else None
    is_first = all(baseline.code == "konsep" for baseline in baselines)
    if is_first and changes is not None and not changes.changed:
        # Nothing was corrected: that all of it is new is the one thing to say.
        return Screen(is_new=True)
    return Screen(
        is_gone=old is None,
        since=since,
        baselines=tuple(
            Choice(baseline.label, _address(query, {SINCE: baseline.code}), baseline is since) for baseline in baselines
        ),
        switch=(
            Choice("Hanya yang berubah", _address(query, {SHOWN: ""}), not is_whole),
            Choice("Seluruh naskah dengan perubahan", _address(query, {SHOWN: WHOLE}), is_whole),
        ),
        changes=changes,
        summary=summarise(changes) if changes is not None else NOTHING,
        is_whole=is_whole,
    )


def _address(query, changed: dict) -> str:
    query = query.copy()
    for name, value in changed.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}{ANCHOR}"
