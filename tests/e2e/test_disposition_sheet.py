"""The disposition sheet in a browser: one block an origin, the server's sentences before it is sent, files kept."""

SHEET = "/admin/disposisi/buat/"
BLOCKS = {"letter": "surat_masuk", "activity": "kegiatan", "source": "narasumber"}
REFUSED = {
    "surat_masuk": {"letter_sender", "letter_number", "letter_date", "received_date", "subject", "source_note"},
    "narasumber": {"source_person", "subject", "priority", "files"},
}
PDF = {"name": "notula.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 isi"}
PROGRAM = {"name": "program.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
FIND_ERRORS = """() => Object.fromEntries([...document.querySelectorAll('.w-field--error')].map((found) => [
    found.querySelector('[data-field-input] [name]').name,
    found.querySelector('.error-message').textContent.trim()]))"""


def fill(page, origin):
    """Fill in what is refused for this origin."""
    page.check(f"[name=origin][value={origin}]")
    if origin == "surat_masuk":
        page.fill("[name=received_date]", "2999-01-01")
    else:
        page.check("[name=priority][value=rahasia]")
        page.set_input_files("[name=files]", [PROGRAM])
    page.click("main .desk-sheet__do button:first-child")


def test_the_sheet_shows_one_block_and_says_what_the_server_would_say(office, login, new_page):
    page, plain = login("ppid"), login("ppid", javascript=False)
    page.set_viewport_size({"width": 360, "height": 900})
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    for origin, expected in REFUSED.items():
        page.goto(SHEET)
        fill(page, origin)
        shown = {name for name in BLOCKS if page.is_visible(f"[data-block={name}]")}
        assert [BLOCKS[name] for name in shown] == [origin]
        assert sent == []
        plain.goto(SHEET)
        assert all(plain.is_visible(f"[data-block={name}]") for name in BLOCKS)
        fill(plain, origin)
        said = page.evaluate(FIND_ERRORS)
        assert said == plain.evaluate(FIND_ERRORS)
        assert said.keys() == expected
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    # What is complete for the browser and refused by the server comes back with its file.
    page.goto(SHEET)
    page.check("[name=origin][value=kegiatan]")
    page.fill("[name=activity_name]", "Tidak dikirim")
    page.check("[name=origin][value=pengelolaan_website]")
    page.fill("[name=subject]", "Panen padi")
    page.set_input_files("[name=files]", [PDF | {"buffer": b"MZ bukan pdf"}, PDF | {"name": "kedua.pdf"}])
    page.click("main .desk-sheet__do button:first-child")
    page.wait_for_selector("text=Berkas yang sudah diterima")
    assert "kedua.pdf" in page.inner_text(".desk-kept")
    assert page.input_value("[name=activity_name]") == ""
    page.click("main .desk-sheet__do button:first-child")
    page.wait_for_url("**/admin/antrean/*/")
    assert "kedua.pdf" in page.inner_text("main")
