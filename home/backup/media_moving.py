"""Moves uploads from this machine into the store (MEDIA_STORE), and proves that all of them lie there."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from moderation.uploads.whole_files import list_named

from .files import get_folders, get_storages


@dataclass
class Moved:
    """How many files rows name, their bytes, how many were put there now or signed anew, and what is wrong."""

    files: int = 0
    size: int = 0
    put: int = 0
    signed: int = 0
    wrong: list[str] = field(default_factory=list)


def move() -> Moved:
    """Put there what the store lacks, sign anew what an earlier key signed, and read all of it back.

    The folders are left as they are: they hold the copies from now on. May be run again at any time.
    """
    moved = Moved()
    for folder, storage in get_storages().items():
        storage.probe()
        for name in sorted(list_named(storage)):
            moved.files += 1
            _move(storage, name, get_folders()[folder] / name, moved)
    return moved


def _move(storage: Any, name: str, place: Path, moved: Moved) -> None:
    here = place.read_bytes() if place.is_file() else None
    try:
        there, is_newest = storage.read_genuine(name)
    except FileNotFoundError as error:
        if here is None:
            moved.wrong.append(f"{error} Nor is it in {place.parent}.")
            return
        storage.put(name, here)
        moved.put += 1
        there, is_newest = storage.read_genuine(name)
    if not is_newest:
        storage.put(name, there)
        moved.signed += 1
    if here not in (None, there):
        moved.wrong.append(f"{place} is another file than in the store.")
    moved.size += len(there)
