"""Read the link in the QR code of a card's photo; store nothing."""

import subprocess
from pathlib import Path

from moderation.uploads import limited_process

from . import code_reader

#: Maximum upload in bytes: a phone's photo, with a margin.
LARGEST_FILE = 12 * 1024 * 1024
#: Maximum pixels to decode: any phone's screenshot; photos are decoded at reduced size.
MOST_PIXELS = 6_000_000
#: Memory of the reader beside Python's own; the whole process stays below 60 MB.
MEMORY = 48 * 1024 * 1024
SECONDS, PATIENCE = 2, 5
_READER = Path(code_reader.__file__)


class UnreadablePicture(ValueError):
    """The file is not a readable picture; the message is for the user."""


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
