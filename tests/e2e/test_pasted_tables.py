"""A table is pasted from Word in a browser: into a paragraph, and into the field of the block."""

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


def paste(locator, html, text):
    handle = locator.element_handle()
    handle.evaluate("element => element.focus()")
    locator.page.evaluate(PASTE, [handle, html, text])


def test_a_table_pasted_into_a_paragraph_becomes_a_block(office, login):
    item = office.bring_to("composing")
    office.write(item, body=[("paragraph", "<p>Pembuka.</p>")])
    page = login("staf1")
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    editor = page.locator(
        "#panel-child-isi-body-content .public-DraftEditor-content, [data-contentpath=body] .public-DraftEditor-content"
    ).first
    expect(editor).to_contain_text("Pembuka.")
    editor.click()
    paste(editor, WORD, "Jadwal pelayanan.\nHari\tJam\nSenin\t08.00\nsampai 14.00")
    rows = page.locator("[name=body-1-value-rows]")
    expect(rows).to_have_value("Hari | Jam\nSenin | 08.00 sampai 14.00")
    expect(editor).to_contain_text("luas 40 m²")
    assert "Hari" not in editor.inner_text()
    page.fill("[name=body-1-value-caption]", "Jadwal loket")
    page.get_by_role("button", name="Tindakan lain").click()
    page.get_by_role("button", name="Simpan konsep").click()
    expect(page.locator(".messages")).to_contain_text("diperbarui")
    _paragraph, table = item.get_draft().body.raw_data
    assert (table["type"], table["value"]["caption"]) == ("table", "Jadwal loket")
    assert table["value"]["rows"].splitlines() == ["Hari | Jam", "Senin | 08.00 sampai 14.00"]
    editor.click()
    paste(editor, "<p>Gas CO<sub>2</sub> dan a<sup>b</sup></p>", "Gas CO2 dan ab")
    expect(editor).to_contain_text("Gas CO₂ dan ab")
    rows.fill("")
    paste(rows, "", "Hari\tJam\nSelasa\t08.00")
    expect(rows).to_have_value("Hari | Jam\nSelasa | 08.00")
