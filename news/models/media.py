"""Image and document models; custom from the start, because Wagtail cannot swap them later."""

import secrets

from django.db import models
from PIL import Image as PillowImage
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    SourceImageIOError,
    WagtailImageFieldFile,
)
from wagtail.images.models import Image as WagtailImage

from moderation.desk.library.usage import Usage
from moderation.uploads.damaged_pictures import UNREADABLE
from news.images.encoding import QuickImage
from news.images.shrinking import open_reduced

#: Metadata needed for display; all other (camera, place, author) is removed.
DRAWN_WITH = {"icc_profile", "transparency", "gamma", "background", "duration", "loop"}


class MetadataRemoval(FilterOperation):
    """Filter operation that removes metadata, such as the GPS position, which Willow would copy."""

    def construct(self):
        """Accept no parameters."""

    def run(self, willow, image, env):
        for name in set(willow.image.info) - DRAWN_WITH:
            del willow.image.info[name]
        return QuickImage(willow.image)


class PublicFilter(Filter):
    """Filter whose result has no camera metadata."""

    @property
    def filter_operations(self):
        return [*super().filter_operations, MetadataRemoval("metadata")]


class PhotoFile(WagtailImageFieldFile):
    """The file of a photo."""

    def get_image_dimensions(self) -> tuple[int, int]:
        """Return width and height as the file's head names them; Wagtail decodes the whole picture for them."""
        is_closed = self.closed
        self.open()
        try:
            with PillowImage.open(self) as picture:
                return picture.size
        finally:
            self.close() if is_closed else self.seek(0)


class Photo(AbstractImage):
    """An image with its credit; the alternative text belongs to each use."""

    credit = models.CharField(
        "kredit foto",
        max_length=150,
        blank=True,
        help_text="Nama pemotret atau pemilik gambar, misalnya: Dokumentasi Kecamatan.",
    )

    admin_form_fields = (*WagtailImage.admin_form_fields[:3], "credit", *WagtailImage.admin_form_fields[3:])

    class Meta(AbstractImage.Meta):
        verbose_name = "foto"
        verbose_name_plural = "foto"
        permissions = [("choose_photo", "Dapat memilih foto")]

    def get_usage(self):
        return Usage(self)

    def generate_rendition_file(self, filter, *, source=None):
        """Return the file in one size and format.

        Raises SourceImageIOError for an original that is gone or damaged, where Wagtail passes on what Pillow raises:
        its own screens then show a missing picture instead of failing.
        """
        try:
            return self._generate_file(PublicFilter(filter.spec), source)
        except InvalidFilterSpecError:
            raise
        except UNREADABLE as error:
            raise SourceImageIOError(str(error)) from error

    def _generate_file(self, filter, source):
        has_focal_point = self.has_focal_point()
        if source is None:
            with self.open_file() as original:
                reduced = open_reduced(original, filter, has_focal_point=has_focal_point)
        else:
            reduced = open_reduced(source, filter, has_focal_point=has_focal_point)
        return super().generate_rendition_file(filter, source=reduced or source)

    def create_renditions(self, *filters: Filter) -> dict[Filter, AbstractRendition]:
        """Create them; return the row of another process where that was quicker, and remove the file that has none.

        Wagtail returns the file without a row, which no reader gets (home/serving/media.py).
        """
        made = super().create_renditions(*filters)
        stored = self.renditions.filter(filter_spec__in=[filter.spec for filter in made])
        rows = {(row.filter_spec, row.focal_point_key): row for row in stored}
        for filter, new in made.items():
            row = rows.get((new.filter_spec, new.focal_point_key), new)
            if row.file.name != new.file.name:
                new.file.storage.delete(new.file.name)
                made[filter] = row
        return made


Photo._meta.get_field("file").attr_class = PhotoFile


class Rendition(AbstractRendition):
    """A picture in one size and format, created on first use."""

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename):
        """Return an unguessable path, never reused after a withdrawal."""
        stem, dot, rest = filename.partition(".")
        return super().get_upload_to(f"{stem}-{secrets.token_hex(6)}{dot}{rest}")

    class Meta:
        verbose_name = "turunan foto"
        verbose_name_plural = "turunan foto"
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]
        # Renditions are looked up by file name when served.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]


class Attachment(AbstractDocument):
    """A document offered for download on a page."""

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "dokumen"
        verbose_name_plural = "dokumen"
        permissions = [("choose_attachment", "Dapat memilih dokumen")]

    def clean(self):
        # A file that the form has refused is not here; Wagtail would refuse its missing name once more.
        if self.file:
            super().clean()

    def get_usage(self):
        return Usage(self)
