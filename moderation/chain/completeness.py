"""Say what a text lacks before it moves on, and how it differs from what was sealed."""

from django.core.exceptions import ValidationError
from wagtail.fields import StreamField

from moderation.ports.seal import find_missing_files
from moderation.uploads.control_characters import has_control_characters, has_direction_marks

CHANGED_SINCE = "Materi ini telah berubah setelah diverifikasi. Serahkan kembali kepada Bidang untuk verifikasi ulang."
FORGED = (
    "Verifikasi atau perintah materi ini dalam jejak audit tidak ditulis oleh aplikasi. Jangan menayangkannya. "
    "Hubungi pengelola situs."
)


def find_missing(page) -> list[str]:
    """Return what keeps a draft from being handed over, one phrase a field."""
    problems = {}
    try:
        page.full_clean()
    except ValidationError as error:
        problems.update(error.message_dict)
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField) and field.name not in problems:
            value = getattr(page, field.name)
            try:
                value.stream_block.clean(value)
            except ValidationError as error:
                problems[field.name] = _find_unshowable_parts(error) or ["ada bagian yang belum lengkap"]
    for name in _find_unshowable(page):
        problems.setdefault(name, ["memuat karakter kendali yang tidak tampak; hapus bagian itu, lalu ketik ulang"])
    return [
        f"{_get_field_label(page, name)} ({' '.join(messages).rstrip('.').lower()})"
        for name, messages in problems.items()
    ]


def _find_unshowable_parts(error) -> list[str]:
    """Return the messages of blocks with markup that no page shows: a person cannot see them in the editor."""
    blocks = getattr(error, "block_errors", {}).values()
    return [message for found in blocks if getattr(found, "code", "") == "unshowable" for message in found.messages]


def _find_unshowable(page) -> list[str]:
    """Return the names of fields with control characters, which XML and spreadsheets cannot carry, or with marks that
    let a text read another way than it was verified."""
    texts = {
        field.name: getattr(page, field.name).get_prep_value()
        if isinstance(field, StreamField)
        else getattr(page, field.attname)
        for field in page._meta.concrete_fields
    }
    return [name for name, text in texts.items() if has_control_characters(text) or has_direction_marks(text)]


def _get_field_label(page, name) -> str:
    try:
        return str(page._meta.get_field(name).verbose_name)
    except LookupError:
        return "naskah"


def explain_change(page) -> str:
    """Return why the seal differs: a file that is gone is named, everything else is a change of the text."""
    missing = find_missing_files(page)
    if not missing:
        return CHANGED_SINCE
    return f"Berkas pada naskah hilang dari penyimpanan: {'; '.join(missing)}. Minta pengelola situs memulihkannya."
