"""The storage of uploads: under its name there is a whole file or none."""

import os
import threading
import time
from collections import deque
from pathlib import Path

from django.apps import apps
from django.core.files.storage import FileSystemStorage
from django.db.models import FileField
from django.utils.crypto import get_random_string

#: How the hidden name of a file that is being written begins.
SCRATCH = ".baru-"
#: Files that one request may have stored before it failed: an upload and what is made of it.
_REMEMBERED = 50


class _Stored(threading.local):
    """What this thread stored last, the storage and the name of each."""

    def __init__(self):
        self.files: deque[tuple[FileSystemStorage, str]] = deque(maxlen=_REMEMBERED)


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
                    _stored.files.append((self, name))
                    return name
        finally:
            Path(scratch).unlink(missing_ok=True)


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


def _is_named(storage: FileSystemStorage, name: str) -> bool:
    return any(
        model._base_manager.filter(**{field.name: name}).exists()
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField) and getattr(field.storage, "location", None) == storage.location
    )


def delete_scratch(folder: Path, older_than: float) -> int:
    """Delete what a process that died was writing in this folder, older than so many seconds; return how many."""
    oldest, count = time.time() - older_than, 0
    for path in folder.rglob(f"{SCRATCH}*"):
        if path.lstat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            count += 1
    return count
