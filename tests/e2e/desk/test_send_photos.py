"""Kirim foto in a browser: what did not arrive is tried again by itself, and each file says how it stands."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.support.factories import make_photo


@pytest.fixture
def files():
    """Two photos, and an empty file that is no Bahan."""
    with make_photo().file.open("rb") as photo:
        content = photo.read()
    contents = {"satu.jpg": content, "dua.jpg": content, "kosong.jpg": b""}
    return [{"name": name, "mimeType": "image/jpeg", "buffer": body} for name, body in contents.items()]


@pytest.fixture
def item(office):
    return office.bring_to("received", office.issue("Panen raya"))


def list_names(item) -> list[str]:
    return sorted(item.materials.values_list("name", flat=True))


def test_photos_arrive_in_the_end_on_a_line_that_breaks(item, files, login):
    page, tries = login("staf1", width=360), []
    page.goto("/admin/kirim-foto/")

    def break_first(route):
        if route.request.method == "POST":
            tries.append(route.request.url)
        return route.abort() if len(tries) == 1 else route.continue_()

    page.route("**/kirim-foto/", break_first)
    page.set_input_files("#foto", files)
    page.get_by_role("button", name="Kirim foto").click()
    rows = page.locator("[data-sending] li")
    expect(rows).to_have_count(3)
    for number, state in enumerate(("Terkirim", "Terkirim", "Tidak diterima")):
        expect(rows.nth(number)).to_contain_text(state)
    assert len(tries) == 4
    assert list_names(item) == ["dua.jpg", "satu.jpg"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_photos_wait_for_a_new_sign_in(item, files, login):
    page = login("staf1", width=360)
    page.goto("/admin/kirim-foto/")
    kept = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.set_input_files("#foto", files[:1])
    page.get_by_role("button", name="Kirim foto").click()
    row = page.locator("[data-sending] li")
    expect(row).to_contain_text("Sesi berakhir")
    assert list_names(item) == []
    page.context.add_cookies(kept)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(row).to_contain_text("Terkirim")
    assert list_names(item) == ["satu.jpg"]
