"""The worksheet as people read it: the page alone scrolls, attachments open in place, what was not seen is said."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.support.factories import make_document, make_photo
from tests.support.pdf import draw, make_pdf

LAST = "Kegiatan ditutup dengan doa bersama."
ROWS = "Desa | Peserta | Bibit | Pupuk | Keterangan\nMunggur | 14 | 200 | 3 | Selesai\nPereng | 11 | 150 | 2 | Selesai"
#: What scrolls in a document by itself.
SCROLLERS = """(root) => [...root.querySelectorAll("*")].filter((each) => {
  const style = getComputedStyle(each);
  const scrolls = (way, size, room) => /auto|scroll/.test(style[way]) && size > room + 1;
  return scrolls("overflowY", each.scrollHeight, each.clientHeight)
    || scrolls("overflowX", each.scrollWidth, each.clientWidth);
}).map((each) => `${each.tagName}.${each.className}`)"""


def write(office):
    """Bring an item to Bidang: two photos, a table, a PDF, and a last sentence."""
    main, photo = make_photo("utama", "blue"), make_photo("sungai", "green")
    file = make_document("Daftar kelompok", "daftar.pdf", make_pdf(draw("Kelompok tani"), draw("Karang taruna")))
    item = office.bring_to("composing")
    picture = {"photo": photo, "alt": "Sungai", "caption": "", "credit": "Dokumentasi"}
    body = [("paragraph", f"<p>Paragraf {number}. {'Warga bekerja bakti. ' * 12}</p>") for number in range(9)]
    body += [
        ("image", picture),
        ("table", {"caption": "Peserta", "rows": ROWS}),
        ("document", {"document": file, "title": ""}),
        ("paragraph", f"<p>{LAST}</p>"),
    ]
    office.write(item, main_image=main, main_image_alt="Warga", main_image_credit="Dokumentasi", body=body)
    return office.bring_to("awaiting_verification", item)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_alone_scrolls_and_says_what_was_not_on_the_screen(office, login, width):
    item = write(office)
    page = login("bidang", width=width)
    page.goto(item.get_absolute_url())
    frame = page.frame_locator(".desk-preview")
    unseen = page.locator("#belum-dilihat")
    expect(unseen).to_contain_text("1 tabel dan 1 lampiran")
    expect(frame.get_by_text(LAST)).to_be_attached()
    page.wait_for_function(
        "(() => { const f = document.querySelector('.desk-preview'), root = f.contentDocument.documentElement;"
        " return Math.abs(f.clientHeight - root.getBoundingClientRect().height) < 5; })()"
    )
    inside = page.frames[-1]
    assert inside.evaluate(f"({SCROLLERS})(document)") == []
    if width == 360:
        assert page.evaluate(f"({SCROLLERS})(document.querySelector('.desk'))") == []
        expect(page.locator(".desk-dock")).to_be_in_viewport()
        expect(page.locator(".desk-dock [data-unseen]")).to_contain_text("1 lampiran")
    else:
        expect(page.locator("#keputusan")).to_be_in_viewport()
    _read_to_the_end(page, frame)
    expect(unseen).to_have_text("Anda belum melihat 1 lampiran.")
    fold = page.locator(".desk-attachment", has_text="Daftar kelompok").first
    fold.locator("summary").first.click()
    pages = fold.locator("img")
    expect(pages).to_have_count(2)
    for each in pages.all():
        each.scroll_into_view_if_needed()
        expect(each).to_have_js_property("complete", True)
        assert each.evaluate("(picture) => picture.naturalWidth") > 600
    fold.get_by_text("Teks berkas ini tanpa tata letak").scroll_into_view_if_needed()
    expect(unseen).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    approve = page.locator("button[value=verify]")
    expect(approve).to_be_visible()
    page.locator(".desk-checks__each").first.check()
    page.locator(".desk-check__fix").first.check()
    expect(approve).to_be_hidden()
    expect(page.locator(".desk-verbs__held")).to_contain_text("Ada butir yang perlu perbaikan")
    expect(page.locator("button[value=return_to_sekretaris]")).to_be_visible()


def _read_to_the_end(page, frame) -> None:
    for part in frame.locator(".article__head, .prose > *, figure, table").all():
        part.evaluate("(part) => part.scrollIntoView({ block: 'end' })")
        # What is on the screen is told with the next frame.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_paper_and_the_keyboard_get_the_whole_text(office, login):
    item = write(office)
    page = login("bidang")
    page.goto(item.get_absolute_url())
    expect(page.locator("#belum-dilihat")).to_contain_text("1 lampiran")
    printed = PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(" ".join(sheet.extract_text() for sheet in printed.pages).split())
    assert LAST in text
    assert "Karang taruna" not in text
    before = page.locator("a", has_text="Buka satu halaman penuh")
    before.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "desk-preview"
    stops = page.frames[-1].locator("a[href], button, [tabindex='0']").count()
    for _stop in range(stops):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('iframe') === null")
    with page.context.expect_page() as opened:
        page.frame_locator(".desk-preview").locator(".eyebrow a").click()
    assert opened.value is not None
    assert page.url.endswith(item.get_absolute_url())
