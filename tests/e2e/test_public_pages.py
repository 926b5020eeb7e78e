"""The public pages as a browser draws them: axe finds nothing, nothing scrolls sideways, menus work without a mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from wagtail.models import Site

from home import models
from home.starter import make_starter_pages
from news.models import Village
from tests.factories import make_photo

#: WCAG 1.4.10: as narrow as 1280 dots at 400 %.
NARROW = 320

ADDRESSES = (
    "/",
    "{news}",
    "{event}",
    "/berita/",
    "/pengumuman/",
    "/agenda/",
    "/profil/",
    "/desa/",
    "/desa/pendem/",
    "/layanan/",
    "/layanan/perekaman-ktp-elektronik/",
    "/ppid/",
    "/ppid/sop/",
    "/ppid/daftar-informasi-publik/",
    "/ppid/daftar-publikasi/",
    "/unduhan/",
    "/tanya-jawab/",
    "/kontak/",
    "/cari/?q=irigasi",
    "/gaya/",
    "/tidak-ada/",
)


@pytest.fixture
def addresses(office):
    """A site with everything on it: reference pages, a story with pictures, an event, a banner."""
    make_starter_pages()
    photo = make_photo()
    shown = {"photo": photo, "alt": "Saluran irigasi", "caption": "Suasana.", "credit": "Dokumentasi"}
    item = office.bring_to("composing", office.issue("Kerja bakti " * 12))
    office.write(
        item,
        main_image=photo,
        main_image_alt="Saluran",
        main_image_credit="Dokumentasi",
        village=Village.objects.get(slug="pendem"),
        body=[
            ("paragraph", "<p>Warga bekerja bakti.</p>"),
            ("heading", {"level": "h2", "text": "Hasil"}),
            ("gallery", {"title": "Galeri", "pictures": [shown] * 3}),
            ("quote", {"text": "tanpa-spasi" * 12, "source": "Camat"}),
        ],
    )
    news = office.bring_to("live", item).get_page()
    event = office.bring_to("live", office.issue("Rapat koordinasi", kind="agenda")).get_page()
    settings = models.OfficeSettings.for_site(Site.objects.get())
    banner = {"level": "darurat", "page": news, "starts_at": None, "ends_at": event.starts_at}
    settings.alerts = [("alert", banner)]
    settings.save()
    return [address.format(news=news.url, event=event.url) for address in ADDRESSES]


def describe(results) -> list[str]:
    return [
        f"{found['id']}: {node['target']} {node['html'][:160]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(addresses, new_page):
    page = new_page(width=NARROW)
    problems = {}
    for address in addresses:
        page.goto(address)
        found = describe(Axe().run(page))
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            found.append("scrolls sideways")
        if found:
            problems[address] = found
    page.emulate_media(color_scheme="dark")
    for address in addresses[:3]:
        page.goto(address)
        if found := describe(Axe().run(page)):
            problems[address, "dark"] = found
    assert problems == {}


def test_menus_and_banner_work_by_keyboard_and_are_remembered(addresses, new_page):
    page = new_page()
    page.goto("/berita/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Langsung ke isi"
    submenu = page.locator(".menu summary").first
    submenu.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Sambutan Camat").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Sambutan Camat").is_visible()
    assert submenu.evaluate("each => each === document.activeElement")
    page.locator(".alert summary").click()
    page.goto("/agenda/")
    assert not page.locator(".alert p").is_visible()
    assert page.context.cookies() == []


def test_everything_can_be_reached_without_a_script(addresses, new_page):
    page = new_page(javascript=False, width=360)
    page.goto("/")
    page.locator(".menu-switch summary").click()
    page.locator(".menu summary", has_text="Profil").click()
    page.get_by_role("link", name="Sejarah").click()
    assert page.locator("h1").text_content() == "Sejarah"
    page.locator(".alert summary").click()
    assert not page.locator(".alert p").is_visible()
