"""Reads the link out of a photographed or saved card; the picture is kept nowhere."""

import subprocess
from pathlib import Path

from moderation.uploads import limited_process

from . import code_reader

#: What a phone's camera makes, with room.
LARGEST_FILE = 12 * 1024 * 1024
#: What is decoded: a screen of any phone; a photo from a camera is decoded at a part of its size.
MOST_PIXELS = 6_000_000
#: Of the reader beside what Python itself takes, so that the whole process stays below 60 MB.
MEMORY = 48 * 1024 * 1024
SECONDS, PATIENCE = 2, 5
_READER = Path(code_reader.__file__)


class UnreadablePicture(ValueError):
    """The file is no picture that can be read; the message is for the reader."""


def read_code(file) -> str:
    """Return the text of the QR code in a picture, "" where there is none."""
    too_large = UnreadablePicture(
        "Gambar terlalu besar untuk dibaca. Potong gambar di sekitar kode QR, atau kirim tangkapan layar."
    )
    if file.size > LARGEST_FILE:
        raise UnreadablePicture("Gambar terlalu besar. Kirim gambar paling besar 12 MB.")
    try:
        done = limited_process.run(_READER, SECONDS, MEMORY, MOST_PIXELS, content=file.read(), seconds=PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise too_large from error
    if done.returncode == code_reader.UNREADABLE:
        raise UnreadablePicture("Berkas ini bukan gambar JPEG, PNG, atau WebP yang dapat dibaca.")
    if done.returncode:
        raise too_large
    return done.stdout.decode()
