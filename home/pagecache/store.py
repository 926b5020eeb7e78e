"""The folder of kept pages on this machine.

live/pages/<address>     symbolic links, named so that nginx finds them by the address alone
live/groups/<group>/     the files; the links are short and relative, so that the file system keeps them in the inode
old/                     dropped folders, deleted by ``sweep``
state.json               the generation this machine is at
"""

import base64
import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils.crypto import get_random_string

from .groups import EVERYTHING

#: Longer than the coarsest step of a file system's clock.
CLOCK_STEP_NS = 1_000_000_000
#: Characters of the hidden name of a file that is about to be renamed.
SCRATCH_LENGTH = 17
_last_read: tuple | None = None


@dataclass(frozen=True)
class State:
    """Generation of this machine's folder, when it began, and the release and boot that it belongs to."""

    number: int = -1
    began: int = 0
    release: str = ""
    boot: str = ""


def is_on() -> bool:
    """Return whether pages are kept at all."""
    return settings.PAGES_ROOT is not None


@contextlib.contextmanager
def locked():
    """Hold this machine's lock: storing and dropping exclude each other."""
    root = _get_root()
    with (root / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read_state() -> State:
    """Return the state of this machine's folder; ``State()`` where the file cannot be read.

    Called many times a request, so the last result is reused while inode, time and size of the file are the same. A
    file younger than ``CLOCK_STEP_NS`` is read each time: a newer one could have the same time.
    """
    global _last_read
    path = Path(settings.PAGES_ROOT) / "state.json"
    try:
        facts = path.stat()
        seen = (str(path), facts.st_ino, facts.st_mtime_ns, facts.st_size)
        if _last_read is not None and _last_read[0] == seen:
            return _last_read[1]
        state = State(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return State()
    is_reliable = time.time_ns() - facts.st_mtime_ns > CLOCK_STEP_NS
    _last_read = (seen, state) if is_reliable else None
    return state


def write_state(state: State) -> None:
    """Write the state; the caller holds the lock."""
    _put(_get_root() / "state.json", json.dumps(asdict(state)).encode())


def pack(content: bytes) -> bytes:
    """Return the page compressed by gzip; deterministic."""
    return gzip.compress(content, 9, mtime=0)


def keep_page(name: str, group: str, content: bytes, packed: bytes, began: int) -> None:
    """Store a page, plain and compressed; the caller holds the lock.

    ``began`` becomes the modification time of both files, from which nginx makes Last-Modified and ETag: the same on
    every machine, and different for different content.
    """
    target = _get_target(name, group)
    packed_target = target.with_name(f"{target.name}.gz")
    _put(packed_target, packed, began)
    _put(target, content, began)
    _link(f"{name}.gz", packed_target)
    _link(name, target)


def keep_file(name: str, group: str, file: Path) -> None:
    """Link an existing file under this name; the caller holds the lock."""
    target = _get_target(name, group)
    _put_link(target, file)
    _link(name, target)


def drop(groups) -> None:
    """Move the folders of these groups away by one rename each; the caller holds the lock."""
    live = _get_root() / "live"
    groups = set(groups)
    for folder in [live] if EVERYTHING in groups else [live / "groups" / group for group in groups]:
        try:
            folder.rename(_make(_get_root() / "old") / get_random_string(16))
        except FileNotFoundError:
            continue
        except OSError:
            # A full disk has no room for one more name: what may not be given out any more goes all the same.
            shutil.rmtree(folder)


def sweep() -> None:
    """Delete dropped folders."""
    for folder in _make(_get_root() / "old").iterdir():
        shutil.rmtree(folder, ignore_errors=True)


def get_live() -> Path:
    """Return the folder that nginx gives out, without ``..`` in it."""
    return Path(os.path.normpath(_get_root() / "live"))


def get_digest(name: str) -> str:
    """Return the name of a page's file in its group."""
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()[:16]).decode().rstrip("=")


def _get_root() -> Path:
    return _make(Path(settings.PAGES_ROOT))


def _get_target(name, group) -> Path:
    return _get_root() / "live" / "groups" / group / get_digest(name)


def _link(name, target) -> None:
    place = _get_root() / "live" / "pages" / name.lstrip("/")
    _put_link(place, os.path.relpath(target, place.parent))


def _put(path, content, moment=None) -> None:
    with _scratch(path) as scratch:
        scratch.write_bytes(content)
        if moment is not None:
            os.utime(scratch, (moment, moment))


def _put_link(path, target) -> None:
    with _scratch(path) as scratch:
        scratch.symlink_to(target)


@contextlib.contextmanager
def _scratch(path):
    """Yield a hidden name beside the path, which takes its place when the block ends; else nothing stays."""
    scratch = _make(path.parent) / f".{get_random_string(SCRATCH_LENGTH - 1)}"
    try:
        yield scratch
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _make(folder) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def delete_leftovers(older_than: float) -> int:
    """Delete scratch files that a process left when it died, older than so many seconds; return how many."""
    root, oldest, count = _get_root(), time.time() - older_than, 0
    for folder, _folders, names in os.walk(root):
        for path in (Path(folder) / name for name in names if name.startswith(".")):
            with contextlib.suppress(FileNotFoundError):
                if path.lstat().st_mtime < oldest:
                    path.unlink()
                    count += 1
    return count
