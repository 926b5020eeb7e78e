"""Draw the pages of a PDF as pictures, each in a limited process."""

import subprocess
from pathlib import Path

from . import limited_process

#: Seconds for one page.
SECONDS = 8
MEMORY = 512 * 1024 * 1024
_DRAWER = Path(__file__).with_name("page_drawer.py")


def count_pages(content: bytes) -> int:
    """Return the number of pages, 0 where the file does not tell."""
    counted = _run(content, 0)
    return int(counted) if counted else 0


def draw_page(content: bytes, number: int) -> bytes | None:
    """Return a page, counted from 1, as PNG; None where it cannot be drawn, as in a locked or broken file."""
    return _run(content, number)


def _run(content: bytes, number: int) -> bytes | None:
    try:
        done = limited_process.run(_DRAWER, SECONDS, MEMORY, number, content=content, seconds=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
