"""What an item consists of: its text as citizens will see it, and its source material."""

from pathlib import PurePath

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.generic import View

from ..models import Disposition, SourceMaterial
from ..worksheet import get_shown_page
from .base import DeskMixin

#: Kinds that a browser may show in place; everything else is only ever downloaded.
_IMAGE_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


class PreviewView(DeskMixin, View):
    """The version to decide upon, drawn by the public site's own template."""

    def get(self, request, pk):
        page = get_shown_page(get_object_or_404(Disposition.objects.select_related("page"), pk=pk))
        if page is None:
            raise Http404("Berita ini belum disusun.")
        response = page.make_preview_request(request, page.default_preview_mode)
        # The worksheet shows it in a frame; nobody else may.
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Cache-Control"] = "private, no-store"
        return response


class MaterialView(DeskMixin, View):
    """A file of the source material, from the storage without an address."""

    def get(self, request, pk, material_pk):
        material = get_object_or_404(SourceMaterial, pk=material_pk, disposition_id=pk)
        if not material.file.storage.exists(material.file.name):
            raise Http404("Berkas bahan tidak ditemukan.")
        image_type = _IMAGE_TYPES.get(PurePath(material.name).suffix.lower())
        inline = image_type is not None and "tampil" in request.GET
        response = FileResponse(
            material.file.open("rb"),
            as_attachment=not inline,
            filename=material.name,
            content_type=image_type if inline else "application/octet-stream",
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response
