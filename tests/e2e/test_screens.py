"""Every screen of the desk, as a browser draws it: axe finds nothing, and no English is left."""

import datetime
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

from moderation.records import letters, proposals, public_information, register
from tests.support import language
from tests.support.factories import make_photo

#: Screens by the account that sees most of each; ``{…}`` is an item by its state.
SCREENS = {
    "sekretaris": (
        "/admin/",
        "/admin/antrean/",
        "/admin/antrean/saya/",
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
        "/admin/kirim-foto/",
        "/admin/antrean/{composing}/galeri/",
        "/admin/antrean/{composing}/narasumber/",
        "/admin/pages/{composing.page}/edit/",
        "/admin/images/",
        "/admin/documents/",
    ),
    "bidang": ("/admin/antrean/{awaiting_verification}/", "/admin/antrean/{awaiting_verification}/pratinjau/"),
    "sekretariat": ("/admin/antrean/{received}/"),
    "pemantau": (
        "/admin/panduan/semua/",
        "/admin/cetak/daftar-publikasi/",
        "/admin/cetak/lembar-disposisi/{done}/",
        "/admin/cetak/berkas-materi/{done}/",
    ),
}

#: Lists that no screen above shows; only their width is looked at.
LISTS = ("/admin/dip/", "/admin/surat-masuk/", "/admin/usulan/", "/admin/kalender/?tampilan=daftar", "/admin/kanal/")
WORD = "Pertanggungjawaban"
LETTER = {
    "received_date": datetime.date(2026, 9, 2),
    "letter_date": datetime.date(2026, 9, 1),
    "sender": "Puskesmas Mojogedang I",
    "letter_number": "400.7/118/2026",
    "summary": WORD * 3,
}
PROPOSAL = {"origin": "pengelolaan_website", "kind": "berita", "subject": WORD * 3, "source_note": "Map hijau."}
LISTED = {
    **dict.fromkeys(("title", "summary", "custodian", "responsible", "made", "retention"), WORD * 3),
    "form": "softcopy",
    "classification": "berkala",
    "link": "",
}
#: What somebody with a phone would have to push aside: the page, a table, or the frame around one. A paper keeps its
#: tables as they are printed, each in a frame of its own.
FIND_SIDEWAYS = """() => [document.documentElement,
    ...document.querySelectorAll('main:not(.paper) :is(table, :has(table))')]
    .filter((found) => found.scrollWidth > found.clientWidth + 1
        || found.getBoundingClientRect().right > innerWidth + 1)
    .map((found) => `scrolls sideways: ${found.tagName} ${found.className}`)"""


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
            if width == 360:
                found += find_sideways(page)
            if found:
                problems[address, width] = found
    assert problems == {}


def find_sideways(page) -> list[str]:
    """Return what scrolls sideways on a phone, and on the smallest one."""
    found = []
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {problem}" for problem in page.evaluate(FIND_SIDEWAYS)]
    page.set_viewport_size({"width": 360, "height": 900})
    return found


def test_each_list_is_cards_on_a_phone_and_its_columns_are_chosen(items, office, login):
    letters.add(office.sekretariat, LETTER)
    proposals.propose(office.staf1, PROPOSAL)
    public_information.save(office.bidang, LISTED, [items["done"]])
    page = login("admin")
    page.set_viewport_size({"width": 360, "height": 900})
    problems = {}
    for address in LISTS:
        assert page.goto(address).status == 200
        if found := find_sideways(page):
            problems[address] = found
    assert problems == {}

    page.goto("/admin/daftar-publikasi/?q=a")
    row = page.locator("main tbody tr").first
    assert row.locator("th").bounding_box()["y"] < row.locator("td").first.bounding_box()["y"]
    page.click(".desk-columns summary")
    for name in ("remark", "state", "origin"):
        page.uncheck(f".desk-columns [value={name}]")
    page.click(".desk-columns button")
    page.wait_for_url("**kolom=**")
    page.goto("/admin/daftar-publikasi/")
    labels = page.eval_on_selector_all(
        "main tbody tr:first-child td", "cells => cells.map((cell) => cell.dataset.label)"
    )
    assert labels == [
        heading for name, heading in register.COLUMNS.items() if name not in {"remark", "state", "origin", "summary"}
    ]
