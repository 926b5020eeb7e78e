"""The folder of kept pages on this machine.

live/pages/<address>     symbolic links, named so that nginx finds them by the address alone
live/groups/<group>/     what they point to, by short and relative ways: those stand in the link itself,
                         longer ones in a block of their own that the system must look up
old/                     dropped folders on their way out
state.json               how far this machine has followed
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

#: Far more than the finest step of a file system's clock.
SETTLED_AFTER_NS = 1_000_000_000
_last_read: tuple | None = None


@dataclass(frozen=True)
class State:
    """The generation that this machine follows, when it began, and for which program and start of the machine."""

    number: int = -1
    began: int = 0
    release: str = ""
    boot: str = ""


def is_on() -> bool:
    """Say whether this process keeps pages at all."""
    return settings.PAGES_ROOT is not None


@contextlib.contextmanager
def locked():
    """Hold this machine's one lock; storing and dropping never overlap."""
    root = _get_root()
    with open(root / "lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def read_state() -> State:
    """Return how far this machine is; an unreadable file means not at all.

    Asked many times a request: the file is read again where it is another one than the last time, and in its first
    moments, when another one could still look the same.
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
    is_settled = time.time_ns() - facts.st_mtime_ns > SETTLED_AFTER_NS
    _last_read = (seen, state) if is_settled else None
    return state


def write_state(state: State) -> None:
    """Write down how far this machine is; the caller holds the lock."""
    _put(_get_root() / "state.json", json.dumps(asdict(state)).encode())


def pack(content: bytes) -> bytes:
    """Compress a page; the same content gives the same bytes."""
    return gzip.compress(content, 9, mtime=0)


def keep_page(name: str, group: str, content: bytes, packed: bytes, began: int) -> None:
    """Store a page under its file name, plain and compressed; the caller holds the lock.

    Both carry the moment at which their generation began: it is the page's Last-Modified and ETag,
    the same on every machine, and never that of another content.
    """
    target = _get_target(name, group)
    packed_target = target.with_name(f"{target.name}.gz")
    _put(packed_target, packed, began)
    _put(target, content, began)
    _link(f"{name}.gz", packed_target)
    _link(name, target)


def keep_file(name: str, group: str, file: Path) -> None:
    """Let the front server give out an existing file under this name; the caller holds the lock."""
    target = _get_target(name, group)
    _put_link(target, file)
    _link(name, target)


def drop(groups) -> None:
    """Take the pages of these groups out of reach at once; the caller holds the lock."""
    live = _get_root() / "live"
    groups = set(groups)
    for folder in [live] if EVERYTHING in groups else [live / "groups" / group for group in groups]:
        with contextlib.suppress(FileNotFoundError):
            os.rename(folder, _make(_get_root() / "old") / get_random_string(16))


def sweep() -> None:
    """Delete what was dropped."""
    for folder in _make(_get_root() / "old").iterdir():
        shutil.rmtree(folder, ignore_errors=True)


def _get_root() -> Path:
    return _make(Path(settings.PAGES_ROOT))


def _get_target(name, group) -> Path:
    digest = base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()[:16]).decode().rstrip("=")
    return _get_root() / "live" / "groups" / group / digest


def _link(name, target) -> None:
    place = _get_root() / "live" / "pages" / name.lstrip("/")
    _put_link(place, os.path.relpath(target, place.parent))


def _put(path, content, moment=None) -> None:
    scratch = _get_scratch(path)
    scratch.write_bytes(content)
    if moment is not None:
        os.utime(scratch, (moment, moment))
    os.replace(scratch, path)


def _put_link(path, target) -> None:
    scratch = _get_scratch(path)
    scratch.symlink_to(target)
    os.replace(scratch, path)


def _get_scratch(path) -> Path:
    return _make(path.parent) / f".{get_random_string(16)}"


def _make(folder) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
