"""Forms of uploaded documents and photos, which validate a file before it is stored or opened."""

import subprocess
from pathlib import Path, PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.validators import EMPTY_VALUES
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from moderation.desk.library.forms import VersionedFileForm
from moderation.uploads import limited_process
from moderation.uploads.validation import find_content_problem, find_document_problem

#: Pixels kept on the longest side: enough for print; pages show at most 1440.
PHOTO_SIDE = 3200
#: Bytes for the reader; with the web process below 600 MB in total.
READER_MEMORY = 400 * 1024 * 1024
READER_SECONDS = 20
#: Seconds by the clock, in which a busy machine also finds those of the processor.
READER_PATIENCE = 40
_PNG = b"\x89PNG"
_READER = Path(__file__).with_name("picture_reader.py")


class AttachmentForm(VersionedFileForm, BaseDocumentForm):
    """Form of a document; its content must match its extension."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        # An unchanged field holds the stored file.
        problem = find_document_problem(file) if isinstance(file, UploadedFile) else None
        if problem:
            raise ValidationError(problem)
        return file


class PhotoField(WagtailImageField):
    """Field that decodes a photo in a limited process and keeps it as the site can show it."""

    def to_python(self, data):
        # Wagtail opens the file in this process, so what it gets is small and of a kind that it knows.
        return super().to_python(_make_fit(data) if _is_offered(data) else data)

    def check_image_pixel_size(self, f):
        """Skip Wagtail's check, which would decode the whole picture in this process."""


class PhotoForm(VersionedFileForm, BaseImageForm):
    """Form of a photo."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PhotoField(
                label=given.label, required=given.required, help_text=given.help_text, widget=given.widget
            )

    def save(self, commit=True):
        photo = super().save(commit=commit)
        if commit and "file" in self.changed_data:
            photo.renditions.all().delete()
        return photo


def _is_offered(data) -> bool:
    """Say whether ``data`` is a file whose name and size Wagtail will not refuse anyway."""
    if data in EMPTY_VALUES or not isinstance(data, UploadedFile):
        return False
    extension = PurePath(data.name or "").suffix.lower().lstrip(".")
    return extension in settings.WAGTAILIMAGES_EXTENSIONS and (data.size or 0) <= settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE


def _make_fit(file: UploadedFile) -> UploadedFile:
    """Return the file, or a picture that looks the same and can be kept; raises ValidationError with the reason."""
    problem = find_content_problem(file)
    if problem:
        raise ValidationError(problem)
    file.seek(0)
    content = file.read()
    file.seek(0)
    name = (file.name or "")[:60]
    try:
        done = limited_process.run(
            _READER, READER_SECONDS, READER_MEMORY, PHOTO_SIDE, content=content, seconds=READER_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise ValidationError(
            f"Gambar “{name}” terlalu lama dibaca karena server sedang sibuk. Coba unggah sekali lagi sebentar lagi."
        ) from error
    if done.returncode:
        raise ValidationError(
            f"Gambar “{name}” tidak dapat dibaca sampai selesai: rusak, bergerak, atau terlalu besar. "
            "Perkecil atau simpan ulang gambarnya, lalu unggah kembali."
        )
    if not done.stdout:
        return file
    kind = "png" if done.stdout.startswith(_PNG) else "webp" if done.stdout[8:12] == b"WEBP" else "jpg"
    stem = PurePath(file.name or "").stem
    return SimpleUploadedFile(f"{stem}.{kind}", done.stdout, f"image/{'jpeg' if kind == 'jpg' else kind}")
