"""The storage of uploads: under its name there is a whole file or none."""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.core.files.storage import FileSystemStorage, Storage
from django.db.models import FileField, Model
from django.utils.crypto import get_random_string

#: How the hidden name of a file that is being written begins.
SCRATCH = ".baru-"
#: Files that one request may have stored before it failed: an upload and what is made of it.
_REMEMBERED = 50


class StoreFailed(Exception):
    """The store of uploads (``MEDIA_STORE``) could not be reached, or refused.

    No OSError: a picture that cannot be had now is not taken for one that is gone.
    """


class StoredFile(NamedTuple):
    """A file of a storage: its name, its size in bytes, and when it was put there."""

    name: str
    size: int
    put_at: datetime


class _Stored(threading.local):
    """What this thread stored last, the storage and the name of each."""

    def __init__(self):
        self.files: deque[tuple[Storage, str]] = deque(maxlen=_REMEMBERED)


_stored = _Stored()


class WholeFileStorage(FileSystemStorage):
    """Writes a file beside its place and links it there when it is whole; a full disk leaves nothing behind."""

    def _save(self, name, content):
        hidden = str(Path(name).with_name(f"{SCRATCH}{get_random_string(16)}"))
        scratch = self.path(hidden)
        try:
            super()._save(hidden, content)  # type: ignore[misc]  # not in Django's types
            while True:
                try:
                    os.link(scratch, self.path(name))
                except FileExistsError:
                    name = self.get_available_name(name)
                else:
                    remember(self, name)
                    return name
        finally:
            Path(scratch).unlink(missing_ok=True)

    def list_files(self) -> Iterator[StoredFile]:
        """Yield every file, but not one that is being written."""
        for path in walk(Path(self.location)):
            name = path.relative_to(self.location).as_posix()
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                yield StoredFile(name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


def walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, but not those that are being written."""
    for place, _folders, names in os.walk(folder):
        for name in sorted(names):
            if not name.startswith(SCRATCH):
                yield Path(place) / name


def remember(storage: Storage, name: str) -> None:
    """Note what this thread has stored, for ``delete_unnamed``."""
    _stored.files.append((storage, name))


def delete_unnamed() -> int:
    """Delete what this thread stored for rows that were rolled back; return how many files.

    Called after a request failed, outside any transaction. What a row names stays, from whichever request it is.
    """
    count = 0
    while _stored.files:
        storage, name = _stored.files.popleft()
        if not _is_named(storage, name):
            storage.delete(name)
            count += 1
    return count


def _is_named(storage: Storage, name: str) -> bool:
    return any(model._base_manager.filter(**{field: name}).exists() for model, field in _list_fields(storage))


def list_named(storage: Storage) -> set[str]:
    """Return the names of all files of a storage that a row names."""
    named: set[str] = set()
    for model, field in _list_fields(storage):
        rows = model._base_manager.exclude(**{field: ""}).exclude(**{field: None})
        named.update(rows.values_list(field, flat=True).iterator(chunk_size=5000))
    return named


def _list_fields(storage: Storage) -> Iterator[tuple[type[Model], str]]:
    location = getattr(storage, "location", None)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField) and getattr(field.storage, "location", "") == location:
                yield model, field.name


def delete_scratch(folder: Path, older_than: float) -> int:
    """Delete what a process that died was writing in this folder, older than so many seconds; return how many."""
    oldest, count = time.time() - older_than, 0
    for path in folder.rglob(f"{SCRATCH}*"):
        if path.lstat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            count += 1
    return count
