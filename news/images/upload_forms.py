"""The forms of uploaded documents and photos: nothing is kept, or opened here, before it was looked at."""

import subprocess
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from moderation.uploads import limited_process
from moderation.uploads.validation import find_content_problem, find_document_problem

#: No page shows a picture larger than 1440 dots; what is kept is enough to print it.
PHOTO_SIDE = 3200
#: With what a web process has already, below 600 MB for any upload.
READER_MEMORY = 400 * 1024 * 1024
READER_SECONDS = 20
_READER = Path(__file__).with_name("picture_reader.py")


class AttachmentForm(BaseDocumentForm):
    """A document is kept only when its content is what its name says."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        # Unchanged, it is the stored one.
        problem = find_document_problem(file) if isinstance(file, UploadedFile) else None
        if problem:
            raise ValidationError(problem)
        return file


class PhotoField(WagtailImageField):
    """A photo is read to its end by a process that dies of what is too much; a large one is kept smaller."""

    def to_python(self, data):
        file = super().to_python(data)
        return None if file is None else _shrink(file)

    def check_image_pixel_size(self, f):
        """Wagtail would decode the whole picture in this process to ask for its size."""
        problem = find_content_problem(f)
        if problem:
            raise ValidationError(problem)


class PhotoForm(BaseImageForm):
    """The form of a photo, wherever it is uploaded."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = PhotoField(
                label=given.label, required=given.required, help_text=given.help_text, widget=given.widget
            )


def _shrink(file):
    """Return the file as it is, or a smaller picture under its name; raises ValidationError where it cannot be read."""
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
