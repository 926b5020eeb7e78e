"""Read the writing in the pictures of a file with tesseract, within limits of time and memory.

Started by ``moderation.uploads.picture_text``; writes a line of JSON for each picture: its place and its words, or
None where it was not read. The last line is ``["end", ""]``.
"""

import io
import json
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageOps

#: Pixels of the largest picture that is opened, and the longest side of what tesseract is given.
_MOST_PIXELS, _SIDE = 60_000_000, 3000
#: Pixels of the longest side: below, it is a dot or a line; below the second, letters are too small for tesseract.
_DOT, _SMALL = 40, 1500
_MOST_PICTURES = 30
#: Bytes of one picture in a package, unpacked.
_MOST_BYTES = 20 * 1024 * 1024
#: Words and their average confidence below which a picture may lie the wrong way up.
_FEW, _SURE = 3, 75.0
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    MemoryError,
    subprocess.SubprocessError,
    Image.DecompressionBombError,
)
_PICTURES = ("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp")


def main() -> None:
    seconds, memory = map(int, sys.argv[1:3])
    end = time.monotonic() + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for number, (place, picture) in enumerate(_find_pictures(sys.stdin.buffer.read()), 1):
        if number > _MOST_PICTURES or time.monotonic() >= end:
            _write(place, None)
            break
        _write(place, None if picture is None else _read(picture, sys.argv[3], end))
    else:
        _write("end", "")


def _write(place: str, words: str | None) -> None:
    print(json.dumps([place, words]), flush=True)


def _find_pictures(content: bytes) -> Iterator[tuple[str, Image.Image | None]]:
    """Yield each picture with its place; None for one that cannot be opened."""
    if content.startswith(b"PK\x03\x04"):
        yield from _find_in_package(content)
    elif b"%PDF-" in content[:1024]:
        yield from _find_in_pdf(content)
    else:
        yield from _open(content, "")


def _find_in_package(content: bytes) -> Iterator[tuple[str, Image.Image | None]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for entry in package.infolist():
            if entry.filename.lower().rpartition(".")[2] in _PICTURES:
                with package.open(entry) as file:
                    inner = file.read(_MOST_BYTES + 1)
                yield from _open(inner, entry.filename) if len(inner) <= _MOST_BYTES else [(entry.filename, None)]


def _find_in_pdf(content: bytes) -> Iterator[tuple[str, Image.Image | None]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    reader = PdfReader(io.BytesIO(content[content.index(b"%PDF-") :]))
    if reader.is_encrypted:
        reader.decrypt("")
    for number, page in enumerate(reader.pages, 1):
        turn = page.rotation
        for name in page.images.keys():  # noqa: SIM118  # a sequence of pictures, which it would decode
            try:
                picture = page.images[name].image
            except (*_UNREADABLE, PyPdfError, LookupError, TypeError, AttributeError, NotImplementedError):
                picture = None
            yield f"halaman {number}", picture.rotate(-turn, expand=True) if picture is not None and turn else picture


def _open(content: bytes, place: str) -> Iterator[tuple[str, Image.Image | None]]:
    """Yield the frames of a picture; a scan may have several."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            for frame in range(getattr(picture, "n_frames", 1)):
                picture.seek(frame)
                yield place, picture if picture.width * picture.height <= _MOST_PIXELS else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        yield place, None


def _read(picture: Image.Image, program: str, end: float) -> str | None:
    """Return the words of a picture, None where it could not be read."""
    if picture.width * picture.height > _MOST_PIXELS:
        return None
    if max(picture.size) < _DOT:
        return ""
    try:
        grey = _prepare(picture)
        best = _recognise(grey, program, end)
        for turn in (180, 90, 270):
            # What lies the wrong way up is read as nonsense, and tesseract knows that.
            if best.number >= _FEW and best.confidence < _SURE:
                best = max(best, _recognise(grey.rotate(turn, expand=True), program, end))
    except _UNREADABLE:
        return None
    return best.text


def _prepare(picture: Image.Image) -> Image.Image:
    """Return a picture as tesseract reads it best: upright, grey, of a size in which letters are large enough."""
    clear = ImageOps.exif_transpose(picture).convert("RGBA")
    # What is transparent is white, as on paper.
    paper = Image.new("RGBA", clear.size, "white")
    paper.alpha_composite(clear)
    grey = paper.convert("L")
    grey.thumbnail((_SIDE, _SIDE))
    if max(grey.size) < _SMALL:
        grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)
    return grey


class _Words(NamedTuple):
    """What tesseract read: how sure it is on the average (0 to 100), how many words, and the words in their lines."""

    confidence: float
    number: int
    text: str


def _recognise(picture: Image.Image, program: str, end: float) -> _Words:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    # Automatic layout, with a guess of which way is up.
    done = subprocess.run(  # noqa: S603  # the program is the site's own setting
        [program, "stdin", "stdout", "-l", "ind", "--psm", "1", "tsv"],
        input=file.getvalue(),
        capture_output=True,
        timeout=max(end - time.monotonic(), 0.1),
        env={"OMP_THREAD_LIMIT": "1"},
        check=True,
    )
    lines: dict[tuple[str, ...], list[str]] = {}
    marks = []
    for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]:
        # level, page, block, paragraph, line, word, left, top, width, height, confidence, text
        cells = row.split("\t", 11)
        if len(cells) == 12 and cells[11].strip():
            marks.append(float(cells[10]))
            lines.setdefault(tuple(cells[1:5]), []).append(cells[11])
    confidence = sum(marks) / len(marks) if marks else 0.0
    return _Words(confidence, len(marks), "\n".join(" ".join(words) for words in lines.values()))


if __name__ == "__main__":
    main()
