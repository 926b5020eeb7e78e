"""What the site's own processes use of this machine, from the kernel's files (Linux, proc(5))."""

import os
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PROC = Path("/proc")
_WORKER = "worker"
#: How a process is told from others that run in the site's folder: a word of its command line.
_KINDS = {"kecamatan_site.wsgi": "web", _WORKER: _WORKER}
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
#: Where proc(5) puts these into ``stat``, behind the name in brackets.
_USER, _SYSTEM, _STARTED = 11, 12, 19
_TICKS = os.sysconf("SC_CLK_TCK")
_took: float | None = None


@dataclass
class Use:
    """What the processes of one kind use together."""

    processes: int = 0
    #: Bytes; what several share is counted once (proportional set size).
    memory: int = 0
    #: Processor seconds since each of them began.
    processor: float = 0.0


def measure() -> dict[str, Use]:
    """Return the use by kind; a process that another account may not read is left out."""
    found: defaultdict[str, Use] = defaultdict(Use)
    for folder, kind in _find():
        try:
            memory = _PSS.search((folder / "smaps_rollup").read_text())
            stat = _read_stat(folder)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        use = found[kind]
        use.processes += 1
        # The kernel writes an empty file of a process that has just ended.
        use.memory += int(memory[1]) * 1024 if memory else 0
        use.processor += (int(stat[_USER]) + int(stat[_SYSTEM])) / _TICKS
    return dict(found)


def name_worker() -> None:
    """Name this process the worker: the words of its command line are those of the web process that forked it."""
    (PROC / "self" / "comm").write_text(_WORKER)


def note_start(began: float | None = None) -> None:
    """Keep how long this process took until it could answer; ``began`` is a moment of the clock since the boot."""
    global _took
    if began is None:
        began = int(_read_stat(PROC / "self")[_STARTED]) / _TICKS
    _took = time.clock_gettime(time.CLOCK_BOOTTIME) - began


def get_start() -> float | None:
    """Return the seconds that ``note_start`` kept, None where this is no web process."""
    return _took


def _find() -> Iterator[tuple[Path, str]]:
    """Return the folder and the kind of each process that runs in the site's folder."""
    for folder in PROC.glob("[0-9]*"):
        try:
            if (folder / "cwd").readlink() != settings.BASE_DIR:
                continue
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            name = (folder / "comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        for word, kind in _KINDS.items():
            if word in words:
                yield folder, _WORKER if name == _WORKER else kind


def _read_stat(folder: Path) -> list[str]:
    return (folder / "stat").read_text().rpartition(")")[2].split()
