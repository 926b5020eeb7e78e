"""Puts the rows and files of an archive in the place of those that are there."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.crypto import get_random_string

from moderation.uploads.whole_files import walk

from .archive import Manifest, Opened
from .files import get_digest, get_folders, get_storages
from .rows import Tally, emptied, list_tables, put, set_counters, snapshot

#: Differences that are named; the rest are counted.
_MAX_NAMED = 20


class OtherVersion(Exception):
    """The archive was made by another version of the program."""


class NotFitting(Exception):
    """SQLite holds what PostgreSQL refuses: a text longer than its column, a character of value 0."""


@dataclass(frozen=True)
class Replaced:
    """Where the files that were there before now lie."""

    folder: Path


def restore(opened: Opened) -> Replaced:
    """Replace rows and files; the database is the new one whole or the old one whole."""
    _check_version(opened.manifest)
    root = Path(settings.DATA_DIR)
    staged = root / f".restore-{get_random_string(12)}"
    for name in opened.manifest.files:
        place = staged / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(opened.get_file(name), place)
    restore_rows(opened)
    replaced = root / f"before-restore-{get_random_string(12)}"
    replaced.mkdir(mode=0o700)
    if settings.MEDIA_STORE:
        _refill(staged, replaced)
        shutil.rmtree(staged, ignore_errors=True)
        return Replaced(replaced)
    for name, folder in get_folders().items():
        mode = folder.stat().st_mode & 0o777 if folder.exists() else None
        if folder.exists():
            folder.rename(replaced / name)
        (staged / name).mkdir(parents=True, exist_ok=True)
        (staged / name).rename(folder)
        if mode is not None:
            folder.chmod(mode)
    shutil.rmtree(staged, ignore_errors=True)
    return Replaced(replaced)


def _refill(staged: Path, replaced: Path) -> None:
    """Make the store hold the staged files and no other; keep what was genuine there and goes."""
    for folder, storage in get_storages().items():
        wanted = {path.relative_to(staged / folder).as_posix(): path for path in walk(staged / folder)}
        for file in list(storage.list_files()):
            with contextlib.suppress(FileNotFoundError):
                there = Path(storage.path(file.name))
                if file.name in wanted and get_digest(there) == get_digest(wanted[file.name]):
                    del wanted[file.name]
                    continue
                place = replaced / folder / file.name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(there, place)
            if file.name not in wanted:
                storage.delete(file.name)
        for name, path in wanted.items():
            storage.put(name, path.read_bytes())


def restore_rows(opened: Opened) -> None:
    """Replace the rows alone, in one transaction; raise NotFitting where the database refuses one."""
    _check_version(opened.manifest)
    with emptied():
        tables = []
        for name in opened.manifest.tables:
            with opened.read_table(name) as (table, rows):
                try:
                    put(table, rows)
                except DatabaseError as error:
                    raise NotFitting(f"A row of {name} does not fit into this database: {error}") from error
            tables.append(table)
        set_counters(opened.manifest.counters, tables)


def _check_version(manifest: Manifest) -> None:
    with snapshot() as rows:
        here = {tuple(each) for each in rows.list_migrations()}
    there = {tuple(each) for each in manifest.migrations}
    if here == there:
        return
    words = [f"only here: {app}.{name}" for app, name in sorted(here - there)]
    words += [f"only there: {app}.{name}" for app, name in sorted(there - here)]
    raise OtherVersion(
        "The archive is of another version. Lay out that version, migrate an empty database, restore, then upgrade. "
        + "; ".join(words[:_MAX_NAMED])
    )


def find_differences(manifest: Manifest, with_files: bool = True) -> list[str]:
    """Compare every row and file of this site with what was backed up; return each difference as a sentence."""
    found = []
    with snapshot() as rows:
        tables = {table.name: table for table in list_tables()}
        found += [f"Table {name} is not on both sides." for name in sorted(tables.keys() ^ manifest.tables.keys())]
        for name in tables.keys() & manifest.tables.keys():
            tally = Tally(kinds=tables[name].kinds)
            for row in rows.read(tables[name]):
                tally.add(row)
            if tally.describe() != manifest.tables[name]:
                count = manifest.tables[name].split(":")[0]
                found.append(f"Table {name}: {count} rows were backed up, {tally.count} are here, or they differ.")
        numbers = rows.read_counters(tables.values())
        if numbers != manifest.counters:
            found.append(f"Numbering differs: {sorted(set(numbers.items()) ^ set(manifest.counters.items()))}")
    if with_files:
        for name, digest in manifest.files.items():
            folder, _slash, rest = name.partition("/")
            if _read_digest(get_storages()[folder], rest) != digest:
                found.append(f"File {name} is missing or another one.")
    return found


def _read_digest(storage: Any, name: str) -> str | None:
    try:
        return get_digest(Path(storage.path(name)))
    except FileNotFoundError:
        return None
