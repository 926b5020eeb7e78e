"""Run one of this project's readers in a separate process with limits of time and memory."""

import subprocess
import sys
from pathlib import Path


def run(script: Path, *arguments: int | str, content: bytes, seconds: int) -> subprocess.CompletedProcess:
    """Pass ``content`` to the script and return its output; the script sets its own limits from ``arguments``.

    Raises ``subprocess.TimeoutExpired``, with what was written until then, after ``seconds``.
    """
    return subprocess.run(
        [sys.executable, "-I", str(script), *map(str, arguments)],
        input=content,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
