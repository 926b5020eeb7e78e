"""Every screen of the desk, as a browser draws it: axe finds nothing, and no English is left."""

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support import language
from tests.support.factories import make_photo

#: Screens by the account that sees most of each; ``{…}`` is an item by its state.
SCREENS = {
    "sekretaris": (
        "/admin/",
        "/admin/antrean/",
        "/admin/antrean/{awaiting_correction}/",
        "/admin/antrean/{verified}/",
        "/admin/antrean/{done}/",
        "/admin/jejak-audit/",
        "/admin/jejak-audit/keutuhan/",
        "/admin/daftar-publikasi/",
        "/admin/kalender/",
        "/admin/laporan/",
        "/admin/waktu-kerja/",
        "/admin/waktu-kerja/libur/",
        "/admin/unggahan/",
        "/admin/account/",
        "/admin/akun/keamanan/",
        "/admin/akun/keamanan/aplikasi/",
        "/admin/akun/keamanan/passkey/",
        "/admin/akun/keamanan/sesi/",
    ),
    "ppid": (
        "/admin/disposisi/",
        "/admin/disposisi/buat/",
        "/admin/pejabat-pengganti/",
        "/admin/pejabat-pengganti/tunjuk/",
        "/admin/akun-petugas/",
    ),
    "staf1": (
        "/admin/antrean/{composing}/",
        "/admin/pages/{composing.page}/edit/",
        "/admin/images/",
        "/admin/documents/",
    ),
    "bidang": ("/admin/antrean/{awaiting_verification}/", "/admin/antrean/{awaiting_verification}/pratinjau/"),
    "sekretariat": ("/admin/antrean/{received}/",),
    "pemantau": (
        "/admin/panduan/semua/",
        "/admin/cetak/daftar-publikasi/",
        "/admin/cetak/lembar-disposisi/{done}/",
        "/admin/cetak/berkas-materi/{done}/",
    ),
}


@pytest.fixture
def items(office):
    make_photo()
    states = ("received", "composing", "awaiting_correction", "awaiting_verification", "verified", "done")
    found = {state: office.bring_to("live" if state == "done" else state) for state in states}
    return {state: item.pk for state, item in found.items()} | {
        f"{state}.page": item.page_id for state, item in found.items()
    }


def fill(address: str, items: dict) -> str:
    for name, key in items.items():
        address = address.replace(f"{{{name}}}", str(key))
    return address


def describe(results) -> list[str]:
    """Return one line for each thing that axe found."""
    return [
        f"{found['id']}: {node['target']} {node['html'][:160]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


def _note_refusal(refused: list[str], message) -> None:
    """Note what the browser refused by the page's Content-Security-Policy."""
    if "Content Security Policy" in message.text or "violates the following" in message.text:
        refused.append(message.text[:300])


@pytest.mark.parametrize("account", SCREENS)
def test_axe_finds_nothing_and_nothing_speaks_english(items, login, account):
    problems = {}
    page = login(account)
    refused: list[str] = []
    page.on("console", partial(_note_refusal, refused))
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for address in SCREENS[account]:
            page.goto(fill(address, items))
            page.wait_for_load_state("networkidle")
            found = describe(Axe().run(page))
            if width == 1280:
                said = language.read_spoken(page.content())
                found += [f"English: {phrase[:100]}" for phrase in said if language.find_english(phrase)]
            found += refused
            refused.clear()
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("scrolls sideways")
            if found:
                problems[address, width] = found
    assert problems == {}
