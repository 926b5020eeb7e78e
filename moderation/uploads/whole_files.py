"""The storage of uploads: under its name there is a whole file or none."""

import os
import time
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string

#: How the hidden name of a file that is being written begins.
SCRATCH = ".baru-"


class WholeFileStorage(FileSystemStorage):
    """Writes a file beside its place and links it there when it is whole; a full disk leaves nothing behind."""

    def _save(self, name, content):
        hidden = str(Path(name).with_name(f"{SCRATCH}{get_random_string(16)}"))
        scratch = self.path(hidden)
        try:
            super()._save(hidden, content)  # type: ignore[misc]
            while True:
                try:
                    os.link(scratch, self.path(name))
                    return name
                except FileExistsError:
                    name = self.get_available_name(name)
        finally:
            Path(scratch).unlink(missing_ok=True)


def delete_scratch(folder: Path, older_than: float) -> int:
    """Delete what a process that died was writing in this folder, older than so many seconds; return how many."""
    oldest, count = time.time() - older_than, 0
    for path in folder.rglob(f"{SCRATCH}*"):
        if path.lstat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            count += 1
    return count
