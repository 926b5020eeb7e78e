"""The form of an uploaded document."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from moderation.uploads import find_content_problem


class AttachmentForm(BaseDocumentForm):
    """A document is kept only when its content is what its name says."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        # Unchanged, it is the stored one.
        problem = find_content_problem(file) if isinstance(file, UploadedFile) else None
        if problem:
            raise ValidationError(problem)
        return file
