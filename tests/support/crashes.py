"""What a process of the tests said when it died: the signal, and the frames that Python's faulthandler wrote."""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator

import pytest

#: What is shown of one process that died, in lines.
SHOWN = 60
DIED = "died by"
_FATAL = "Fatal Python error"
_FRAMES = re.compile(r"\s*$|Python runtime state:|(?:Current t|T)hread 0x|  (?:File|\.\.\.|<)|Extension modules:")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    """Say by which signal, or with which code, a process of pytest-xdist died."""
    if error:
        # It no longer answers; should it not end either, the run goes on without it.
        with contextlib.suppress(subprocess.TimeoutExpired):
            node.gateway._io.popen.wait(timeout=60)
        code = node.gateway._io.popen.returncode
        how = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
        print(f"\n{node.gateway.id} {DIED} {how}", file=sys.stderr, flush=True)


def read_crashes(lines: Iterable[str]) -> Iterator[str]:
    """Return the lines of a log that tell of a crash: the fatal error with the frames of its threads, the signal."""
    left = 0
    for line in lines:
        if _FATAL in line:
            # It follows the points of the tests that passed.
            left, line = SHOWN, line[line.index(_FATAL) :]
        elif DIED in line:
            yield line
            continue
        elif left and not _FRAMES.match(line):
            left = 0
        if left:
            left -= 1
            yield line
