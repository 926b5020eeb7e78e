"""Validate every uploaded file: content that matches the extension, and no decompression bomb."""

import re
import zipfile
import zlib
from collections.abc import Iterator
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
#: Extension of an office file -> the member its archive has, by its usual name or by its content type.
_PACKAGES = {
    "docx": ("word/document.xml", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
    "odt": ("content.xml", b""),
    "ods": ("content.xml", b""),
    "odp": ("content.xml", b""),
}
_CONTENT_TYPES = "[Content_Types].xml"
_OVERRIDE = re.compile(rb"<(?:\w+:)?Override\b[^>]*>")
_PART_NAME = re.compile(rb"""PartName\s*=\s*["']/([^"']+)["']""")
_MAX_TYPES = 2 * 1024 * 1024
#: Extension of Office before 2007 -> the one of today, and what programs call it.
OLD_KINDS = {
    "doc": ("docx", "Dokumen Word"),
    "xls": ("xlsx", "Buku Kerja Excel"),
    "ppt": ("pptx", "Presentasi PowerPoint"),
}
#: Those files, and files of today that are locked with a password, are compound files.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: Bytes in which the header of a PDF is looked for (ISO 32000-1, annex H.3.4.1).
_HEADER_REACH = 1024
#: What may not stand before that header: the beginning of a program, an archive or a web page.
_NO_JUNK = re.compile(rb"^(?:MZ|PK|\x7fELF|#!|\xff\xd8\xff|\x89PNG|GIF8)|<[a-zA-Z!?/]")
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
    extension, name = _read_name(file)
    if extension in OLD_KINDS:
        new, label = OLD_KINDS[extension]
        return (
            f"Berkas “{name}” disimpan dalam format lama (.{extension}). Buka berkasnya di Word, Excel, PowerPoint, "
            f"atau LibreOffice, pilih Simpan Sebagai (Save As), jenis {label} (.{new}), lalu unggah berkas yang baru."
        )
    if extension not in MARKS:
        return None  # Each form restricts the extensions itself.
    if extension in _PACKAGES and (problem := _find_compound_problem(file, name, extension)):
        return problem
    if not _is_of_its_kind(file, extension):
        return f"Isi berkas “{name}” tidak sesuai dengan jenisnya (.{extension}). Unggah berkas aslinya."
    if extension in _PICTURES and _is_too_large(file):
        return f"Gambar “{name}” terlalu besar untuk dibuka. Perkecil ukurannya, lalu unggah kembali."
    return None


def _read_name(file) -> tuple[str, str]:
    """Return the extension of a file, and its name as a message shows it."""
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    return extension, file.name if len(file.name) <= 60 else f"{file.name[:40]}….{extension}"


def _find_compound_problem(file, name, extension) -> str | None:
    file.seek(0)
    content = file.read() if file.read(len(_COMPOUND)) == _COMPOUND else b""
    file.seek(0)
    if not content:
        return None
    if _LOCKED in content:
        return f"Berkas “{name}” terkunci kata sandi. Buka berkasnya, hapus kata sandinya, simpan, lalu unggah kembali."
    return (
        f"Berkas “{name}” disimpan dalam format Office lama. Buka berkasnya, pilih Simpan Sebagai (Save As), jenis "
        f".{extension}, lalu unggah berkas yang baru."
    )


def _is_of_its_kind(file, extension) -> bool:
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    marks = MARKS[extension]
    if not marks:
        return "\x00" not in _decode(start)
    if extension == "pdf":
        header = start.find(b"%PDF-", 0, _HEADER_REACH)
        return header != -1 and not _NO_JUNK.search(start[:header])
    return any(start[offset : offset + len(mark)] == mark for mark, offset in marks)


def _decode(start: bytes) -> str:
    """Return the beginning of a plain text, in UTF-16 where its first bytes say so."""
    if start.startswith(_UTF_16):
        return start[: len(start) // 2 * 2].decode("utf-16", "replace")
    return start.decode("latin-1")


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
    extension, name = _read_name(file)
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
        end = content.rfind(b"%%EOF")
        return b"startxref" in content[max(end - 2048, 0) : max(end, 0)]
    return not (extension in {"txt", "csv"} and _CODE.match(_decode(file.read(4096)).encode("latin-1", "replace")))


def _find_package_problem(file, name, extension) -> str | None:
    """Check the members of an office file without unpacking it."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            types = _read_types(package)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        parts, types = [], b""
    names = {part.filename for part in parts}
    usual, kind = _PACKAGES[extension]
    if usual not in names and not names & set(_find_main_parts(types, kind)):
        return f"Isi berkas “{name}” tidak sesuai dengan jenisnya (.{extension}). Unggah berkas aslinya."
    if b"macroEnabled" in types or any(_MACROS.search(part.filename) for part in parts):
        return f"Berkas “{name}” memuat makro atau program. Simpan tanpa makro, lalu unggah kembali."
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        return f"Berkas “{name}” terlalu besar untuk dibuka. Perkecil isinya, lalu unggah kembali."
    return None


def _read_types(package: zipfile.ZipFile) -> bytes:
    """Return the list of content types of an OOXML file; OpenDocument has none."""
    if _CONTENT_TYPES not in package.namelist():
        return b""
    with package.open(_CONTENT_TYPES) as stream:
        return stream.read(_MAX_TYPES)


def _find_main_parts(types: bytes, kind: bytes) -> Iterator[str]:
    """Yield the names of the parts that have this content type (ISO/IEC 29500-2, 7.2.3)."""
    for override in _OVERRIDE.findall(types) if kind else ():
        name = _PART_NAME.search(override)
        if kind in override and name:
            yield name[1].decode("utf-8", "replace")
