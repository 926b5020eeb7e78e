"""SOP 487.22/26.11/I/2021 "Pengelolaan Website dan Media Sosial": the chain, and nothing else.

This file is the one place for the chain. Groups, tasks, the workflow, permissions, the queue,
the tracker line and the help texts are derived from it. It knows neither Django nor Wagtail.

``ROWS`` are the rows of the paper, word for word (spelling normalised; the Waktu column is
blank in the SOP). A row is carried out in one or two ``STEPS``: places where an item waits for
somebody. ``ACTIONS`` are what that somebody can do there; each leads to one of the ``STATES``.
What the SOP does not have, and the office needs all the same, says ``extension=True``.
"""

from dataclasses import dataclass
from enum import StrEnum

NUMBER = "487.22/26.11/I/2021"
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


class StepCode(StrEnum):
    """Where an item waits. Those with ``is_task`` are the tasks of the Wagtail workflow."""

    FORWARDING = "forwarding"
    RECEIPT = "receipt"
    ASSIGNMENT = "assignment"
    COMPOSITION = "composition"
    CORRECTION = "correction"
    VERIFICATION = "verification"
    EXEMPTION = "exemption"
    PUBLICATION_ORDER = "publication_order"
    PUBLICATION = "publication"


@dataclass(frozen=True)
class Step:
    """A place where an item waits for ``role`` to carry out row ``row``.

    ``is_task``: the step is a task of the Wagtail workflow. ``text_is_open``: the one who holds
    the item may change the text (everywhere else it is frozen for everyone, I4).
    """

    code: StepCode
    row: int
    role: Role
    label: str
    is_task: bool = False
    text_is_open: bool = False
    extension: bool = False


STEPS = (
    Step(StepCode.FORWARDING, 2, Role.SEKRETARIS, "Penerusan disposisi"),
    Step(StepCode.RECEIPT, 3, Role.SEKRETARIAT, "Penerimaan disposisi"),
    Step(StepCode.ASSIGNMENT, 4, Role.SEKRETARIAT, "Penugasan staf"),
    Step(StepCode.COMPOSITION, 5, Role.STAF, "Penyusunan materi", text_is_open=True),
    Step(StepCode.CORRECTION, 6, Role.SEKRETARIS, "Koreksi", is_task=True, text_is_open=True),
    Step(StepCode.VERIFICATION, 7, Role.BIDANG, "Verifikasi", is_task=True),
    # The task of the verification stays open meanwhile: only PPID Pembantu fixes an exemption.
    Step(StepCode.EXEMPTION, 7, Role.PPID_PEMBANTU, "Penetapan pengecualian", extension=True),
    Step(StepCode.PUBLICATION_ORDER, 8, Role.SEKRETARIS, "Perintah tayang", is_task=True),
    Step(StepCode.PUBLICATION, 8, Role.STAF, "Penayangan", is_task=True),
)


@dataclass(frozen=True)
class State:
    """What the screens call the point an item has reached, and the step it waits at (if any).

    ``verb``: what whoever is next is asked to do; the first word of the mail's subject.
    """

    code: str
    label: str
    step: StepCode | None
    verb: str = ""
    extension: bool = False


STATES = (
    State("disposed", "Disposisi dibuat", StepCode.FORWARDING, "Teruskan"),
    State("forwarded", "Diteruskan ke Sekretariat", StepCode.RECEIPT, "Terima"),
    State("received", "Diterima Sekretariat", StepCode.ASSIGNMENT, "Tugaskan"),
    State("assigned", "Ditugaskan", StepCode.COMPOSITION, "Susun"),
    State("composing", "Sedang disusun", StepCode.COMPOSITION, "Susun"),
    State("returned_to_staf", "Dikembalikan kepada staf", StepCode.COMPOSITION, "Perbaiki", extension=True),
    State("awaiting_correction", "Menunggu koreksi Sekretaris", StepCode.CORRECTION, "Koreksi"),
    State("returned", "Dikembalikan kepada Sekretaris", StepCode.CORRECTION, "Perbaiki"),
    State("awaiting_verification", "Menunggu verifikasi", StepCode.VERIFICATION, "Verifikasi"),
    State(
        "held_exempt", "Menunggu penetapan PPID Pembantu", StepCode.EXEMPTION, "Tetapkan pengecualian", extension=True
    ),
    State("verified", "Terverifikasi", StepCode.PUBLICATION_ORDER, "Perintahkan tayang"),
    State("ordered", "Perintah tayang diterbitkan", StepCode.PUBLICATION, "Tayangkan"),
    State("scheduled", "Terjadwal", StepCode.PUBLICATION, "Tayangkan", extension=True),
    State("live", "Tayang", None),
    State("done", "Selesai", None),
    State("exempted", "Dikecualikan", None, extension=True),
    State("cancelled", "Dibatalkan", None, extension=True),
    State("taken_down", "Diturunkan", None, extension=True),
)


@dataclass(frozen=True)
class Action:
    """One thing that the holder of a step can do.

    ``at``: the states in which it can be done. ``to``: the state it leads to, "" when it stays.
    ``rows``: the rows of the SOP it carries out; each writes its own audit line with its own
    ``outputs`` document.
    ``by``: who may; the holder's role where it differs from the step's (or is one of several).
    ``label`` is the button, ``done`` the passive in the history, ``consequence`` what the button
    says will happen. ``is_aside``: the item stays where it is and with whom it is; something is only noted.
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
    is_aside: bool = False
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
        is_aside=True,
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
        is_aside=True,
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

CLASSIFICATIONS = (
    ("berkala", "Informasi berkala"),
    ("serta_merta", "Informasi serta merta"),
    ("setiap_saat", "Informasi setiap saat"),
    ("dikecualikan", "Informasi yang dikecualikan"),
)
EXEMPT = "dikecualikan"
URGENT = "serta_merta"
FAST_LANE = "Jalur cepat"

#: UU 14/2008 Pasal 17: what an exemption can rest on, by the letter of the law.
EXEMPTION_GROUNDS = (
    ("a", "menghambat proses penegakan hukum"),
    ("b", "mengganggu perlindungan hak atas kekayaan intelektual dan persaingan usaha tidak sehat"),
    ("c", "membahayakan pertahanan dan keamanan negara"),
    ("d", "mengungkapkan kekayaan alam Indonesia"),
    ("e", "merugikan ketahanan ekonomi nasional"),
    ("f", "merugikan kepentingan hubungan luar negeri"),
    ("g", "mengungkapkan isi akta otentik yang bersifat pribadi dan kemauan terakhir ataupun wasiat seseorang"),
    ("h", "mengungkap rahasia pribadi"),
    ("i", "memorandum atau surat antarbadan publik atau intrabadan publik yang menurut sifatnya dirahasiakan"),
    ("j", "informasi yang tidak boleh diungkapkan berdasarkan undang-undang"),
)

#: UU 27/2022 Pasal 20: what processing personal data can rest on, by the letter of the law.
PROCESSING_BASES = (
    ("a", "persetujuan yang sah dari pemilik data"),
    ("b", "pemenuhan perjanjian dengan pemilik data"),
    ("c", "kewajiban hukum"),
    ("d", "kepentingan vital pemilik data"),
    ("e", "kepentingan umum, pelayanan publik, atau kewenangan menurut peraturan"),
    ("f", "kepentingan sah lainnya"),
)

_ROWS = {row.number: row for row in ROWS}
_STEPS = {step.code: step for step in STEPS}
_STATES = {state.code: state for state in STATES}
_ACTIONS = {action.code: action for action in ACTIONS}


def get_row(number: int) -> Row:
    """Return the row of the paper with this number; KeyError when there is none."""
    return _ROWS[number]


def get_step(code: str) -> Step:
    """Return the step with this code; KeyError when there is none."""
    return _STEPS[code]


def get_state(code: str) -> State:
    """Return the state with this code; KeyError when there is none, so drift fails closed."""
    return _STATES[code]


def get_action(code: str) -> Action:
    """Return the action with this code; KeyError when there is none."""
    return _ACTIONS[code]


def step_of(state_code: str) -> Step | None:
    """Return the step at which an item in this state waits, None when it waits for nobody."""
    step = get_state(state_code).step
    return None if step is None else _STEPS[step]


def tasks() -> tuple[Step, ...]:
    """Return the steps that are tasks of the Wagtail workflow, in the order of the paper."""
    return tuple(step for step in STEPS if step.is_task)


def states_at(*steps: str) -> list[str]:
    """Return the codes of the states in which an item waits at one of these steps."""
    return [state.code for state in STATES if state.step in steps]


OPEN_STATES = tuple(state.code for state in STATES if state.step is not None)
