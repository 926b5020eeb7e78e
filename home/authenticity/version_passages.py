"""List the passages of one published version as plain text, in the order of the site."""

from bs4 import BeautifulSoup
from wagtail.rich_text import RichText

from moderation.chain import corrections
from moderation.models import AuditEntry
from moderation.ports.seal import shorten
from news.templatetags.news_tags import event_time, long_date, long_moment

from .comparison.passages import Passage

ARTICLE, TITLE, FACTS, NOTE = "berita di situs", "judul berita", "keterangan berita", "catatan ralat"
#: An empty line: the site shows something else there, a picture or what is known of the item.
_ELSEWHERE = "\n\n"
_LINE_ENDS = ["p", "li", "br", "h1", "h2", "h3", "h4", "td", "th", "blockquote"]
#: What the site writes around every item, also in the words of earlier releases, and is copied along with it.
_LABELS = (
    "Bagikan",
    "Salin tautan",
    "Cetak",
    "Kalender",
    "Simpan ke kalender (.ics)",
    "Ralat",
    "Facebook",
    "X",
    "WhatsApp",
    "Telegram",
    "Sidik isi dihitung dari seluruh isi berita: satu huruf berubah, sidiknya lain.",
    "Diverifikasi PPID Pembantu",
    "Isi berita ini sama dengan naskah yang diverifikasi sebelum tayang.",
    "Diverifikasi Bidang Pengolahan Data dan Klasifikasi Informasi",
    "Diverifikasi Bidang Pengolahan Data dan Klasifikasi Informasi Isi berita ini sama dengan naskah yang diverifikasi "
    "sebelum tayang.",
    "Diverifikasi PPID Pembantu Isi berita ini sama dengan naskah yang diverifikasi sebelum tayang.",
)
_LABELS_ALONE = _ELSEWHERE.join(_LABELS)


def list_passages(page, permit) -> list[Passage]:
    """Return all passages that citizens read of a version, without posts and without ``get_labels``."""
    passages = [
        Passage.of(TITLE, page.title),
        Passage.of(ARTICLE, _write_article(page)),
        Passage.of(NOTE, page.correction_note),
        Passage.of(FACTS, _ELSEWHERE.join(_list_facts(page, permit)), is_statement=False),
    ]
    return [passage for passage in passages if passage.plain]


def get_labels() -> Passage:
    """Return the passage of the labels that the site writes around every item."""
    return _LABELS_PASSAGE


def list_channel_texts(page) -> list[str]:
    """Return the texts written for single channels."""
    return [text for block in page.channel_texts for text in block.block.get_searchable_content(block.value)]


def _write_article(page) -> str:
    parts = [page.title, page.lead, _write_urgent(page)]
    written, lines = [part for part in parts if part], []
    for block in page.body:
        if block.block_type in ("paragraph", "heading"):
            lines += _list_lines(block)
        elif block.block_type == "quote":
            lines += [block.value["text"], block.value["source"]]
        else:
            written += ["\n".join(lines)] if lines else []
            lines = []
    return _ELSEWHERE.join([*written, "\n".join(lines)])


def _list_lines(block) -> list[str]:
    """Return the lines of a paragraph or heading."""
    if not isinstance(block.value, RichText):
        return [block.value["text"]]
    soup = BeautifulSoup(block.value.source, "html.parser")
    for tag in soup.find_all(_LINE_ENDS):
        tag.insert_before("\n")
        tag.insert_after("\n")
    lines = [" ".join(line.split()) for line in soup.get_text().split("\n")]
    return [line for line in lines if line]


def _write_urgent(page) -> str:
    facts = [f"{label}\n{text}" for label, text in page.urgent_facts] if page.urgent_facts else []
    return "\n".join(["Informasi serta merta", *facts]) if facts else ""


def _list_facts(page, permit) -> list[str]:
    """Return the facts around the text on the site, which are copied along with it, each with its label."""
    verify = AuditEntry.objects.filter(page_id=permit.page_id, action="verify", seal=permit.seal)
    verified_at = verify.order_by("sequence").values_list("at", flat=True).last()
    category = page.shown_category
    published = page.first_published_at or permit.executed_at
    place = "Tempat kegiatan" if page.activity_date else "Tempat"
    pairs = [
        ("Waktu", event_time(page)),
        ("Tayang", long_moment(published)),
        ("Berlaku sampai", long_date(page.valid_until) if page.valid_until else ""),
        ("Tanggal kegiatan", long_date(page.activity_date) if page.activity_date else ""),
        (place, page.activity_place),
        ("Desa", page.shown_village),
        ("Topik", "\n".join(sorted(tag.name for tag in page.tags.all()))),
        ("Tanggal verifikasi", long_moment(verified_at) if verified_at else ""),
        ("Nomor register", permit.disposition.register_number),
        ("Sidik isi", shorten(permit.seal)),
    ]
    parts = [category, page.get_kind_display(), f"{page.get_kind_display()} {category}"]
    parts += [f"{label}\n{value}" for label, value in pairs if value]
    parts += [tag.name for tag in page.tags.all()]
    parts += _list_pictures(page)
    for order in corrections.list_executed(page):
        if corrections.is_public(order):
            parts += [long_moment(order.executed_at), f"{long_moment(order.executed_at)}\n{order.correction_note}"]
    return [part for part in parts if part]


def _list_pictures(page):
    """Yield the words under pictures, videos and documents."""
    shown = [(page.main_image_caption, page.main_image_credit, page.main_image_alt)]
    for block in page.body:
        if block.block_type in ("image", "gallery"):
            pictures = block.value["pictures"] if block.block_type == "gallery" else [block.value]
            shown += [(each["caption"], each["credit"], each["alt"]) for each in pictures]
        if block.block_type not in ("paragraph", "heading", "quote"):
            yield from block.block.get_searchable_content(block.value)
    for caption, credit, alt in shown:
        yield from (caption, credit, alt)
        if credit:
            yield from (f"Kredit foto: {credit}", f"Kredit foto:\n{credit}", f"{caption} Kredit foto: {credit}".strip())
            yield from (f"{caption}\nKredit foto: {credit}".strip(), f"{caption}\nKredit foto:\n{credit}".strip())


_LABELS_PASSAGE = Passage.of(FACTS, _LABELS_ALONE, is_statement=False)
