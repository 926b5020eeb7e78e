"""An archive: an encrypted tar with the tables as lines of JSON, the files as they are, and a manifest at its end."""

import contextlib
import fcntl
import gzip
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from .files import Held, get_digest, get_storages, held
from .rows import Table, Tally, list_tables, snapshot
from .sealed_stream import Reader, Unreadable, Writer

MANIFEST = "manifest.json"
_ROWS = "rows/"
_FILES = "files/"


@dataclass
class Manifest:
    """What an archive holds: the moment of its rows, the migrations, a tally for each table, a sum for each file.

    Without ``has_files`` only the sums: the files stay where they are.
    """

    taken_at: str
    migrations: list[list[str]]
    counters: dict[str, int]
    tables: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    has_files: bool = True


@dataclass(frozen=True)
class Opened:
    """An archive that was read to its end: whole, and laid out in a folder."""

    manifest: Manifest
    folder: Path

    @contextlib.contextmanager
    def read_table(self, name: str) -> Iterator[tuple[Table, Iterator[list]]]:
        """Yield a table and its packed rows."""
        with gzip.open(self.folder / f"{_ROWS}{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            described = json.loads(next(lines))
            columns, kinds = tuple(described["columns"]), tuple(described["kinds"])
            yield Table(described["name"], columns, kinds, described["key"]), map(json.loads, lines)

    def get_file(self, name: str) -> Path:
        """Return a file that the manifest names."""
        return self.folder / _FILES / name


def get_keys() -> list[str]:
    """Return BACKUP_KEYS, the newest first; ImproperlyConfigured where there is none."""
    if not settings.BACKUP_KEYS:
        raise ImproperlyConfigured("BACKUP_KEYS is not set: nothing can be backed up or read (see .env.example).")
    return settings.BACKUP_KEYS


def make(path: Path, at_moment: Callable[[], None] = lambda: None, *, with_files: bool = True) -> Manifest:
    """Write an archive of the running site; at its path there is a whole one or none.

    ``at_moment`` is called while the rows of the moment are held, for tests. Without files only their sums are in it.
    """
    key = get_keys()[0]
    partial = path.with_name(f"{path.name}.partial")
    with alone(path.parent):
        try:
            with held() as files, partial.open("wb") as target:
                os.fchmod(target.fileno(), 0o600)
                writer = Writer(target, key)
                with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                    manifest = _write(tar, files, at_moment, with_files)
                writer.finish()
                target.flush()
                os.fsync(target.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    return manifest


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process makes an archive in this folder: two timers may start at the same second."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(tar: tarfile.TarFile, files: Held, at_moment: Callable[[], None], with_files: bool) -> Manifest:
    files.hold()
    with snapshot() as rows:
        taken_at = timezone.now()
        files.hold()
        at_moment()
        tables = list_tables()
        numbers = rows.read_counters(tables)
        manifest = Manifest(taken_at.isoformat(), rows.list_migrations(), numbers, has_files=with_files)
        for table in tables:
            with tempfile.NamedTemporaryFile(dir=files.folder.parent, prefix=".backup-", suffix=".rows") as scratch:
                manifest.tables[table.name] = _write_rows(scratch.name, table, rows.read(table))
                tar.add(scratch.name, f"{_ROWS}{table.name}.jsonl.gz", recursive=False)
    for name, path in files.list_files():
        manifest.files[name] = get_digest(path)
        if with_files:
            tar.add(path, f"{_FILES}{name}", recursive=False)
    with tempfile.NamedTemporaryFile("w", dir=files.folder.parent, prefix=".backup-") as scratch:
        json.dump(asdict(manifest), scratch)
        scratch.flush()
        tar.add(scratch.name, MANIFEST, recursive=False)
    return manifest


def _write_rows(path: str, table: Table, rows: Iterator[list]) -> str:
    tally = Tally(kinds=table.kinds)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as out:
        out.write(json.dumps(asdict(table)) + "\n")
        for row in rows:
            tally.add(row)
            out.write(json.dumps(row) + "\n")
    return tally.describe()


def _lay_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one member; only files, and none outside the folder. Debian 12's Python 3.11.2 has no filters for that."""
    target = folder / member.name
    content = tar.extractfile(member) if member.isreg() else None
    if content is None or not target.resolve().is_relative_to(folder.resolve()):
        raise Unreadable(f"The backup holds what is no file of its own: {member.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as out:
        shutil.copyfileobj(content, out)
    os.utime(target, (member.mtime, member.mtime))


def open_archive(path: Path, folder: Path) -> Opened:
    """Lay an archive out in an empty folder; raise Unreadable where it is not whole, to the last byte."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("rb") as source:
        reader = Reader(source, get_keys())
        try:
            with tarfile.open(fileobj=reader, mode="r|") as tar:
                for member in tar:
                    _lay_out(tar, member, folder)
            # What tar leaves unread, the last chunk among it, must be whole too.
            while reader.read(1024 * 1024):
                pass
        except (tarfile.TarError, EOFError) as error:
            raise Unreadable(f"The backup is damaged: {error}") from error
        if source.read(1):
            raise Unreadable("Something stands behind the end of the backup.")
    manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    for name, digest in manifest.files.items() if manifest.has_files else ():
        if get_digest(folder / _FILES / name) != digest:
            raise Unreadable(f"{name} is not the file that was backed up.")
    return Opened(manifest, folder)


def check_space(path: Path) -> None:
    """Raise OSError, before anything is written, where files and rows would not fit."""
    needed = sum(file.size for storage in get_storages().values() for file in storage.list_files())
    free = shutil.disk_usage(path.parent).free
    if needed > free:
        raise OSError(f"{path.parent} has {free // 2**20} MiB free, and the files alone need {needed // 2**20} MiB.")
