"""Validate every uploaded file: content that matches the extension, and no decompression bomb."""

import re
import zipfile
from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

#: Pixels, Wagtail's own bound. 30,000 x 30,000 pixels take kilobytes as a file, gigabytes when decoded.
MAX_PIXELS = 128_000_000
_ZIP = (b"PK\x03\x04", 0)
_MP4 = (b"ftyp", 4)
#: Extension -> signatures (bytes, offset), one of which the content must have; none: plain text.
MARKS = {
    "pdf": [(b"%PDF-", 0)],
    "jpg": [(b"\xff\xd8\xff", 0)],
    "jpeg": [(b"\xff\xd8\xff", 0)],
    "png": [(b"\x89PNG\r\n\x1a\n", 0)],
    "gif": [(b"GIF87a", 0), (b"GIF89a", 0)],
    "webp": [(b"WEBP", 8)],
    "heic": [_MP4],
    "heif": [_MP4],
    "avif": [_MP4],
    "docx": [_ZIP],
    "xlsx": [_ZIP],
    "pptx": [_ZIP],
    "odt": [_ZIP],
    "ods": [_ZIP],
    "odp": [_ZIP],
    "mp4": [_MP4],
    "m4a": [_MP4],
    "mp3": [(b"ID3", 0), (b"\xff\xfb", 0), (b"\xff\xf3", 0), (b"\xff\xf2", 0)],
    "txt": [],
    "csv": [],
}
_PICTURES = {"jpg", "jpeg", "png", "gif", "webp", "avif"}
#: Extension of an office file -> the member its archive must have.
_PACKAGES = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
    "ods": "content.xml",
    "odp": "content.xml",
}
#: Parts of an office file that run when it is opened.
_MACROS = re.compile(r"(?i)vbaProject\.bin|/macrosheets/|^Basic/|^Scripts/|/activeX/|\.(?:exe|dll|js|vbs|ps1)$")
_MAX_UNPACKED = 300 * 1024 * 1024
_MAX_PARTS = 5000
#: Beginnings of a text that a browser or a server would execute.
_CODE = re.compile(
    rb"(?is)^[\s\xef\xbb\xbf]*(?:<!doctype|<html|<head|<body|<script|<svg|<iframe|<\?php|<\?xml|<\?=|#!)"
)


def find_content_problem(file) -> str | None:
    """Return why the content of an uploaded file is refused, in Indonesian; None when it may be kept."""
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    name = file.name if len(file.name) <= 60 else f"{file.name[:40]}….{extension}"
    if extension not in MARKS:
        return None  # Each form restricts the extensions itself.
    if not _is_of_its_kind(file, extension):
        return f"Isi berkas “{name}” tidak sesuai dengan jenisnya (.{extension}). Unggah berkas aslinya."
    if extension in _PICTURES and _is_too_large(file):
        return f"Gambar “{name}” terlalu besar untuk dibuka. Perkecil ukurannya, lalu unggah kembali."
    return None


def _is_of_its_kind(file, extension) -> bool:
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    marks = MARKS[extension]
    if not marks:
        return b"\x00" not in start
    return any(start[offset : offset + len(mark)] == mark for mark, offset in marks)


def _is_too_large(file) -> bool:
    """Say whether the size in the picture's header is over the bound; decode nothing."""
    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        return True
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False  # A damaged picture is harmless; whoever opens it sees that.
    finally:
        file.seek(0)
    return width * height > MAX_PIXELS


def find_document_problem(file) -> str | None:
    """Return why an uploaded document is not offered to citizens, in Indonesian; None when it may be.

    Stricter than for source material: a public download must be undamaged and contain nothing executable.
    """
    problem = find_content_problem(file)
    if problem:
        return problem
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    name = file.name if len(file.name) <= 60 else f"{file.name[:40]}….{extension}"
    try:
        if extension in _PACKAGES:
            return _find_package_problem(file, name, extension)
        if not _is_whole(file, extension):
            return f"Isi berkas “{name}” tidak sesuai dengan jenisnya (.{extension}). Unggah berkas aslinya."
    finally:
        file.seek(0)
    return None


def _is_whole(file, extension) -> bool:
    file.seek(0)
    if extension == "pdf":
        content = file.read()
        return b"%%EOF" in content[-2048:] and b"startxref" in content[-4096:]
    return not (extension in {"txt", "csv"} and _CODE.match(file.read(4096)))


def _find_package_problem(file, name, extension) -> str | None:
    """Check the members of an office file without unpacking it."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        parts = []
    if _PACKAGES[extension] not in {part.filename for part in parts}:
        return f"Isi berkas “{name}” tidak sesuai dengan jenisnya (.{extension}). Unggah berkas aslinya."
    if any(_MACROS.search(part.filename) for part in parts):
        return f"Berkas “{name}” memuat makro atau program. Simpan tanpa makro, lalu unggah kembali."
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        return f"Berkas “{name}” terlalu besar untuk dibuka. Perkecil isinya, lalu unggah kembali."
    return None
