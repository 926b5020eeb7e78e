"""Show an item's attached documents and source material to be read in place: pages as pictures, and the text."""

import io
from pathlib import PurePath

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView, View

from moderation.desk import worksheet
from moderation.desk.views.base import DeskMixin
from moderation.models import Disposition, SourceMaterial
from moderation.ports.seal import get_media
from moderation.records.item_history import get_shown_page
from moderation.uploads import page_pictures, text_extraction

#: Pages drawn; the file itself shows the rest.
MOST_PAGES = 50


class AttachmentMixin(DeskMixin):
    """Find a document of the text that is decided upon."""

    page_address = "moderation:attachment_page"

    def get_file(self):
        """Return the stored file, its name and its title."""
        page = get_shown_page(get_object_or_404(Disposition.objects.select_related("page"), pk=self.kwargs["pk"]))
        attachments = worksheet.list_attachments(get_media(page)) if page is not None else []
        document = next((one for one in attachments if one.pk == self.kwargs["file_pk"]), None)
        if document is None:
            raise Http404("Lampiran itu tidak ada pada naskah ini.")
        return document.file, document.filename, document.title

    def read_file(self) -> tuple[bytes, str, str]:
        """Return the bytes, the name and the title; 404 where the file is gone."""
        file, name, title = self.get_file()
        try:
            with file.storage.open(file.name) as stream:
                return stream.read(), name, title
        except FileNotFoundError as error:
            raise Http404("Berkas tidak ditemukan.") from error


class MaterialMixin(AttachmentMixin):
    """Find a file of the item's source material."""

    page_address = "moderation:material_page"

    def get_file(self):
        material = get_object_or_404(SourceMaterial, pk=self.kwargs["file_pk"], disposition_id=self.kwargs["pk"])
        return material.file, material.name, material.name


class AttachmentView(AttachmentMixin, TemplateView):
    """The pages of a PDF as pictures and the text of any file; for a script of the worksheet, that alone."""

    template_name = "moderation/worksheet/attachments/screen.html"
    page_title = "Lampiran"
    header_icon = "doc-full-inverse"
    trail = (("moderation:queue", "Antrean"),)

    def get_template_names(self):
        is_part = self.request.headers.get("x-requested-with") == "XMLHttpRequest"
        return ["moderation/worksheet/attachments/content.html"] if is_part else [self.template_name]

    def get_context_data(self, **kwargs):
        content, name, title = self.read_file()
        found = text_extraction.read_document(io.BytesIO(content), name)
        count = page_pictures.count_pages(content) if PurePath(name).suffix.lower() == ".pdf" else 0
        pages = range(1, min(count, MOST_PAGES) + 1)
        keys = self.kwargs["pk"], self.kwargs["file_pk"]
        return super().get_context_data(
            title=title,
            item_pk=self.kwargs["pk"],
            pages=[(number, reverse(self.page_address, args=[*keys, number])) for number in pages],
            page_count=count,
            text=found.text,
            problem=found.problem,
            **kwargs,
        )


class PagePictureView(AttachmentMixin, View):
    """One page of a PDF as a picture."""

    def get(self, request, **kwargs):
        content, name, _title = self.read_file()
        picture = page_pictures.draw_page(content, kwargs["number"]) if 0 < kwargs["number"] <= MOST_PAGES else None
        if picture is None:
            raise Http404(f"Halaman {kwargs['number']} dari “{name}” tidak dapat digambar.")
        response = HttpResponse(picture, content_type="image/png")
        response["Cache-Control"] = "private, no-store"
        return response


class MaterialReadView(MaterialMixin, AttachmentView):
    """The same for a file of the source material."""

    page_title = "Bahan"


class MaterialPageView(MaterialMixin, PagePictureView):
    """One page of a PDF of the source material as a picture."""
