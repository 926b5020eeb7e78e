"""Pictures and documents, in models of our own from the first day: Wagtail cannot swap them later."""

import secrets

from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.models import Image as WagtailImage

from news.images.encoding import QuickImage
from news.images.shrinking import open_reduced

#: What a picture needs to be drawn as it is; everything else in its head is about the camera, the place or the author.
DRAWN_WITH = {"icc_profile", "transparency", "gamma", "background", "duration", "loop"}


class MetadataRemoval(FilterOperation):
    """Takes out what the camera wrote into the picture; Willow would copy the place of the photo along."""

    def construct(self):
        """It has no parameters."""

    def run(self, willow, image, env):
        for name in set(willow.image.info) - DRAWN_WITH:
            del willow.image.info[name]
        return QuickImage(willow.image)


class PublicFilter(Filter):
    """A resizing whose result says nothing of the camera, the time or the place."""

    @property
    def filter_operations(self):
        return [*super().filter_operations, MetadataRemoval("metadata")]


class Photo(AbstractImage):
    """A picture with the name of the one who made it; alternative text belongs to each use of it."""

    credit = models.CharField(
        "kredit foto",
        max_length=150,
        blank=True,
        help_text="Nama pemotret atau pemilik gambar, misalnya: Dokumentasi Kecamatan Mojogedang.",
    )

    admin_form_fields = (*WagtailImage.admin_form_fields[:3], "credit", *WagtailImage.admin_form_fields[3:])

    class Meta(AbstractImage.Meta):
        verbose_name = "foto"
        verbose_name_plural = "foto"
        permissions = [("choose_photo", "Dapat memilih foto")]

    def generate_rendition_file(self, filter, *, source=None):
        filter = PublicFilter(filter.spec)
        if source is None:
            with self.open_file() as original:
                reduced = open_reduced(original, filter)
        else:
            reduced = open_reduced(source, filter)
        return super().generate_rendition_file(filter, source=reduced or source)


class Rendition(AbstractRendition):
    """A picture in one size and format, made when it is first asked for."""

    image = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="renditions")

    def get_upload_to(self, filename):
        """Its address can be neither guessed nor foreseen: a withdrawn picture never has its old one again."""
        stem, dot, rest = filename.partition(".")
        return super().get_upload_to(f"{stem}-{secrets.token_hex(6)}{dot}{rest}")

    class Meta:
        verbose_name = "turunan foto"
        verbose_name_plural = "turunan foto"
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter")
        ]
        # Each picture is asked for by the name of its file.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]


class Attachment(AbstractDocument):
    """A document that a page offers for download."""

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "dokumen"
        verbose_name_plural = "dokumen"
        permissions = [("choose_attachment", "Dapat memilih dokumen")]
