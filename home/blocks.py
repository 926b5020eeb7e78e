"""StreamField blocks of menus and reference pages."""

import re

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from news.blocks import FoundByItsDocument, TextBody
from news.editor.rich_text import PARAGRAPH_FEATURES

#: Relative URLs, http(s), mailto and tel; nothing that a browser would run.
ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?!/))[^\s<>\"]*")
#: Levels of a banner, from the quiet one to the one that concerns life and limb.
ALERT_LEVELS = {"info": "Informasi", "waspada": "Waspada", "darurat": "Darurat"}


class LinkBlock(blocks.StructBlock):
    """A link to a page of this site or to a URL."""

    label = blocks.CharBlock(
        label="Teks tautan", max_length=80, required=False, help_text="Bila kosong, dipakai judul halaman yang dipilih."
    )
    page = blocks.PageChooserBlock(label="Halaman", required=False)
    address = blocks.CharBlock(
        label="Alamat lain",
        max_length=300,
        required=False,
        help_text="Untuk alamat di luar situs, misalnya https://www.lapor.go.id/, atau alamat seperti "
        "/ppid/daftar-publikasi/.",
    )

    class Meta:
        label = "Tautan"
        icon = "link"

    def clean(self, value):
        cleaned = super().clean(value)
        problems = {}
        address = cleaned.get("address") or ""
        if bool(cleaned.get("page")) == bool(address):
            problems["page"] = ValidationError("Pilih satu halaman, atau isi alamat lain. Salah satu, tidak keduanya.")
        if address and not ADDRESS.fullmatch(address):
            problems["address"] = ValidationError("Awali alamat dengan https://, atau dengan garis miring.")
        if address and not cleaned.get("label"):
            problems["label"] = ValidationError("Isi teks tautan.")
        if problems:
            raise StructBlockValidationError(problems)
        return cleaned


class MenuEntryBlock(LinkBlock):
    """An entry of the main menu with its sub-entries."""

    children = blocks.ListBlock(LinkBlock(), label="Isi submenu", required=False, default=[], max_num=14)

    class Meta:
        label = "Menu"
        icon = "list-ul"


class FooterColumnBlock(blocks.StructBlock):
    """A column of links in the footer."""

    heading = blocks.CharBlock(label="Judul kolom", max_length=60)
    links = blocks.ListBlock(LinkBlock(), label="Tautan", max_num=10)

    class Meta:
        label = "Kolom"
        icon = "list-ul"


class CardBlock(LinkBlock):
    """A link with a description."""

    text = blocks.CharBlock(label="Penjelasan", max_length=200, required=False)

    class Meta:
        label = "Tautan"
        icon = "link"


class FactBlock(blocks.StructBlock):
    """A fact: label and value."""

    label = blocks.CharBlock(label="Nama", max_length=80, help_text="Misalnya: Luas wilayah.")
    value = blocks.TextBlock(label="Isi", max_length=400, rows=2)

    class Meta:
        label = "Data"
        icon = "tag"


class StepBlock(blocks.StructBlock):
    """A step of a service."""

    title = blocks.CharBlock(label="Langkah", max_length=120)
    text = blocks.TextBlock(label="Penjelasan", max_length=600, rows=2, required=False)

    class Meta:
        label = "Langkah"
        icon = "order"


class DownloadBlock(FoundByItsDocument, blocks.StructBlock):
    """A download; renders nothing where the document was deleted."""

    document = DocumentChooserBlock(label="Dokumen")
    title = blocks.CharBlock(
        label="Judul", max_length=150, required=False, help_text="Bila kosong, dipakai judul dokumen."
    )
    text = blocks.CharBlock(label="Penjelasan", max_length=250, required=False)

    class Meta:
        label = "Dokumen"
        icon = "doc-full"


class DownloadGroupBlock(blocks.StructBlock):
    """Downloads under a heading."""

    heading = blocks.CharBlock(label="Judul kelompok", max_length=80, help_text="Misalnya: Regulasi.")
    documents = blocks.ListBlock(DownloadBlock(), label="Dokumen")

    class Meta:
        label = "Kelompok dokumen"
        icon = "folder-open-inverse"


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label="Pertanyaan", max_length=200)
    answer = blocks.RichTextBlock(label="Jawaban", features=PARAGRAPH_FEATURES)

    class Meta:
        label = "Pertanyaan"
        icon = "help"


class QuestionGroupBlock(blocks.StructBlock):
    """Questions under a heading."""

    heading = blocks.CharBlock(label="Judul kelompok", max_length=80, help_text="Misalnya: Kependudukan.")
    questions = blocks.ListBlock(QuestionBlock(), label="Pertanyaan")

    class Meta:
        label = "Kelompok pertanyaan"
        icon = "help"


class ReferenceBody(TextBody):
    """Body of a reference page: the blocks of a news text, facts and links."""

    facts = blocks.ListBlock(
        FactBlock(), label="Daftar data", icon="tag", template="includes/blocks/facts.html", min_num=1
    )
    links = blocks.ListBlock(
        CardBlock(), label="Daftar tautan", icon="link", template="includes/blocks/links.html", min_num=1
    )


class AlertBlock(blocks.StructBlock):
    """A banner that leads to one item; it says no more than that item, which passed the SOP."""

    level = blocks.ChoiceBlock(label="Tingkat", choices=list(ALERT_LEVELS.items()), default="info")
    page = blocks.PageChooserBlock(
        label="Materi yang sudah tayang",
        page_type="news.NewsPage",
        help_text="Pita memuat judul materi ini dan tautan ke isinya. Bila materi diturunkan, pita ikut hilang.",
    )
    starts_at = blocks.DateTimeBlock(label="Tampil mulai", required=False, help_text="Kosongkan untuk segera.")
    ends_at = blocks.DateTimeBlock(
        label="Tampil sampai", help_text="Wajib diisi, agar pita tidak tertinggal setelah keadaan berlalu."
    )

    class Meta:
        label = "Pita"
        icon = "warning"

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["starts_at"] and cleaned["ends_at"] and cleaned["ends_at"] <= cleaned["starts_at"]:
            problem = ValidationError("Waktu selesai mendahului waktu mulai. Periksa kedua waktu ini.")
            raise StructBlockValidationError({"ends_at": problem})
        return cleaned
