"""Extract the text of an uploaded file within fixed bounds, and report what could not be read."""

import hashlib
import json
import logging
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePath

from PIL import ExifTags, Image

from . import limited_process
from .readers import parts

#: Characters read; a longer text is cut and reported as not fully examined.
MAX_CHARACTERS = 1_000_000
#: Bytes; the largest upload (WAGTAILDOCS_MAX_UPLOAD_SIZE).
_MAX_BYTES = 20 * 1024 * 1024
#: Seconds for one file, so that three hostile ones on a page end before the web server's timeout.
SECONDS = 8
MEMORY = 512 * 1024 * 1024
_READER = Path(__file__).with_name("readers")
_UNREAD = "Isi berkas ini tidak dapat diperiksa otomatis. Baca sendiri seluruh isinya."
_EMPTY = "Berkas ini tidak memuat teks yang dapat diperiksa, misalnya hasil pindaian. Baca sendiri seluruh isinya."
#: What was not read -> the sentence that names it; ``{}`` are its places.
_SENTENCES = {
    parts.LOCKED: "Berkas ini terkunci kata sandi dan tidak dapat diperiksa. Baca sendiri seluruh isinya.",
    parts.SCAN: "Berkas ini memuat halaman berupa gambar, yang tulisannya tidak diperiksa: halaman {}. "
    "Baca sendiri halaman itu.",
    parts.SILENT: "Berkas ini memuat halaman tanpa teks yang dapat diperiksa, misalnya hasil pindaian: halaman {}. "
    "Baca sendiri halaman itu.",
    parts.LETTERS: "Huruf di halaman {} tidak dapat diperiksa otomatis. Baca sendiri halaman itu.",
    parts.PICTURE: "Berkas ini memuat gambar yang tidak diperiksa{}. Lihat sendiri setiap gambar.",
    parts.MEDIA: "Berkas ini memuat rekaman suara atau video yang tidak diperiksa. Putar sendiri sampai selesai.",
    parts.INNER: "Bagian berkas ini tidak dapat diperiksa: {}. Buka dan baca sendiri bagian itu.",
    parts.BROKEN: "Sebagian isi berkas ini rusak dan tidak seluruhnya diperiksa: {}. Baca sendiri seluruh isinya.",
    parts.CUT: "Berkas ini terlalu panjang; hanya bagian awalnya yang diperiksa. Baca sendiri bagian selebihnya.",
}
_MOST_PLACES = 20
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileText:
    """The text of a file; ``problem`` says in Indonesian what of it could not be read."""

    text: str = field(repr=False)
    problem: str = ""


def read_document(file, name: str) -> FileText:
    """Read a document in a limited process; use what it wrote until it ended."""
    content = file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        return FileText("", _UNREAD)
    arguments = (SECONDS, MEMORY, MAX_CHARACTERS, PurePath(name).name)
    try:
        output = limited_process.run(_READER, *arguments, content=content, seconds=SECONDS).stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    # The last line may be incomplete.
    lines = [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    found = describe(parts.Part(kind, value) for kind, value in lines)
    if lines and lines[-1][0] == "end":
        return found
    logger.info("A file of %s bytes could not be read to its end.", len(content))
    return FileText(found.text, _UNREAD)


@cache
def compute_version() -> str:
    """Return the hash of the readers as they are written: what other readers have found is not believed."""
    sources = [Path(__file__), *sorted(_READER.glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def describe(read: Iterable[parts.Part]) -> FileText:
    """Join what was read, and name in sentences what was not."""
    words: list[str] = []
    unread: dict[str, list[str]] = {}
    is_empty = True
    for kind, value in read:
        if kind in {parts.TEXT, parts.AROUND}:
            words.append(value)
            is_empty = is_empty and (kind == parts.AROUND or not value.strip())
        elif kind in _SENTENCES:
            unread.setdefault(kind, []).append(value)
    problems = [_name(kind, unread[kind]) for kind in _SENTENCES if kind in unread]
    if is_empty and not {parts.LOCKED, parts.SCAN, parts.SILENT} & unread.keys():
        problems.insert(0, _EMPTY)
    # A broken font table yields lone surrogates, which cannot be encoded.
    text = "\n".join(words).encode(errors="replace").decode()
    return FileText(text if text.strip() else "", " ".join(problems))


def _name(kind: str, places: list[str]) -> str:
    known = [place for place in dict.fromkeys(places) if place]
    listed = ", ".join(known[:_MOST_PLACES]) + (", …" if len(known) > _MOST_PLACES else "")
    if kind == parts.PICTURE:
        listed = f": halaman {listed}" if listed else ""
    return _SENTENCES[kind].format(listed)


def read_image_metadata(file) -> FileText:
    """Return the text in a picture's metadata: captions, names, comments."""
    try:
        with Image.open(file) as image:
            entries = {**image.info, **dict(image.getexif()), **image.getexif().get_ifd(ExifTags.IFD.Exif)}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return FileText("", "Berkas foto ini tidak dapat dibaca. Unggah kembali foto aslinya.")
    words = [_write(value) for value in entries.values() if isinstance(value, (str, bytes))]
    return FileText("\n\n\n\n".join(word for word in words if word)[:MAX_CHARACTERS])


def _write(value) -> str:
    if isinstance(value, bytes):
        return "".join(char for char in value[:100_000].decode("utf-8", "replace") if char.isprintable())
    return value
