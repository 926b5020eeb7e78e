"""The pictures of guide and documents: whose screen, at which width, which part of it."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

DECISION = ".desk-decision"
#: A text that was made of a real item, with other figures.
FORGED = (
    "Warga Desa Buntar membersihkan saluran irigasi sepanjang 2 kilometer, Kamis (10/9/2026). Kerja bakti dimulai "
    "pukul 07.30 WIB dan melibatkan sekitar 180 orang. Warga mengangkat lumpur, rumput, dan sampah yang menghambat "
    "aliran air. Bibir saluran yang retak ditandai untuk diusulkan perbaikannya melalui musyawarah desa."
)


@dataclass(frozen=True)
class Shot:
    """One picture.

    ``name``: the file, without its ending. ``who``: the account of the demo, "" for a citizen. ``address``: the screen,
    ``{state}`` the first item in that state. ``width``, ``height``: the window, in CSS pixels. ``part``: the element to
    show, "" for the window. ``prepare``: what the person does first. ``scale``: device pixels a CSS pixel.
    ``shows_end``: a part that is too tall loses its beginning.
    """

    name: str
    who: str
    address: str
    width: int = 1280
    height: int = 800
    part: str = ""
    prepare: Callable[[Page], None] | None = None
    scale: int = 1
    shows_end: bool = False


def open_first_round(page: Page) -> None:
    """Compare with the text of the first round, and go there."""
    page.get_by_role("link", name="Sejak putaran 1").click()
    page.wait_for_load_state("networkidle")


def scroll_to_changes(page: Page) -> None:
    open_first_round(page)
    scroll_to(page, "#perubahan")


def open_exits(page: Page) -> None:
    page.locator(f"{DECISION} details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def open_checks(page: Page) -> None:
    """Open the side panel, which Wagtail remembers of an earlier visit."""
    found = page.locator(".desk-live .desk-finding").first
    if not found.is_visible():
        page.locator('[data-side-panel="checks"], [data-side-panel-toggle="checks"]').first.click()
    found.wait_for()


def choose_source(page: Page) -> None:
    page.get_by_label("Penyelenggaraan kegiatan").check()


def ask_about_forged(page: Page) -> None:
    page.locator("form.check textarea").first.fill(FORGED)
    page.get_by_role("button", name="Periksa", exact=True).click()
    page.get_by_role("heading", name="Mirip dengan berita resmi, tetapi berbeda").wait_for()
    scroll_to(page, "h2:has-text('Mirip dengan berita resmi')")


def scroll_to_correction(page: Page) -> None:
    scroll_to(page, ".corrections", above=320)


def scroll_to_orders(page: Page) -> None:
    scroll_to(page, "h2:has-text('Perintah tayang')")


def scroll_to(page: Page, selector: str, above: int = 12) -> None:
    page.locator(selector).first.evaluate("tag => tag.scrollIntoView()")
    page.evaluate("above => scrollBy(0, -above)", above)


GUIDE = (
    Shot("beranda", "sekretaris", "/admin/", height=860),
    Shot("antrean", "sekretaris", "/admin/antrean/", 360, 780, scale=2),
    Shot("lembar-kerja", "sekretaris", "/admin/antrean/{verified}/", height=1100),
    Shot("keamanan", "sekretaris", "/admin/akun/keamanan/"),
    Shot("disposisi", "ppid", "/admin/disposisi/buat/", height=1000, prepare=choose_source),
    Shot("pengecualian", "ppid", "/admin/antrean/{held_exempt}/", 900, 2600, "section[aria-labelledby=klasifikasi]"),
    Shot("pejabat-pengganti", "ppid", "/admin/pejabat-pengganti/tunjuk/", height=860),
    Shot("surat-masuk", "sekretariat", "/admin/surat-masuk/catat/", height=900),
    Shot("tugaskan", "sekretariat", "/admin/antrean/{received}/", 900, 2600, DECISION),
    Shot("koreksi", "sekretaris", "/admin/antrean/{awaiting_correction}/", 900, 2600, DECISION),
    Shot("perintah-tayang", "sekretaris", "/admin/antrean/{verified}/", 900, 2600, DECISION),
    Shot("setelah-tayang", "sekretaris", "/admin/antrean/{done}/", 900, 2600, DECISION, prepare=open_exits),
    Shot("unggahan", "sekretaris", "/admin/unggahan/"),
    Shot("penyunting", "staf2", "/admin/pages/{composing.page}/edit/", height=1000, prepare=open_checks),
    Shot("serahkan", "staf2", "/admin/antrean/{composing}/", 900, 2600, DECISION),
    Shot("tayangkan", "staf2", "/admin/antrean/{ordered}/", 900, 2600, DECISION),
    Shot(
        "yang-berubah",
        "bidang",
        "/admin/antrean/{verified}/",
        width=900,
        height=2600,
        part="#perubahan",
        prepare=open_first_round,
    ),
    Shot("verifikasi", "bidang", "/admin/antrean/{awaiting_verification}/", 900, 2600, DECISION, shows_end=True),
    Shot("temuan", "bidang", "/admin/antrean/{composing}/", 900, 2600, "#data-pribadi"),
    Shot("dip", "bidang", "/admin/dip/"),
    Shot("akun-baru", "admin", "/admin/users/new/", height=1300),
    Shot("prosedur-kantor", "admin", "/admin/settings/moderation/officeprocedure/", height=900),
    Shot("kanal", "admin", "/admin/kanal/", height=600),
    Shot("keadaan-situs", "admin", "/admin/keadaan-situs/", height=700),
)

DOCUMENTS = (
    Shot("beranda", "", "/", height=1500),
    Shot("berita-ponsel", "", "/berita/kerja-bakti-bersihkan-saluran-irigasi-di-desa-buntar/", 360, 800, scale=2),
    Shot(
        "ralat-ponsel",
        "",
        "/berita/pelatihan-pemasaran-digital-bagi-pelaku-umkm-se-kecamatan/",
        360,
        780,
        prepare=scroll_to_correction,
    ),
    Shot("asli-atau-hoaks-ponsel", "", "/asli-atau-hoaks/", 360, 900, prepare=ask_about_forged, scale=2),
    Shot("antrean-ponsel", "sekretaris", "/admin/antrean/", 360, 780),
    Shot("lembar-kerja", "sekretaris", "/admin/antrean/{verified}/", height=1310, prepare=open_first_round),
    Shot("lembar-kerja-ponsel", "sekretaris", "/admin/antrean/{verified}/", 360, 780, prepare=scroll_to_changes),
    Shot("daftar-publikasi", "sekretaris", "/admin/daftar-publikasi/"),
    Shot("unggahan", "sekretaris", "/admin/unggahan/", height=900),
    Shot("penyunting", "staf2", "/admin/pages/{composing.page}/edit/", height=1000, prepare=open_checks),
    Shot("berkas-materi", "sekretaris", "/admin/cetak/berkas-materi/{corrected}/", 700, 640, prepare=scroll_to_orders),
)
