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
