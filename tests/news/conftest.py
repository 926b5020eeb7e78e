"""Live news made through the real chain, the richest article the editor allows, and many of them."""

import pytest

from news.models import NewsPage
from tests.support.factories import make_document, make_photo
from tests.support.many import multiply_page
from tests.support.replay import replay


@pytest.fixture
def rich_content(db):
    """Every kind of block and every optional field of a news item."""
    photos = [make_photo(f"Foto {colour}", colour) for colour in ("green", "brown", "navy", "olive")]
    document = make_document("Daftar usulan", "usulan.pdf", b"%PDF-1.4")

    def show(photo, number):
        return {"photo": photo, "alt": f"Gambar {number}", "caption": f"Suasana {number}", "credit": "Staf Sekretariat"}

    return {
        "main_image": photos[0],
        "main_image_alt": "Warga membersihkan saluran",
        "main_image_caption": "Kerja bakti di Desa Buntar.",
        "main_image_credit": "Dokumentasi Kecamatan",
        "body": [
            ("paragraph", "<p>Warga bekerja bakti.</p>"),
            ("heading", {"level": "h2", "text": "Hasil kegiatan"}),
            ("heading", {"level": "h3", "text": "Rincian"}),
            ("image", show(photos[1], 1)),
            ("gallery", {"title": "Galeri kerja bakti", "pictures": [show(photos[2], 2), show(photos[3], 3)]}),
            ("quote", {"text": "Saluran kembali lancar", "source": "Kepala Desa Buntar"}),
            ("document", {"document": document, "title": "Unduhan usulan"}),
            ("video", {"address": "https://youtu.be/abcdefghijk", "title": "Rekaman kerja bakti", "caption": ""}),
        ],
    }


@pytest.fixture
def rich_item(office, rich_content):
    """A live news item with everything in it."""
    item = office.bring_to("composing", office.issue("Kerja bakti bersihkan saluran irigasi"))

    def write():
        page = office.write(item, **rich_content)
        page.tags.add("Kerja bakti", "Irigasi")
        page.save_revision(user=office.staf1)

    replay.do(("rich item",), write, lambda _key: None, lambda _none: None)
    item.refresh_from_db()
    return office.bring_to("live", item)


@pytest.fixture
def rich_page(rich_item):
    """The page of the rich item, as citizens get it."""
    return rich_item.get_page()


@pytest.fixture
def with_many(rich_page):
    """Grow the number of live items to the count asked for."""

    def grow(count):
        multiply_page(rich_page, count - NewsPage.objects.live().count())
        assert NewsPage.objects.live().count() == count

    return grow
