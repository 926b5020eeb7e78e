"""Serve an item's preview, pictures and source material."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View
from wagtail.images import get_image_model

from moderation.desk.views.base import DeskMixin
from moderation.models import Disposition, SourceMaterial
from moderation.records.item_history import get_shown_page
from moderation.uploads.damaged_pictures import UNREADABLE

#: Content-Security-Policy under which a file cannot load, run, submit or be framed.
_CLOSED = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
#: Without "sandbox" for a PDF, because browsers' isolated viewers do not start under it.
_POLICIES = {"application/pdf": f"{_CLOSED}; object-src 'self'; style-src 'unsafe-inline'"}


class PreviewView(DeskMixin, View):
    """Render the version to decide upon with the public site's template."""

    def get(self, request, pk):
        page = get_shown_page(get_object_or_404(Disposition.objects.select_related("page"), pk=pk))
        if page is None:
            raise Http404("Berita ini belum disusun.")
        # The worksheet's frame shows the article alone, the full preview the whole page.
        framed = {"is_framed": "bingkai" in request.GET}
        response = page.make_preview_request(request, page.default_preview_mode, extra_request_attrs=framed)
        # Only the worksheet may frame it.
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Cache-Control"] = "private, no-store"
        return response


class PictureView(DeskMixin, View):
    """Serve a picture of one of the item's versions at comparison size; create it on first request."""

    def get(self, request, pk, picture_pk):
        get_object_or_404(Disposition, pk=pk)
        picture = get_object_or_404(get_image_model(), pk=picture_pk)
        try:
            return redirect(picture.get_rendition("max-640x480").url)
        except UNREADABLE as error:
            raise Http404("Berkas foto tidak ditemukan.") from error


class MaterialView(DeskMixin, View):
    """Serve a file of the source material from the private storage."""

    def get(self, request, pk, material_pk):
        material = get_object_or_404(SourceMaterial, pk=material_pk, disposition_id=pk)
        shown_type = material.shown_type if "tampil" in request.GET else None
        return send_private_file(material.file, material.name, shown_type)


def send_private_file(file, name: str, shown_type: str | None):
    """Answer with a file from the private storage: inline as ``shown_type``, else as a download."""
    try:
        content = file.open("rb") if file else None
    except FileNotFoundError:
        content = None
    if content is None:
        raise Http404("Berkas tidak ditemukan.")
    response = FileResponse(
        content,
        as_attachment=shown_type is None,
        filename=name,
        content_type=shown_type or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICIES.get(shown_type, f"{_CLOSED}; sandbox")
    response["Cache-Control"] = "private, no-store"
    return response
