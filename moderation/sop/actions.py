"""What the holder of a step can do, and where it leads."""

from dataclasses import dataclass

from .rows import Role


@dataclass(frozen=True)
class Action:
    """One thing that the holder of a step can do.

    ``at``: the states in which it can be done. ``to``: the state it leads to, "" when it stays.
    ``rows``: the rows of the SOP it carries out; each writes its own audit line with its own
    ``outputs`` document.
    ``by``: who may; the holder's role where it differs from the step's (or is one of several).
    ``label`` is the button, ``done`` the passive in the history, ``consequence`` what the button
    says will happen. ``keeps_state``: the action only records something; the item does not move.
    ``at_in_correction``: the states while a ralat runs, where they differ.
    """

    code: str
    label: str
    done: str
    at: tuple[str, ...]
    to: str
    by: tuple[Role, ...]
    consequence: str
    rows: tuple[int, ...] = ()
    needs_reason: bool = False
    is_return: bool = False
    extension: bool = False
    keeps_state: bool = False
    at_in_correction: tuple[str, ...] | None = None

    def is_offered_at(self, state: str, correcting: bool = False) -> bool:
        """Say whether the action can be taken in this state, with or without a running ralat."""
        return state in (self.at if self.at_in_correction is None or not correcting else self.at_in_correction)


#: Where a ralat can be: rows 5 to 8 once more, while the verified version stays live.
CORRECTION_STATES = (
    "composing",
    "returned_to_staf",
    "awaiting_correction",
    "returned",
    "awaiting_verification",
    "verified",
    "ordered",
    "scheduled",
)

ACTIONS = (
    Action(
        "issue",
        "Terbitkan disposisi",
        "Disposisi diterbitkan",
        at=(),
        to="disposed",
        by=(Role.PPID_PEMBANTU,),
        rows=(1,),
        consequence="Disposisi masuk ke antrean Sekretaris dan dicatat dalam register.",
    ),
    Action(
        "forward",
        "Teruskan ke Sekretariat",
        "Disposisi diteruskan",
        at=("disposed",),
        to="forwarded",
        by=(Role.SEKRETARIS,),
        rows=(2,),
        consequence="Disposisi masuk ke antrean Sekretariat.",
    ),
    Action(
        "receive",
        "Terima disposisi",
        "Disposisi diterima",
        at=("forwarded",),
        to="received",
        by=(Role.SEKRETARIAT,),
        rows=(3,),
        consequence="Penerimaan dicatat; disposisi menunggu penugasan staf.",
    ),
    Action(
        "assign",
        "Tugaskan staf",
        "Staf ditugaskan",
        at=("received",),
        to="assigned",
        by=(Role.SEKRETARIAT,),
        rows=(4,),
        consequence="Materi masuk ke antrean staf yang dipilih.",
    ),
    Action(
        "compose",
        "Susun berita",
        "Penyusunan dimulai",
        at=("assigned",),
        to="composing",
        by=(Role.STAF,),
        rows=(5,),
        consequence="Halaman berita dibuka di penyunting.",
    ),
    Action(
        "hand_over",
        "Serahkan kepada Sekretaris untuk dikoreksi",
        "Materi diserahkan untuk dikoreksi",
        at=("composing", "returned_to_staf"),
        to="awaiting_correction",
        by=(Role.STAF,),
        rows=(5,),
        consequence="Materi masuk ke antrean Sekretaris dan tidak dapat diubah oleh staf.",
    ),
    Action(
        "declare_corrected",
        "Nyatakan terkoreksi, serahkan ke Bidang",
        "Materi terkoreksi diserahkan untuk diverifikasi",
        at=("awaiting_correction", "returned"),
        to="awaiting_verification",
        by=(Role.SEKRETARIS,),
        rows=(6,),
        consequence="Materi masuk ke antrean Bidang dan dibekukan: tidak seorang pun dapat mengubahnya.",
    ),
    Action(
        "return_to_staf",
        "Kembalikan kepada staf",
        "Materi dikembalikan kepada staf",
        at=("awaiting_correction", "returned"),
        to="returned_to_staf",
        by=(Role.SEKRETARIS,),
        needs_reason=True,
        is_return=True,
        extension=True,
        consequence="Staf penyusun menerima catatan Anda dan dapat mengubah materi kembali.",
    ),
    Action(
        "verify",
        "Setujui, lanjut ke Sekretaris untuk perintah tayang",
        "Materi diverifikasi",
        at=("awaiting_verification",),
        to="verified",
        by=(Role.BIDANG,),
        rows=(7,),
        consequence="Versi ini dinyatakan terverifikasi. Hanya versi ini yang dapat ditayangkan.",
    ),
    Action(
        "return_to_sekretaris",
        "Kembalikan ke Sekretaris",
        "Materi dikembalikan kepada Sekretaris",
        at=("awaiting_verification",),
        to="returned",
        by=(Role.BIDANG,),
        rows=(7,),
        needs_reason=True,
        is_return=True,
        consequence="Materi kembali kepada Sekretaris untuk diperbaiki, lalu diverifikasi ulang.",
    ),
    Action(
        "mark_exempt",
        "Tandai terindikasi dikecualikan",
        "Materi ditandai terindikasi dikecualikan",
        at=("awaiting_verification",),
        to="held_exempt",
        by=(Role.BIDANG,),
        needs_reason=True,
        extension=True,
        # What is live already is taken down, not held.
        at_in_correction=(),
        consequence="Materi berhenti dan menunggu penetapan PPID Pembantu. Tidak seorang pun dapat menayangkannya.",
    ),
    Action(
        "confirm_exempt",
        "Tetapkan sebagai dikecualikan",
        "Materi ditetapkan dikecualikan",
        at=("held_exempt",),
        to="exempted",
        by=(Role.PPID_PEMBANTU,),
        extension=True,
        consequence="Materi tidak akan pernah ditayangkan dan hanya tercatat dalam register internal.",
    ),
    Action(
        "release_exempt",
        "Lepaskan, kembalikan kepada Bidang",
        "Materi dilepaskan dari indikasi dikecualikan",
        at=("held_exempt",),
        to="awaiting_verification",
        by=(Role.PPID_PEMBANTU,),
        needs_reason=True,
        is_return=True,
        extension=True,
        consequence="Materi kembali ke antrean Bidang untuk diverifikasi.",
    ),
    Action(
        "order",
        "Terbitkan perintah tayang",
        "Perintah tayang diterbitkan",
        at=("verified",),
        to="ordered",
        by=(Role.SEKRETARIS,),
        rows=(8,),
        consequence="Staf mendapat perintah menayangkan versi ini di website dan kanal terpilih.",
    ),
    Action(
        "return_to_correction",
        "Kembalikan ke koreksi",
        "Materi dikembalikan ke koreksi",
        at=("verified", "ordered", "scheduled"),
        to="returned",
        by=(Role.SEKRETARIS,),
        needs_reason=True,
        is_return=True,
        extension=True,
        consequence="Verifikasi dan perintah tayang gugur. Materi harus diverifikasi ulang.",
    ),
    Action(
        "schedule",
        "Jadwalkan penayangan",
        "Penayangan dijadwalkan",
        at=("ordered",),
        to="scheduled",
        by=(Role.STAF, Role.SEKRETARIS),
        extension=True,
        consequence="Berita tayang dengan sendirinya pada waktu yang diperintahkan.",
    ),
    Action(
        "publish",
        "Tayangkan sekarang",
        "Materi ditayangkan",
        at=("ordered", "scheduled"),
        to="live",
        by=(Role.STAF, Role.SEKRETARIS),
        rows=(8,),
        consequence="Berita langsung dapat dibaca warga dan ringkasannya dikirim ke kanal yang diperintahkan.",
    ),
    Action(
        "settle", "Selesaikan", "Selesai", at=("live",), to="done", by=(), rows=(8,), consequence="Register ditutup."
    ),
    Action(
        "recall",
        "Tarik kembali",
        "Disposisi ditarik kembali",
        at=("disposed",),
        to="cancelled",
        by=(Role.PPID_PEMBANTU,),
        needs_reason=True,
        extension=True,
        consequence="Disposisi keluar dari antrean Sekretaris. Nomor registernya tetap tercatat.",
    ),
    Action(
        "recall_forwarding",
        "Tarik kembali dari Sekretariat",
        "Penerusan disposisi ditarik kembali",
        at=("forwarded",),
        to="disposed",
        by=(Role.SEKRETARIS,),
        needs_reason=True,
        is_return=True,
        extension=True,
        consequence="Disposisi kembali ke antrean Sekretaris.",
    ),
    Action(
        "recall_assignment",
        "Tarik kembali penugasan",
        "Penugasan ditarik kembali",
        at=("assigned",),
        to="received",
        by=(Role.SEKRETARIAT,),
        needs_reason=True,
        is_return=True,
        extension=True,
        consequence="Materi keluar dari antrean staf dan menunggu penugasan baru.",
    ),
    Action(
        "reassign",
        "Alihkan kepada staf lain",
        "Penugasan dialihkan",
        at=("assigned", "composing", "returned_to_staf"),
        to="",
        by=(Role.SEKRETARIAT,),
        needs_reason=True,
        extension=True,
        consequence="Naskah berpindah kepada staf yang dipilih. Staf sebelumnya tidak dapat mengubahnya lagi.",
    ),
    Action(
        "ask_assessment",
        "Minta penilaian Bidang",
        "Penilaian temuan diminta",
        at=("composing", "returned_to_staf", "awaiting_correction", "returned", "verified", "ordered", "scheduled"),
        to="",
        by=(Role.STAF, Role.SEKRETARIS),
        extension=True,
        keeps_state=True,
        consequence="Bidang menilai temuan pemeriksaan data pribadi. Materi tetap di tangan Anda.",
    ),
    Action(
        "assess_finding",
        "Catat penilaian",
        "Temuan dinilai",
        at=(
            "composing",
            "returned_to_staf",
            "awaiting_correction",
            "returned",
            "awaiting_verification",
            "verified",
            "ordered",
            "scheduled",
        ),
        to="",
        by=(Role.BIDANG,),
        extension=True,
        keeps_state=True,
        consequence="Penilaian berlaku untuk temuan ini pada materi ini saja dan tercatat dalam jejak audit.",
    ),
    Action(
        "cancel",
        "Batalkan",
        "Dibatalkan",
        at=(
            "disposed",
            "forwarded",
            "received",
            "assigned",
            "composing",
            "returned_to_staf",
            "awaiting_correction",
            "returned",
            "awaiting_verification",
            "held_exempt",
            "verified",
            "ordered",
            "scheduled",
        ),
        at_in_correction=(),
        to="cancelled",
        by=(Role.PPID_PEMBANTU, Role.SEKRETARIS),
        needs_reason=True,
        extension=True,
        consequence="Materi tidak akan ditayangkan. Baris register tetap ada dengan alasannya.",
    ),
    Action(
        "open_correction",
        "Buka ralat",
        "Ralat dibuka",
        at=("live", "done", "taken_down"),
        to="composing",
        by=(Role.SEKRETARIS,),
        needs_reason=True,
        extension=True,
        consequence="Staf penyusun memperbaiki naskah, lalu baris 5 sampai 8 SOP dijalani kembali. Sampai ralat "
        "ditayangkan, warga membaca versi terverifikasi yang sekarang.",
    ),
    Action(
        "drop_correction",
        "Batalkan ralat",
        "Ralat dibatalkan",
        at=(),
        at_in_correction=CORRECTION_STATES,
        to="done",
        by=(Role.SEKRETARIS, Role.PPID_PEMBANTU),
        needs_reason=True,
        extension=True,
        consequence="Versi terverifikasi tetap berlaku. Naskah ralat tidak ditayangkan; riwayatnya tetap tersimpan.",
    ),
    Action(
        "take_down",
        "Turunkan dari tayangan",
        "Diturunkan dari tayangan",
        at=("live", "done"),
        at_in_correction=CORRECTION_STATES,
        to="taken_down",
        by=(Role.SEKRETARIS,),
        needs_reason=True,
        extension=True,
        consequence="Berita tidak lagi dapat dibaca warga. Bila ralat sedang berjalan, ralat ikut berakhir.",
    ),
)


@dataclass(frozen=True)
class Combination:
    """Two actions that one click takes where one person holds both roles; each row is logged."""

    code: str
    label: str
    actions: tuple[str, str]


COMBINATIONS = (
    Combination("issue_and_forward", "Terbitkan dan teruskan ke Sekretariat", ("issue", "forward")),
    Combination("receive_and_assign", "Terima dan tugaskan", ("receive", "assign")),
)

_ACTIONS = {action.code: action for action in ACTIONS}


def get_action(code: str) -> Action:
    """Return the action with this code; KeyError when there is none."""
    return _ACTIONS[code]
