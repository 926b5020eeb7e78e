"""The files that rows name: pictures, documents, source material."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage, storages
from django.utils.crypto import get_random_string

from moderation.uploads.whole_files import walk

_PIECE = 1024 * 1024


def get_storages() -> dict[str, Any]:
    """Return the storages of uploads by the name that they have in an archive."""
    return {"media": default_storage, "private": storages["private"]}


def get_folders() -> dict[str, Path]:
    """Return the folders of the storages on this machine; where there is a store (MEDIA_STORE) they hold copies."""
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(settings.PRIVATE_ROOT)}


class Held:
    """Links to the files, which stay when the site deletes its own."""

    def __init__(self, folder: Path):
        self.folder = folder

    def hold(self) -> None:
        """Link every file that is there now; called before and after the moment of the rows."""
        for name, storage in get_storages().items():
            for file in storage.list_files():
                place = self.folder / name / file.name
                if place.exists():
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                # Deleted between the listing and the link.
                with contextlib.suppress(FileNotFoundError):
                    os.link(storage.path(file.name), place)

    def list_files(self) -> Iterator[tuple[str, Path]]:
        """Yield each file with its name in the archive."""
        for path in walk(self.folder):
            yield path.relative_to(self.folder).as_posix(), path


@contextlib.contextmanager
def held() -> Iterator[Held]:
    """Hold the files in a folder beside them, until the block ends."""
    folder = Path(settings.DATA_DIR) / f".backup-{get_random_string(12)}"
    folder.mkdir(mode=0o700)
    try:
        yield Held(folder)
    finally:
        shutil.rmtree(folder)


def get_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
