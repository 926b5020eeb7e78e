"""The rows of the paper, word for word; spelling normalised, the Waktu column is blank in the SOP."""

from dataclasses import dataclass
from enum import StrEnum

TITLE = "Pengelolaan Website dan Media Sosial"
REGISTER_TITLE = "Daftar informasi yang akan dipublikasikan"
WORKFLOW_NAME = f"SOP {TITLE}"


class Role(StrEnum):
    """The columns "Pelaksana" of the paper; the values are the names of the user groups."""

    PPID_PEMBANTU = "PPID Pembantu"
    BIDANG = "Bidang Pengolahan Data dan Klasifikasi Informasi"
    SEKRETARIS = "Sekretaris"
    SEKRETARIAT = "Sekretariat"
    STAF = "Staf Sekretariat"


#: Sees everything, changes nothing; not in the SOP.
OBSERVER_GROUP = "Pemantau"


#: What each does, for whoever gives the roles; in the order of the paper's rows.
DUTIES = {
    Role.PPID_PEMBANTU: "Membuat disposisi (baris 1) dan menetapkan informasi yang dikecualikan.",
    Role.SEKRETARIS: "Meneruskan disposisi (baris 2), mengoreksi materi (baris 6), memerintahkan tayang (baris 8).",
    Role.SEKRETARIAT: "Menerima disposisi (baris 3) dan menugaskan Staf (baris 4).",
    Role.STAF: "Menyusun materi (baris 5) dan menayangkan yang diperintahkan.",
    Role.BIDANG: "Memverifikasi materi (baris 7) dan memelihara Daftar Informasi Publik.",
    OBSERVER_GROUP: "Melihat semuanya, tidak mengubah apa pun; bukan peran dalam SOP.",
}


class Screen(StrEnum):
    """Which screen serves a row."""

    DISPOSITION = "Lembar disposisi"
    WORKSHEET = "Lembar kerja"
    EDITOR = "Penyunting berita"


@dataclass(frozen=True)
class Row:
    """One row of the paper. ``actor`` is inferred from the sentence (docs/sop.md#the-eight-rows)."""

    number: int
    activity: str
    actor: Role
    next_actor: Role | None
    requirements: str
    output: str
    screen: Screen
    time: str = ""
    remark: str = ""


ROWS = (
    Row(
        1,
        "PPID Pembantu memberikan disposisi kepada Sekretaris untuk membuat materi publikasi "
        "kegiatan yang telah dilaksanakan",
        Role.PPID_PEMBANTU,
        Role.SEKRETARIS,
        "Materi publikasi dalam bentuk softcopy atau hardcopy",
        "Lembar disposisi",
        Screen.DISPOSITION,
    ),
    Row(
        2,
        "Menerima disposisi dari PPID Pembantu untuk publikasi informasi, meneruskan kepada Sekretariat",
        Role.SEKRETARIS,
        Role.SEKRETARIAT,
        "ATK, lembar disposisi",
        "Lembar disposisi",
        Screen.WORKSHEET,
    ),
    Row(
        3,
        "Menerima disposisi dari Sekretaris untuk menyusun materi publikasi kegiatan",
        Role.SEKRETARIAT,
        Role.SEKRETARIAT,
        "ATK, lembar disposisi",
        "Lembar disposisi, materi publikasi",
        Screen.WORKSHEET,
    ),
    Row(
        4,
        "Menugaskan Staf Sekretariat untuk menyusun materi kegiatan yang akan dipublikasikan",
        Role.SEKRETARIAT,
        Role.STAF,
        "Komputer, internet",
        "Materi publikasi",
        Screen.WORKSHEET,
    ),
    Row(
        5,
        "Membuat materi publikasi kegiatan dan menyerahkan kepada Sekretaris untuk dikoreksi",
        Role.STAF,
        Role.SEKRETARIS,
        "Materi publikasi",
        "Materi publikasi terkoreksi",
        Screen.EDITOR,
    ),
    Row(
        6,
        "Menyerahkan materi publikasi terkoreksi kepada Bidang pengolahan data dan klasifikasi "
        "informasi untuk diverifikasi",
        Role.SEKRETARIS,
        Role.BIDANG,
        "Materi publikasi, komputer",
        "Materi publikasi terkoreksi",
        Screen.WORKSHEET,
    ),
    Row(
        7,
        "Memverifikasi materi publikasi yang akan dimuat di website dan media sosial lainnya. "
        "Apabila masih ada materi yang harus diperbaiki, materi diserahkan kembali kepada "
        "Sekretaris. Apabila disetujui maka materi publikasi dapat ditayangkan di website atau "
        "media sosial lainnya oleh Sekretaris",
        Role.BIDANG,
        Role.SEKRETARIS,
        "Materi publikasi, komputer",
        "Materi publikasi terverifikasi",
        Screen.WORKSHEET,
    ),
    Row(
        8,
        "Memerintahkan kepada Staf Sekretariat untuk menayangkan materi publikasi pada website "
        "dan media sosial lainnya",
        Role.SEKRETARIS,
        Role.STAF,
        "Materi publikasi, komputer, internet",
        "Informasi di website dan media sosial",
        Screen.WORKSHEET,
        remark="Website dan media sosial",
    ),
)

_ROWS = {row.number: row for row in ROWS}


def get_row(number: int) -> Row:
    """Return the row of the paper with this number; KeyError when there is none."""
    return _ROWS[number]
