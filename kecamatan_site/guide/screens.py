"""Which section of the guide explains which screen, to whom: the one table."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from moderation import sop
from moderation.sop import Role, StepCode

#: The page of each role.
OF_ROLES = {
    Role.PPID_PEMBANTU: "ppid-pembantu",
    Role.BIDANG: "bidang",
    Role.SEKRETARIS: "sekretaris",
    Role.SEKRETARIAT: "sekretariat",
    Role.STAF: "staf",
}


@dataclass(frozen=True)
class Place:
    """A section of the guide: ``page#anchor``."""

    page: str
    anchor: str

    @classmethod
    def at(cls, text: str) -> "Place":
        page, _, anchor = text.partition("#")
        return cls(page, anchor)


@dataclass(frozen=True)
class Screen:
    """A screen, or all whose route begins like this one.

    ``route``: the URL pattern below the admin. ``place``: the section for everybody. ``places``: the section of
    somebody with that role. ``row``: the row of the SOP that the screen carries out, 0 for none. ``item``: the
    parameter that names the item it shows, "pk" (the disposition's) or "page_id"; the step at which the item waits
    chooses the section then (``STEPS``).
    """

    route: str
    place: str
    places: tuple[tuple[Role, str], ...] = ()
    row: int = 0
    item: str = ""


#: What the people of a step read about it, from the worksheet and from the editor; the step's own role first.
STEPS: dict[StepCode, tuple[tuple[Role, str], ...]] = {
    StepCode.FORWARDING: (
        (Role.SEKRETARIS, "sekretaris#meneruskan-disposisi"),
        (Role.PPID_PEMBANTU, "ppid-pembantu#menarik-kembali-atau-membatalkan"),
    ),
    StepCode.RECEIPT: ((Role.SEKRETARIAT, "sekretariat#menerima-disposisi"),),
    StepCode.ASSIGNMENT: ((Role.SEKRETARIAT, "sekretariat#menugaskan-staf"),),
    StepCode.COMPOSITION: (
        (Role.STAF, "staf#menyusun-materi"),
        (Role.SEKRETARIAT, "sekretariat#mengalihkan-penugasan"),
    ),
    StepCode.CORRECTION: ((Role.SEKRETARIS, "sekretaris#mengoreksi-materi"),),
    StepCode.VERIFICATION: ((Role.BIDANG, "bidang#memverifikasi-materi"),),
    StepCode.EXEMPTION: (
        (Role.PPID_PEMBANTU, "ppid-pembantu#menetapkan-pengecualian"),
        (Role.BIDANG, "bidang#menandai-informasi-yang-dikecualikan"),
    ),
    StepCode.PUBLICATION_ORDER: ((Role.SEKRETARIS, "sekretaris#memerintahkan-tayang"),),
    StepCode.PUBLICATION: (
        (Role.STAF, "staf#menayangkan"),
        (Role.SEKRETARIS, "sekretaris#memerintahkan-tayang"),
    ),
}

SCREENS = (
    Screen("", "semua#beranda"),
    Screen("antrean/", "semua#antrean"),
    Screen(
        "antrean/<int:pk>/",
        "semua#lembar-kerja",
        ((Role.SEKRETARIS, "sekretaris#setelah-tayang"), (Role.STAF, "staf#setelah-tayang")),
        item="pk",
    ),
    Screen("pages/<int:page_id>/edit/", "staf#menyusun-materi", item="page_id"),
    Screen("pages/", "administrator#halaman-rujukan"),
    Screen("disposisi/", "ppid-pembantu#membuat-disposisi", row=1),
    Screen("antrean/<int:pk>/galeri/", "staf#foto-dan-dokumen", row=5),
    Screen("antrean/<int:pk>/narasumber/", "staf#meminta-konfirmasi-narasumber", row=5),
    Screen(
        "usulan/",
        "semua#usulan",
        ((Role.PPID_PEMBANTU, "ppid-pembantu#memutuskan-usulan"), (Role.STAF, "staf#mengusulkan")),
    ),
    Screen("kirim-foto/", "semua#kirim-foto"),
    Screen("surat-masuk/", "sekretariat#mencatat-surat-masuk"),
    Screen("daftar-publikasi/", "semua#daftar-publikasi"),
    Screen("cetak/", "semua#mencetak"),
    Screen("dip/", "bidang#memelihara-daftar-informasi-publik"),
    Screen("kalender/", "semua#kalender-dan-laporan"),
    Screen("laporan/", "semua#kalender-dan-laporan", ((Role.PPID_PEMBANTU, "ppid-pembantu#membuat-laporan-ppid"),)),
    Screen("unggahan/", "semua#unggahan", ((Role.SEKRETARIS, "sekretaris#mengurus-unggahan"),), row=8),
    Screen("unggahan/paket/", "staf#membagikan-lewat-whatsapp-dan-kertas"),
    Screen("unggahan/pembagian/", "staf#membagikan-lewat-whatsapp-dan-kertas"),
    Screen("kanal/", "administrator#menghubungkan-kanal", ((Role.SEKRETARIS, "sekretaris#mengurus-kanal"),)),
    Screen("images/", "staf#foto-dan-dokumen", row=5),
    Screen("documents/", "staf#foto-dan-dokumen", row=5),
    Screen("bulk/", "staf#foto-dan-dokumen"),
    Screen("snippets/", "sekretaris#kategori-dan-halaman-rujukan"),
    Screen("waktu-kerja/", "sekretaris#waktu-kerja-dan-target"),
    Screen("daftar-periksa/", "ppid-pembantu#menulis-daftar-periksa"),
    Screen("pejabat-pengganti/", "ppid-pembantu#menunjuk-pejabat-pengganti"),
    Screen("akun-petugas/", "ppid-pembantu#akun-petugas-dan-serah-terima"),
    Screen("jejak-audit/", "ppid-pembantu#memeriksa-keutuhan"),
    Screen(
        "keadaan-situs/", "administrator#melihat-keadaan-situs", ((Role.PPID_PEMBANTU, "ppid-pembantu#keadaan-situs"),)
    ),
    Screen("account/", "semua#akun-dan-keamanan"),
    Screen("akun/", "semua#akun-dan-keamanan"),
    Screen("users/", "administrator#akun-dan-peran"),
    Screen("groups/", "administrator#akun-dan-peran"),
    Screen("settings/", "administrator#pengaturan-kantor"),
    Screen("sites/", "administrator#pengaturan-kantor"),
    Screen("collections/", "administrator#koleksi-pengalihan-dan-laporan-situs"),
    Screen("redirects/", "administrator#koleksi-pengalihan-dan-laporan-situs"),
    Screen("reports/", "administrator#koleksi-pengalihan-dan-laporan-situs"),
)


@lru_cache(maxsize=512)
def find_screen(route: str) -> Screen | None:
    """Return the screen of a URL pattern, with or without the admin's own prefix: the longest that it begins with."""
    route = route.removeprefix(settings.ADMIN_PATH)
    fitting = [one for one in SCREENS if route == one.route or (one.route and route.startswith(one.route))]
    return max(fitting, key=lambda one: len(one.route), default=None)


def choose_place(screen: Screen, roles: list[Role], step: sop.Step | None) -> Place:
    """Return the section for somebody with these roles, the item at this step."""
    places = STEPS[step.code] if step else screen.places
    return Place.at(next((place for role, place in places if role in roles), screen.place))


def list_places() -> list[Place]:
    """Return every section that the table names."""
    named = [place for screen in SCREENS for place in (screen.place, *(place for _role, place in screen.places))]
    return [Place.at(place) for place in (*named, *(place for places in STEPS.values() for _role, place in places))]
