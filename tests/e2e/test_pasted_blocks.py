"""Tables and headings are pasted from Word in a browser: into a paragraph, and into the field of the block."""

import re

from playwright.sync_api import expect

PASTE = """([element, html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
WORD = (
    "<html><body><p class=MsoNormal>Jadwal pelayanan, luas 40 m<sup>2</sup>.</p>"
    "<table class=MsoTableGrid><tr><td><p class=MsoNormal>Hari<o:p>"
    "</o:p></p></td><td><p>Jam</p></td></tr><tr><td><p>Senin</p></td><td><p>08.00</p><p>sampai 14.00</p></td></tr>"
    "</table></body></html>"
)


REPORT = (
    "<html><body><div class=WordSection1><h1 style='mso-list:l0 level1 lfo1'><![if !supportLists]><span>1.<span>&nbsp;"
    "&nbsp;&nbsp; </span></span><![endif]>Kesiapan<br>musim hujan<o:p></o:p></h1>"
    "<p class=MsoNormal>Saluran <b>dibersihkan</b> warga.</p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    "<ul><li>Buntar</li><li>Pereng</li></ul><h2>Jadwal</h2>"
    "<table class=MsoTableGrid><tr><td><h3>Hari</h3></td><td>Jam</td></tr><tr><td>Senin</td><td>08.00</td></tr></table>"
    "<h4>Alat</h4><p class=MsoNormal>Cangkul dan sabit.</p></div></body></html>"
)
#: The blocks of the form as the browser would send them, in their order.
READ_BLOCKS = """() => [...document.querySelectorAll("[name^='body-'][name$='-type']")].map((type) => {
  const prefix = type.name.slice(0, -"type".length);
  const read = (name) => document.getElementsByName(prefix + name)[0]?.value;
  const text = read("value") && JSON.parse(read("value"));
  return {
    deleted: Boolean(read("deleted")), order: Number(read("order")), type: type.value,
    value: read("value-rows") || [read("value-level"), read("value-text")].filter(Boolean).join(" ")
      || (text ? text.blocks.map((block) => block.text).join(" / ") : ""),
  };
}).filter((block) => !block.deleted).sort((one, other) => one.order - other.order)
  .map((block) => [block.type, block.value])"""


def paste(locator, html, text):
    handle = locator.element_handle()
    handle.evaluate("element => element.focus()")
    locator.page.evaluate(PASTE, [handle, html, text])


def open_editor(office, login, *body):
    item = office.bring_to("composing")
    office.write(item, body=list(body))
    page = login("staf1")
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    return item, page, page.locator("[data-contentpath=body] .public-DraftEditor-content")


def expect_blocks(page, blocks):
    """Wait for the blocks of the form: the editor writes a text into it a moment after it was changed."""
    page.wait_for_function(f"expected => JSON.stringify(({READ_BLOCKS})()) === JSON.stringify(expected)", arg=blocks)


def save(page):
    page.get_by_role("button", name="Tindakan lain").click()
    page.get_by_role("button", name="Simpan konsep").click()
    expect(page.locator(".messages")).to_contain_text("diperbarui")


def put_caret(page, editor, behind):
    editor.first.click()
    page.keyboard.press("Home")
    for _letter in behind:
        page.keyboard.press("ArrowRight")


def test_a_report_pasted_between_words_becomes_blocks_in_its_order_and_is_taken_back(office, login):
    body = [("paragraph", "<p>Awal akhir.</p>"), ("quote", {"text": "Tetap.", "source": "Camat"})]
    item, page, editor = open_editor(office, login, *body)
    put_caret(page, editor, "Awal ")
    paste(editor.first, REPORT, "Kesiapan musim hujan")
    read = [
        ("paragraph", "Awal "),
        ("heading", "h2 1. Kesiapan musim hujan"),
        ("paragraph", "Saluran dibersihkan warga. / Buntar / Pereng"),
        ("heading", "h3 Jadwal"),
        ("table", "Hari | Jam\nSenin | 08.00"),
        ("heading", "h3 Alat"),
        ("paragraph", "Cangkul dan sabit."),
        ("paragraph", "akhir."),
        ("quote", "Tetap."),
    ]
    expect_blocks(page, read)
    expect(page.locator("[name$=value-caption]:visible")).to_be_focused()
    page.keyboard.press("Control+z")
    expect_blocks(page, [("paragraph", "Awal akhir."), ("quote", "Tetap.")])
    put_caret(page, editor, "Awal ")
    paste(editor.first, REPORT, "Kesiapan musim hujan")
    page.fill("[name$=value-caption]:visible", "Jadwal kerja bakti")
    # Something was typed: the key is the field's own again.
    page.keyboard.press("Control+z")
    expect(page.locator("[name$=value-caption]:visible")).to_have_value("")
    expect_blocks(page, read)
    page.fill("[name$=value-caption]:visible", "Jadwal kerja bakti")
    save(page)
    stored = item.get_draft().body.raw_data
    assert [block["type"] for block in stored] == [kind for kind, _words in read]
    assert stored[1]["value"] == {"level": "h2", "text": "1. Kesiapan musim hujan"}
    assert "<b>dibersihkan</b> warga.</p><ul>" in re.sub(' data-block-key="[^"]*"', "", stored[2]["value"])


def test_a_heading_pasted_alone_takes_the_place_of_an_empty_paragraph(office, login):
    _item, page, editor = open_editor(office, login, ("paragraph", "<p></p>"))
    editor.click()
    paste(editor, "<h2 dir=ltr><span>Syarat</span></h2>", "Syarat")
    expect_blocks(page, [("heading", "h2 Syarat")])
    page.keyboard.press("Control+z")
    expect_blocks(page, [("paragraph", "")])


def test_a_table_pasted_into_a_paragraph_becomes_a_block(office, login):
    item, page, editor = open_editor(office, login, ("paragraph", "<p>Pembuka.</p>"))
    expect(editor).to_contain_text("Pembuka.")
    editor.click()
    paste(editor, WORD, "Jadwal pelayanan.\nHari\tJam\nSenin\t08.00\nsampai 14.00")
    rows = page.locator("[name=body-1-value-rows]")
    expect(rows).to_have_value("Hari | Jam\nSenin | 08.00 sampai 14.00")
    expect(editor).to_contain_text("luas 40 m²")
    assert "Hari" not in editor.inner_text()
    page.fill("[name=body-1-value-caption]", "Jadwal loket")
    save(page)
    _paragraph, table = item.get_draft().body.raw_data
    assert (table["type"], table["value"]["caption"]) == ("table", "Jadwal loket")
    assert table["value"]["rows"].splitlines() == ["Hari | Jam", "Senin | 08.00 sampai 14.00"]
    editor.click()
    paste(editor, "<p>Gas CO<sub>2</sub> dan a<sup>b</sup></p>", "Gas CO2 dan ab")
    expect(editor).to_contain_text("Gas CO₂ dan ab")
    rows.fill("")
    paste(rows, "", "Hari\tJam\nSelasa\t08.00")
    expect(rows).to_have_value("Hari | Jam\nSelasa | 08.00")
