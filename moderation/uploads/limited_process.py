"""Runs one of this project's own readers in a process that its limits end, and nothing else."""

import subprocess
import sys
from pathlib import Path


def run(script: Path, *arguments: int, content: bytes, seconds: int) -> subprocess.CompletedProcess:
    """Give ``content`` to the script and return what it answered; the script sets its own limits from ``arguments``.

    Raises ``subprocess.TimeoutExpired``, with what was written until then, after ``seconds``.
    """
    return subprocess.run(
        [sys.executable, "-I", str(script), *map(str, arguments)],
        input=content,
        capture_output=True,
        timeout=seconds,
        check=False,
    )
