"""Validate source material (Bahan): size, extension, and content that matches it."""

from pathlib import PurePath

from .validation import MARKS, OLD_KINDS, find_content_problem

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 20
MAX_NAME_LENGTH = 150
#: Letters of a name that is too long, in the sentence about it.
SHOWN_OF_NAME = 40

EXTENSIONS = tuple(MARKS)
TOO_MANY = f"Paling banyak {MAX_FILES} berkas untuk satu disposisi."
#: Sentences about one file, which the form says in the browser too.
UNKNOWN_KIND = f"Berkas “{{name}}” tidak dapat diunggah. Jenis yang diterima: {', '.join(EXTENSIONS)}."
LONG_NAME = f"Nama berkas “{{name}}…” terlalu panjang. Persingkat menjadi {MAX_NAME_LENGTH} huruf."
TOO_LARGE = "Berkas “{name}” terlalu besar. Paling besar 20 MB setiap berkas."
EMPTY = "Berkas “{name}” kosong."
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
        return UNKNOWN_KIND.format(name=file.name)
    if len(file.name) > MAX_NAME_LENGTH:
        return LONG_NAME.format(name=file.name[:SHOWN_OF_NAME])
    if file.size > MAX_BYTES:
        return TOO_LARGE.format(name=file.name)
    if file.size == 0:
        return EMPTY.format(name=file.name)
    return find_content_problem(file)
