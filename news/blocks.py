"""StreamField blocks of a text; picture blocks require alternative text and credit."""

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from moderation.ports import channels

from .editor import tables, videos
from .editor.rich_text import PARAGRAPH_FEATURES, find_unclean

ALT_HELP = "Jelaskan apa yang tampak, untuk warga yang tidak dapat melihat gambar."
CREDIT_HELP = "Nama pemotret atau pemilik gambar."


class ParagraphBlock(blocks.RichTextBlock):
    """Rich text with nothing but what the editor writes."""

    def deconstruct(self):
        """Let migrations know Wagtail's own block: what is stored is the same."""
        _path, arguments, options = super().deconstruct()
        return "wagtail.blocks.RichTextBlock", arguments, options

    def clean(self, value):
        unclean = find_unclean(value.source)
        if unclean:
            raise ValidationError(
                "sebuah paragraf memuat sisipan atau gaya yang tidak dapat ditampilkan "
                f"({', '.join(unclean)}); hapus bagian itu, lalu ketik ulang",
                code="unshowable",
            )
        return super().clean(value)


class HeadingBlock(blocks.StructBlock):
    """A heading inside the text; the title of the page is the only level 1."""

    level = blocks.ChoiceBlock(label="Tingkat", choices=[("h2", "Subjudul"), ("h3", "Anak subjudul")], default="h2")
    text = blocks.CharBlock(label="Teks", max_length=120)

    class Meta:
        label = "Subjudul"
        icon = "title"
        template = "includes/blocks/heading.html"
        form_layout = ["text", "level"]


class PictureBlock(blocks.StructBlock):
    """A picture with required alternative text and credit."""

    photo = ImageChooserBlock(label="Foto")
    alt = blocks.CharBlock(label="Teks alternatif", max_length=250, help_text=ALT_HELP)
    caption = blocks.CharBlock(label="Keterangan foto", max_length=300, required=False)
    credit = blocks.CharBlock(label="Kredit foto", max_length=150, help_text=CREDIT_HELP)

    class Meta:
        label = "Foto"
        icon = "image"
        template = "includes/blocks/picture.html"


class GalleryBlock(blocks.StructBlock):
    """Several pictures of one occasion."""

    title = blocks.CharBlock(label="Judul galeri", max_length=120, required=False)
    pictures = blocks.ListBlock(PictureBlock(), label="Foto", min_num=2, max_num=60)

    class Meta:
        label = "Galeri"
        icon = "grip"
        template = "includes/blocks/gallery.html"


class QuoteBlock(blocks.StructBlock):
    """Words of somebody, with who said them."""

    text = blocks.TextBlock(label="Kutipan", rows=3, max_length=600, help_text="Tanpa tanda kutip.")
    source = blocks.CharBlock(label="Narasumber", max_length=150, help_text="Nama dan jabatan, misalnya: Camat.")

    class Meta:
        label = "Kutipan"
        icon = "openquote"
        template = "includes/blocks/quote.html"


class FoundByItsDocument:
    """Mixin that indexes a document block by the title shown: its own, else the document's."""

    def get_searchable_content(self, value):
        document, found = value.get("document"), super().get_searchable_content(value)
        return found if value.get("title") or document is None else [*found, document.title]


class DocumentBlock(FoundByItsDocument, blocks.StructBlock):
    """A document for download with a title."""

    document = DocumentChooserBlock(label="Dokumen")
    title = blocks.CharBlock(
        label="Judul tautan", max_length=150, required=False, help_text="Bila kosong, dipakai judul dokumen."
    )

    class Meta:
        label = "Dokumen"
        icon = "doc-full"
        template = "includes/blocks/document.html"


class VideoBlock(blocks.StructBlock):
    """A video of an allowed host; any other address is refused."""

    address = blocks.URLBlock(
        label="Alamat video", max_length=300, help_text=f"Alamat video pada {videos.get_host_names()}."
    )
    title = blocks.CharBlock(label="Judul video", max_length=150)
    caption = blocks.CharBlock(label="Keterangan video", max_length=300, required=False)

    class Meta:
        label = "Video"
        icon = "media"
        template = "includes/blocks/video.html"

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["address"] and videos.get_video(cleaned["address"]) is None:
            refusal = ValidationError(
                f"Alamat ini tidak dapat ditampilkan. Gunakan alamat lengkap satu video pada {videos.get_host_names()}."
            )
            raise StructBlockValidationError({"address": refusal})
        return cleaned

    def get_context(self, value, parent_context=None):
        return super().get_context(value, parent_context) | {"video": videos.get_video(value["address"])}


class TableBlock(blocks.StructBlock):
    """A table, typed or pasted as lines; Wagtail's own blocks bring a grid that speaks English and takes no paste."""

    caption = blocks.CharBlock(label="Judul tabel", max_length=200, help_text="Apa isi tabel ini, dalam satu kalimat.")
    rows = blocks.TextBlock(
        label="Isi tabel",
        rows=8,
        max_length=20_000,
        help_text="Salin tabel dari Word atau Excel, lalu tempelkan di sini. Satu baris untuk satu baris tabel; "
        "sel dipisahkan dengan tanda |. "
        f"Paling banyak {tables.MAX_COLUMNS} kolom dan {tables.MAX_ROWS} baris.",
    )
    header = blocks.ChoiceBlock(
        label="Kepala tabel",
        choices=[
            ("row", "Baris pertama"),
            ("column", "Kolom pertama"),
            ("both", "Baris dan kolom pertama"),
            ("none", "Tanpa kepala"),
        ],
        default="row",
    )

    class Meta:
        label = "Tabel"
        icon = "table"
        template = "includes/blocks/table.html"

    def clean(self, value):
        cleaned = super().clean(value)
        rows = tables.read_rows(cleaned["rows"])
        if problem := tables.find_problem(rows):
            raise StructBlockValidationError({"rows": ValidationError(problem)})
        cleaned["rows"] = tables.write_rows(rows)
        return cleaned

    def get_context(self, value, parent_context=None):
        rows = tables.read_rows(value["rows"])
        has_head = value["header"] in {"row", "both"} and len(rows) > 1
        return super().get_context(value, parent_context) | {
            "head": rows[0] if has_head else [],
            "rows": rows[has_head:],
            "has_header_column": value["header"] in {"column", "both"},
        }


class TextBody(blocks.StreamBlock):
    """The body of a page."""

    paragraph = ParagraphBlock(
        label="Paragraf", icon="pilcrow", features=PARAGRAPH_FEATURES, template="includes/blocks/paragraph.html"
    )
    heading = HeadingBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    table = TableBlock()
    document = DocumentBlock()
    video = VideoBlock()


def get_channel_kinds():
    """Return the kinds of channels that a text can be written for."""
    return [(kind, label) for kind, label, _limit in channels.get_kinds()]


class ChannelTextBlock(blocks.StructBlock):
    """Text, topics and picture for one kind of channel, in place of those of the page."""

    channel = blocks.ChoiceBlock(label="Kanal", choices=get_channel_kinds)
    text = blocks.TextBlock(
        label="Teks unggahan", rows=4, required=False, help_text="Kosongkan untuk memakai ringkasan berita."
    )
    tags = blocks.CharBlock(
        label="Topik",
        max_length=200,
        required=False,
        help_text="Kata kunci, dipisahkan dengan koma. Kosongkan untuk memakai topik berita.",
    )
    photo = ImageChooserBlock(label="Foto", required=False, help_text="Kosongkan untuk memakai foto utama.")
    alt = blocks.CharBlock(label="Teks alternatif", max_length=250, required=False, help_text=ALT_HELP)

    class Meta:
        label = "Teks kanal"
        icon = "comment"

    def get_prep_value(self, value):
        """Leave out empty values, so that texts older than these fields keep their seal."""
        stored = super().get_prep_value(value)
        return {name: part for name, part in stored.items() if name in ("channel", "text") or part}

    def clean(self, value):
        cleaned = super().clean(value)
        problems = {}
        too_long = cleaned["channel"] and channels.get_text_problem(cleaned["channel"], cleaned["text"])
        if too_long:
            problems["text"] = ValidationError(too_long)
        if cleaned.get("photo") and not cleaned.get("alt"):
            problems["alt"] = ValidationError("Foto memerlukan teks alternatif. Jelaskan apa yang tampak.")
        if problems:
            raise StructBlockValidationError(problems)
        return cleaned


class ChannelTexts(blocks.StreamBlock):
    """At most one text for each kind of channel."""

    text = ChannelTextBlock()

    class Meta:
        required = False

    def clean(self, value):
        cleaned = super().clean(value)
        seen = set()
        repeated = {}
        for position, child in enumerate(cleaned):
            kind = child.value["channel"]
            if kind and kind in seen:
                repeated[position] = ValidationError("Kanal ini sudah memiliki teks. Hapus salah satunya.")
            seen.add(kind)
        if repeated:
            raise blocks.StreamBlockValidationError(block_errors=repeated)
        return cleaned
