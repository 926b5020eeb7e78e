"""Find files in the served folders that the site did not put there."""

import logging
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage, storages
from django.utils import timezone
from wagtail.users.models import UserProfile

from home.pagecache import kinds, store
from moderation.people.alarms import Found
from moderation.uploads.whole_files import StoreFailed, list_named
from news.models import Attachment, Photo, Rendition

logger = logging.getLogger(__name__)
ASPECT = "berkas asing"
NOT_OURS = "tidak ada: situs tidak menaruh berkas ini"
#: Foreign files that are named; the rest are as foreign.
NAMED = 50
#: An upload writes its file before its record.
SETTLING_SECONDS = 300
#: Pictures below the folder of pages; nginx looks for them by this name alone.
MEDIA = "/media/"


def find_foreign() -> list[Found]:
    """Return the foreign files of the folder of pages and of the media folder, or of the store in its place."""
    in_media = _list_in_store() if settings.MEDIA_STORE else ((path, _describe(path)) for path in _walk_media())
    foreign = chain(((path, _describe(path)) for path in _walk_pages()), in_media)
    return [Found(str(place), ASPECT, NOT_OURS, what) for place, what in islice(foreign, NAMED)]


def list_kept_names() -> Iterator[str]:
    """Yield the names of all files below the folder of kept pages, as nginx looks for them; packed twins left out."""
    if store.is_on():
        folder = store.get_live() / "pages"
        paths = (path for path in _walk(folder) if not path.name.endswith(".gz") and not _is_scratch(path))
        yield from (f"/{path.relative_to(folder)}" for path in paths)


def find_address(name: str) -> str | None:
    """Return the address of a kept page by its file's name, None for what is none."""
    for kind in kinds.KINDS:
        address = name.removesuffix(kind.ending)
        if name.endswith(kind.ending) and not name.startswith(MEDIA):
            first = next((other for other in kinds.KINDS if other.form.search(address)), None)
            if first is kind and kinds.ADDRESS.fullmatch(address):
                return address
    return None


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what is no folder; links are not followed."""
    for root, folders, files in os.walk(folder):
        here = Path(root)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(links))
        yield from (here / name for name in sorted([*files, *links]))


def _is_scratch(path: Path) -> bool:
    """Say whether a file is one that the store is about to rename."""
    return path.name.startswith(".") and len(path.name) == store.SCRATCH_LENGTH and not _is_settled(path)


def _walk_pages() -> Iterator[Path]:
    """Yield the files below ``live`` that are not links of the store: nginx serves whatever lies there."""
    if not store.is_on():
        return
    live = store.get_live()
    for path in _walk(live):
        place = path.relative_to(live)
        if place.parts[0] == "groups" or _is_scratch(path):
            continue
        name = f"/{place.relative_to('pages')}" if place.parts[0] == "pages" else ""
        if not name or not _is_kept(path, name):
            yield path


def _is_kept(path: Path, name: str) -> bool:
    """Say whether a file of the folder of pages is the link that the store makes under this name."""
    plain = name.removesuffix(".gz")
    is_named = plain.startswith(MEDIA) or find_address(plain) is not None
    try:
        target = Path(os.path.normpath(path.parent / path.readlink()))
        if not is_named or target.parent.parent != store.get_live() / "groups":
            return False
        if not plain.startswith(MEDIA):
            # Dropped since: the link leads nowhere, and nginx asks Django.
            return target.name.removesuffix(".gz") == store.get_digest(plain) and not target.is_symlink()
        file = target.readlink() if target.is_symlink() else None
    except OSError:
        return not os.path.lexists(path)
    return file is None or file == Path(settings.MEDIA_ROOT) / plain.removeprefix(MEDIA)


def _walk_media() -> Iterator[Path]:
    """Yield the files of the media folder that no record names."""
    root = Path(settings.MEDIA_ROOT)
    files = {str(path.relative_to(root)): path for path in _walk(root)}
    for model, field in ((Rendition, "file"), (Photo, "file"), (Attachment, "file"), (UserProfile, "avatar")):
        for name in model.objects.exclude(**{field: ""}).values_list(field, flat=True).iterator(chunk_size=5000):
            files.pop(name, None)
    yield from (path for path in files.values() if _is_settled(path))


def _list_in_store() -> Iterator[tuple[str, str]]:
    """Yield the files of the store that no record names, each with its size; of copies the storage takes care."""
    oldest = timezone.now() - timedelta(seconds=SETTLING_SECONDS)
    for storage in _get_storages():
        try:
            files = [file for file in storage.list_files() if file.put_at < oldest]
        except StoreFailed:
            # The pages are looked at all the same; that the store is away, the doctor says.
            logger.exception("The store of uploads could not be looked at")
            return
        named = list_named(storage)
        for file in files:
            if file.name not in named:
                yield f"{settings.MEDIA_STORE}: {file.name}", f"{file.size} bita"


def _get_storages() -> list[Any]:
    return [default_storage, storages["private"]]


def _is_settled(path: Path) -> bool:
    try:
        return time.time() - path.lstat().st_ctime > SETTLING_SECONDS
    except OSError:
        return False


def _describe(path: Path) -> str:
    """Return what lies there: its size, where a link leads, and how a text begins."""
    try:
        if path.is_symlink():
            return f"tautan ke {path.readlink()}"
        with path.open("rb") as file:
            start = file.read(300)
        return f"{path.stat().st_size} bita: {start.decode('utf-8', 'replace')}"
    except OSError as error:
        return f"tidak dapat dibaca: {error.strerror}"
