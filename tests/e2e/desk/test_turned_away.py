"""A dialog of the editor whose session ended says so, keeps what was typed, and goes on after signing in again."""

import io

from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import expect

from news.models import Photo
from tests.support.factories import PASSWORD

TITLE = "Warga membersihkan saluran irigasi"


def test_an_upload_goes_on_after_signing_in_in_another_tab(office, login):
    item = office.bring_to("composing")
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "green").save(file, "JPEG")
    page = login("staf1", width=360)
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    page.locator("[data-chooser-action-choose]").first.click()
    dialog = page.locator(".modal-content")
    dialog.get_by_role("tab", name="Unggah").click()
    dialog.locator("[type=file]").set_input_files(
        {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    dialog.locator("[name$=-title]").fill(TITLE)
    Session.objects.all().delete()
    upload = dialog.get_by_role("button", name="Unggah")
    upload.click()
    told = dialog.locator(".turned-away")
    expect(told).to_contain_text("Sesi Anda sudah berakhir. Belum ada yang disimpan.")
    expect(dialog.locator("[name$=-title]")).to_have_value(TITLE)
    expect(dialog).not_to_contain_text("Kesalahan server")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Masuk kembali").click()
    tab = opened.value
    tab.fill("[name=login]", office.staf1.username)
    tab.fill("[name=password]", PASSWORD)
    tab.click("button:text('Masuk') >> nth=0")
    tab.wait_for_url(f"**/pages/{item.page_id}/edit/")
    upload.click()
    expect(told).to_contain_text("Tekan tombolnya sekali lagi.")
    upload.click()
    expect(dialog).not_to_be_visible()
    assert Photo.objects.filter(title=TITLE).count() == 1


def test_a_dialog_that_does_not_open_says_why_and_a_link_is_not_lost(office, login):
    item = office.bring_to("composing")
    page, alerts = login("staf1"), []
    page.on("dialog", lambda alert: (alerts.append(alert.message), alert.accept()))
    page.goto(f"/admin/pages/{item.page_id}/edit/")
    signed_in = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    choose = page.locator(".image-chooser [data-chooser-action-choose]").first
    choose.click()
    told = page.locator(".w-field__input:has(.image-chooser) > .turned-away")
    expect(told).to_contain_text("Sesi Anda sudah berakhir. Belum ada yang disimpan.")
    expect(told.get_by_role("link", name="Masuk kembali")).to_be_in_viewport()
    page.context.add_cookies(signed_in)
    choose.click()
    dialog = page.locator(".modal-content")
    expect(dialog.get_by_role("tab", name="Unggah")).to_be_visible()
    dialog.get_by_role("button", name="Tutup").click()
    expect(dialog).not_to_be_attached()
    text = page.locator("[data-contentpath=body] [contenteditable=true]").last
    text.click()
    page.keyboard.press("Control+K")
    dialog.get_by_role("link", name="Tautan luar").click()
    dialog.get_by_label("URL").fill("https://karanganyarkab.go.id/")
    dialog.get_by_label("Teks tautan").fill("Laman kabupaten")
    (token,) = (cookie for cookie in signed_in if cookie["name"] == "csrftoken")
    page.context.add_cookies([token | {"value": "B" * 32}])
    insert = dialog.get_by_role("button", name="Sisipkan tautan")
    insert.click()
    expect(dialog.locator(".turned-away")).to_contain_text("Tekan tombolnya sekali lagi.")
    insert.click()
    expect(dialog).not_to_be_attached()
    expect(text).to_contain_text("Laman kabupaten")
    assert alerts == []


def test_a_list_says_why_it_is_not_searched(login):
    page = login("admin")
    page.goto("/admin/users/")
    page.context.clear_cookies(name="sessionid")
    page.locator("main [name=q]").fill("sekretaris")
    expect(page.locator(".turned-away")).to_contain_text("Sesi Anda sudah berakhir. Belum ada yang disimpan.")
    expect(page.locator("main [name=q]")).to_have_value("sekretaris")
