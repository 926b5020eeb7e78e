"""The words inside an uploaded file, read within fixed bounds; what cannot be read says so."""

import html
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePath

from PIL import ExifTags, Image

#: More than a person reads; what lies behind it is said not to have been looked at.
MAX_CHARACTERS = 1_000_000
_MAX_BYTES = 8 * 1024 * 1024
_PARTS = {
    "docx": re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|docProps/core\.xml"),
    "xlsx": re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+|comments\d*)\.xml|docProps/core\.xml"),
    "pptx": re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide)\d+\.xml|docProps/core\.xml"),
    "odt": re.compile(r"(?:content|styles|meta)\.xml"),
    "ods": re.compile(r"(?:content|styles|meta)\.xml"),
}
_BORDER = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|row|c|table:table-cell|v)>|<(?:w:tab|w:br|text:tab)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_UNREAD = "Isi berkas ini tidak dapat diperiksa otomatis. Baca sendiri seluruh isinya."
_TOO_LONG = "Berkas ini terlalu panjang; hanya bagian awalnya yang diperiksa. Baca sendiri bagian selebihnya."
_EMPTY = "Berkas ini tidak memuat teks yang dapat diperiksa, misalnya hasil pindaian. Baca sendiri seluruh isinya."


@dataclass(frozen=True)
class FileText:
    """What a file says, and why not all of it could be read; ``problem`` is a sentence for a person."""

    text: str = field(repr=False)
    problem: str = ""


def read_document(file, name: str) -> FileText:
    """Return the words of a document."""
    kind = PurePath(name).suffix.lower().lstrip(".")
    if kind in {"txt", "csv"}:
        content = file.read(_MAX_BYTES)
        return _bound(content.decode("utf-8", "replace"), bool(file.read(1)))
    if kind in _PARTS:
        return _read_package(file, _PARTS[kind])
    return FileText("", _UNREAD)


def _read_package(file, wanted) -> FileText:
    """Read the parts of an office file; no part is believed about its own size."""
    words, room = [], _MAX_BYTES
    try:
        with zipfile.ZipFile(file) as package:
            for part in package.namelist()[:2000]:
                if wanted.fullmatch(part) and room > 0:
                    with package.open(part) as stream:
                        content = stream.read(room)
                    room -= len(content)
                    marked = _BORDER.sub("\n", content.decode("utf-8", "replace"))
                    words.append(html.unescape(_TAG.sub("", marked)))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        return FileText("\n".join(words), _UNREAD)
    return _bound("\n".join(words), room <= 0)


def _bound(text: str, is_cut: bool) -> FileText:
    if is_cut or len(text) > MAX_CHARACTERS:
        return FileText(text[:MAX_CHARACTERS], _TOO_LONG)
    return FileText(text, "" if text.strip() else _EMPTY)


def read_image_metadata(file) -> FileText:
    """Return what is written inside a picture beside the picture: captions, names, comments."""
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
