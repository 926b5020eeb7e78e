"""Extract the text of an uploaded file within fixed bounds, and report what could not be read."""

import html
import json
import logging
import re
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from PIL import ExifTags, Image

from . import limited_process

#: Characters read; a longer text is cut and reported as not fully examined.
MAX_CHARACTERS = 1_000_000
_MAX_BYTES = 8 * 1024 * 1024
#: Bytes; the largest upload (WAGTAILDOCS_MAX_UPLOAD_SIZE).
_MAX_PDF_BYTES = 20 * 1024 * 1024
_MAX_PDF_PAGES = 500
#: Seconds for one PDF, so that three hostile ones on a page end before the web server's timeout.
PDF_SECONDS = 8
PDF_MEMORY = 512 * 1024 * 1024
_PDF_READER = Path(__file__).with_name("pdf_reader.py")
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
_SILENT_PAGES = (
    "Berkas ini memuat halaman tanpa teks yang dapat diperiksa, misalnya hasil pindaian: halaman {pages}. "
    "Baca sendiri halaman itu."
)
_EMPTY = "Berkas ini tidak memuat teks yang dapat diperiksa, misalnya hasil pindaian. Baca sendiri seluruh isinya."
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileText:
    """The text of a file; ``problem`` says in Indonesian why not all of it could be read."""

    text: str = field(repr=False)
    problem: str = ""


def read_document(file, name: str) -> FileText:
    """Return the text of a document."""
    kind = PurePath(name).suffix.lower().lstrip(".")
    if kind in {"txt", "csv"}:
        content = file.read(_MAX_BYTES)
        return _bound(content.decode("utf-8", "replace"), bool(file.read(1)))
    if kind in _PARTS:
        return _read_package(file, _PARTS[kind])
    if kind == "pdf":
        return _read_pdf(file)
    return FileText("", _UNREAD)


def _read_package(file, wanted) -> FileText:
    """Read the parts of an office file, without trusting the sizes they declare."""
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


def _read_pdf(file) -> FileText:
    """Read a PDF in a limited process; use what it wrote until it ended."""
    content = file.read(_MAX_PDF_BYTES + 1)
    if len(content) > _MAX_PDF_BYTES:
        return FileText("", _UNREAD)
    limits = (PDF_SECONDS, PDF_MEMORY, _MAX_PDF_PAGES, MAX_CHARACTERS)
    try:
        done = limited_process.run(_PDF_READER, *limits, content=content, seconds=PDF_SECONDS)
        output = done.stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    # The last line may be incomplete.
    parts = [json.loads(line) for line in output.splitlines(keepends=True) if line.endswith(b"\n")]
    # A broken font table yields lone surrogates, which cannot be encoded.
    text = "\n".join(value for kind, value in parts if kind == "text").encode(errors="replace").decode()
    if not parts or parts[-1][0] != "end":
        logger.info("A PDF of %s bytes could not be read to its end.", len(content))
        return FileText(text, _UNREAD)
    end = parts[-1][1]
    if text.strip() and not end["is_cut"] and end["silent"]:
        return FileText(text, _SILENT_PAGES.format(pages=", ".join(map(str, end["silent"][:20]))))
    return _bound(text, end["is_cut"])


def _bound(text: str, is_cut: bool) -> FileText:
    if is_cut or len(text) > MAX_CHARACTERS:
        return FileText(text[:MAX_CHARACTERS], _TOO_LONG)
    return FileText(text, "" if text.strip() else _EMPTY)


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
