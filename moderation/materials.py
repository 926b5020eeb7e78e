"""What may be uploaded as source material (Bahan): size, kind, and content that is of that kind."""

from pathlib import PurePath

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 20
MAX_NAME_LENGTH = 150

_ZIP = (b"PK\x03\x04", 0)
_MP4 = (b"ftyp", 4)
#: Extension -> the marks (bytes, offset) of which the content must carry one; none: plain text.
_MARKS = {
    "pdf": [(b"%PDF-", 0)],
    "jpg": [(b"\xff\xd8\xff", 0)],
    "jpeg": [(b"\xff\xd8\xff", 0)],
    "png": [(b"\x89PNG\r\n\x1a\n", 0)],
    "gif": [(b"GIF87a", 0), (b"GIF89a", 0)],
    "webp": [(b"WEBP", 8)],
    "heic": [_MP4],
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
EXTENSIONS = tuple(_MARKS)
#: Extension -> the type under which a browser may show the file; no type here can carry a script of this site.
SHOWN_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/plain; charset=utf-8",
}


def find_problem(file) -> str | None:
    """Return why an uploaded file is refused, in Indonesian; None when it may be kept."""
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    if extension not in _MARKS:
        return f"Berkas “{file.name}” tidak dapat diunggah. Jenis yang diterima: {', '.join(EXTENSIONS)}."
    if len(file.name) > MAX_NAME_LENGTH:
        return f"Nama berkas “{file.name[:40]}…” terlalu panjang. Persingkat menjadi {MAX_NAME_LENGTH} huruf."
    if file.size > MAX_BYTES:
        return f"Berkas “{file.name}” terlalu besar. Paling besar 20 MB setiap berkas."
    if file.size == 0:
        return f"Berkas “{file.name}” kosong."
    if not _is_of_its_kind(file, extension):
        return f"Isi berkas “{file.name}” tidak sesuai dengan jenisnya (.{extension}). Unggah berkas aslinya."
    return None


def _is_of_its_kind(file, extension) -> bool:
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    marks = _MARKS[extension]
    if not marks:
        return b"\x00" not in start
    return any(start[offset : offset + len(mark)] == mark for mark, offset in marks)
