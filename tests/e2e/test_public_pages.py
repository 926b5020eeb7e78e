"""The public pages as a browser draws them: axe finds nothing, nothing is cut off, all works by keyboard."""

from io import BytesIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader
from wagtail.models import Site

from home import models
from home.starter import make_starter_pages
from news.models import Village
from tests.support.factories import make_photo

#: WCAG 1.4.10: as narrow as 1280 dots at 400 %.
NARROW = 320
#: WCAG 2.5.8, which axe looks at only when asked.
TARGET_SIZES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
LAYOUT = (Path(__file__).parent.parent / "layout.js").read_text()
USABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
#: What has the focus: the how manieth on the page, whether it can be seen, and whether it is marked.
FOCUS = f"""() => {{
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  return {{
    number: [...document.querySelectorAll('{USABLE}')].indexOf(each),
    name: each.textContent.trim() || each.name || each.tagName,
    seen: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  }};
}}"""

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
    "/cari/?q=tiada",
    "/asli-atau-hoaks/",
    "/data-terbuka/",
    "/galeri/",
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


def test_axe_finds_nothing_and_nothing_is_cut_off_small_or_overlapping(addresses, new_page, server):
    """At 320 dots, at 1280 with letters of twice the size, in the dark, in forced colours; nothing of a third party."""
    page = new_page(width=NARROW)
    asked, problems = [], {}
    page.on("request", lambda request: asked.append(request.url))

    def note(how, found):
        if found:
            problems[address, how] = found

    for address in addresses:
        page.set_viewport_size({"width": NARROW, "height": 900})
        page.goto(address)
        note("axe", describe(Axe().run(page, options=TARGET_SIZES)))
        note("320", page.evaluate(LAYOUT))
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        note("200 %", page.evaluate(LAYOUT))
        page.evaluate("document.documentElement.style.fontSize = ''")
        note("1280", page.evaluate(LAYOUT))
    for address in addresses[:4]:
        page.emulate_media(color_scheme="dark")
        page.goto(address)
        note("dark", describe(Axe().run(page)))
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        note("forced colours", page.evaluate(LAYOUT))
        note("moves", page.evaluate("document.getAnimations().length") or [])
        page.emulate_media(color_scheme="light", forced_colors="none")
    assert problems == {}
    assert {url for url in asked if not url.startswith((server.url, "data:"))} == set()
    assert page.context.cookies() == []


def test_everything_that_can_be_used_is_reached_by_keyboard_and_shows_it(addresses, new_page):
    page = new_page()
    for address in ("/", "/berita/", "/ppid/daftar-publikasi/"):
        page.goto(address)
        usable = page.evaluate(f"[...document.querySelectorAll('{USABLE}')].filter((e) => e.checkVisibility()).length")
        reached = []
        for _press in range(usable):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(FOCUS))
        assert reached[0]["name"] == "Langsung ke isi"
        assert len({each["number"] for each in reached}) == usable
        assert [each["name"] for each in reached if not (each["seen"] and each["outlined"])] == []


def test_an_article_on_paper_is_its_text_and_its_proof(office, new_page):
    item = office.bring_to("live")
    news = item.get_page()
    page = new_page()
    page.goto(news.url)
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    for shown in (news.title, news.lead, item.register_number, news.url, "Sidik isi"):
        assert shown in text
    for left_out in ("Langsung ke isi", "Bagikan", "Jam layanan", "Beranda"):
        assert left_out not in text
    assert len(sheets) == 1


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
