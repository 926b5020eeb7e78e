"""Serve an item's preview, pictures and source material."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError

from moderation.desk.views.base import DeskMixin
from moderation.models import Disposition, SourceMaterial
from moderation.records.item_history import get_shown_page

#: CSP under which a file cannot load, run, submit or be framed.
_CLOSED = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
#: Browsers draw a PDF in a viewer of their own, cut off from the site; under "sandbox" it would not start.
_POLICIES = {"application/pdf": f"{_CLOSED}; object-src 'self'; style-src 'unsafe-inline'"}


class PreviewView(DeskMixin, View):
    """The version to decide upon, drawn by the public site's own template."""

    def get(self, request, pk):
        page = get_shown_page(get_object_or_404(Disposition.objects.select_related("page"), pk=pk))
        if page is None:
            raise Http404("Berita ini belum disusun.")
        # The frame on the worksheet has room for the article alone; the full page shows all around it.
        framed = {"is_framed": "bingkai" in request.GET}
        response = page.make_preview_request(request, page.default_preview_mode, extra_request_attrs=framed)
        # The worksheet shows it in a frame; nobody else may.
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Cache-Control"] = "private, no-store"
        return response


class PictureView(DeskMixin, View):
    """A picture of one of the item's versions in the size of a before and after; made when first seen."""

    def get(self, request, pk, picture_pk):
        get_object_or_404(Disposition, pk=pk)
        picture = get_object_or_404(get_image_model(), pk=picture_pk)
        try:
            return redirect(picture.get_rendition("max-640x480").url)
        except SourceImageIOError as error:
            raise Http404("Berkas foto tidak ditemukan.") from error


class MaterialView(DeskMixin, View):
    """A file of the source material, from the storage without an address."""

    def get(self, request, pk, material_pk):
        material = get_object_or_404(SourceMaterial, pk=material_pk, disposition_id=pk)
        shown_type = material.shown_type if "tampil" in request.GET else None
        return send_private_file(material.file, material.name, shown_type)


def send_private_file(file, name: str, shown_type: str | None):
    """Answer with a file from the storage without an address; shown in place only as ``shown_type``."""
    if not file or not file.storage.exists(file.name):
        raise Http404("Berkas tidak ditemukan.")
    response = FileResponse(
        file.open("rb"),
        as_attachment=shown_type is None,
        filename=name,
        content_type=shown_type or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICIES.get(shown_type, f"{_CLOSED}; sandbox")
    response["Cache-Control"] = "private, no-store"
    return response
