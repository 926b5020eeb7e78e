"""One look at every uploaded file, whatever it is for: is its content what its name says, and not a bomb."""

from pathlib import PurePath

from PIL import Image, UnidentifiedImageError

#: Wagtail's own bound for photos. A picture of 30,000 x 30,000 dots takes kilobytes as a file, gigabytes when shown.
MAX_PIXELS = 128_000_000
_ZIP = (b"PK\x03\x04", 0)
_MP4 = (b"ftyp", 4)
#: Extension -> the marks (bytes, offset) of which the content must carry one; none: plain text.
MARKS = {
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
_PICTURES = {"jpg", "jpeg", "png", "gif", "webp"}


def find_content_problem(file) -> str | None:
    """Return why the content of an uploaded file is refused, in Indonesian; None when it may be kept."""
    extension = PurePath(file.name).suffix.lower().lstrip(".")
    name = file.name if len(file.name) <= 60 else f"{file.name[:40]}….{extension}"
    if extension not in MARKS:
        return None  # Which kinds are taken is for each form to say.
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
    """Compare what the head of the picture says of its size; nothing is decoded."""
    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        return True
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False  # Damaged, which the person sees who opens it.
    finally:
        file.seek(0)
    return width * height > MAX_PIXELS
