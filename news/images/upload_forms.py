"""Forms of uploaded documents and photos, which validate a file before it is stored or opened."""

import subprocess
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
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
    """Field that decodes a photo in a limited process and shrinks a large one."""

    def to_python(self, data):
        file = super().to_python(data)
        return None if file is None else _shrink(file)

    def check_image_pixel_size(self, f):
        """Skip Wagtail's check, which would decode the whole picture in this process."""
        problem = find_content_problem(f)
        if problem:
            raise ValidationError(problem)


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


def _shrink(file):
    """Return the file, or a smaller picture under its name; raises ValidationError for an unreadable one."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    refusal = ValidationError(
        f"Gambar “{file.name[:60]}” tidak dapat dibaca sampai selesai: rusak, bergerak, atau terlalu besar. "
        "Perkecil atau simpan ulang gambarnya, lalu unggah kembali."
    )
    try:
        done = limited_process.run(
            _READER, READER_SECONDS, READER_MEMORY, PHOTO_SIDE, content=content, seconds=READER_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise refusal from error
    if done.returncode:
        raise refusal
    if not done.stdout:
        return file
    smaller = SimpleUploadedFile(file.name, done.stdout, file.content_type)
    smaller.image = file.image
    return smaller
