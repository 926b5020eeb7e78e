"""Validate source material (Bahan): size, extension, and content that matches it."""

from pathlib import PurePath

from .validation import MARKS, OLD_KINDS, find_content_problem

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 20
MAX_NAME_LENGTH = 150

EXTENSIONS = tuple(MARKS)
#: Extension -> content type for inline display; none of these types can run a script.
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
    if extension in OLD_KINDS:
        return find_content_problem(file)
    if extension not in MARKS:
        return f"Berkas “{file.name}” tidak dapat diunggah. Jenis yang diterima: {', '.join(EXTENSIONS)}."
    if len(file.name) > MAX_NAME_LENGTH:
        return f"Nama berkas “{file.name[:40]}…” terlalu panjang. Persingkat menjadi {MAX_NAME_LENGTH} huruf."
    if file.size > MAX_BYTES:
        return f"Berkas “{file.name}” terlalu besar. Paling besar 20 MB setiap berkas."
    if file.size == 0:
        return f"Berkas “{file.name}” kosong."
    return find_content_problem(file)
