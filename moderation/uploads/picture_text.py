"""Read the writing in pictures with tesseract, where the machine has it (docs/sop.md#personal-data)."""

import hashlib
import json
import logging
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

from . import limited_process

_READER = Path(__file__).with_name("readers") / "picture_words.py"
#: Seconds of the reading of one file, and until it is ended from outside.
SECONDS, PATIENCE = 40, 50
MEMORY = 1024 * 1024 * 1024
_LANGUAGE = "ind"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PictureText:
    """The writing in a file's pictures; ``is_whole`` says whether every picture was read."""

    text: str = field(repr=False)
    is_whole: bool


def find_program() -> str | None:
    """Return the path of tesseract where it knows Indonesian, else None."""
    return _find_program(settings.PICTURE_READER)


@cache
def _find_program(name: str) -> str | None:
    program = shutil.which(name) if name else None
    if program is None:
        return None
    try:
        said = subprocess.run(  # noqa: S603  # the program is the site's own setting
            [program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if _LANGUAGE in said.stdout.split() else None


@cache
def compute_version() -> str:
    """Return the hash of the reader as it is written."""
    return hashlib.sha256(_READER.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def read_pictures(file) -> PictureText:
    """Read all pictures of a file in a limited process; use what it wrote until it ended."""
    arguments = (SECONDS, MEMORY, find_program() or "")
    try:
        output = limited_process.run(_READER, *arguments, content=file.read(), seconds=PATIENCE).stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    # The last line may be incomplete.
    lines = [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    is_whole = bool(lines) and lines[-1] == ["end", ""] and all(words is not None for _place, words in lines)
    if not is_whole:
        logger.info("The pictures of a file could not all be read.")
    return PictureText("\n\n\n\n".join(words for _place, words in lines if words), is_whole)
