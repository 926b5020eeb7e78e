"""Build the empty forms of the information service, to be filled in by hand.

Their fields are those of the annexes of Perki 1/2021 tentang Standar Layanan Informasi Publik; the grounds of an
objection are those of UU 14/2008 Pasal 35 ayat (1).
"""

from moderation.models import OfficeProcedure

from .document import Cell, Form, Heading, Option, Paper, Paragraph, Run, Signature, make_file_name
from .formatting import get_letterhead

#: Millimetres to write one line, and some lines, by hand.
LINE, LINES = 7, 22
OFFICER = "diisi petugas"
OBTAIN = (
    "Melihat, membaca, mendengarkan, atau mencatat",
    "Mendapatkan salinan (softcopy)",
    "Mendapatkan salinan (hardcopy)",
)
RECEIVE = ("Mengambil langsung", "Kurir", "Pos", "Surel")
GROUNDS = (
    "Permohonan informasi ditolak (huruf a)",
    "Informasi berkala tidak disediakan (huruf b)",
    "Permohonan informasi tidak ditanggapi (huruf c)",
    "Permohonan ditanggapi tidak sebagaimana yang diminta (huruf d)",
    "Permohonan informasi tidak dipenuhi (huruf e)",
    "Biaya yang dikenakan tidak wajar (huruf f)",
    "Informasi disampaikan melebihi jangka waktu (huruf g)",
)


def build_request() -> Paper:
    """Return the form of a request for information."""
    rows = [
        [_line(f"Nomor pendaftaran ({OFFICER})", 6), _line(f"Tanggal diterima ({OFFICER})", 6)],
        *_person("pemohon"),
        [Cell("Rincian informasi yang dibutuhkan", height=LINES)],
        [Cell("Tujuan penggunaan informasi", height=LINES)],
        [_choose("Cara memperoleh informasi", OBTAIN, 7), _choose("Cara mendapatkan salinan", RECEIVE, 5)],
    ]
    return _make(
        "Formulir permohonan informasi publik",
        [
            Form(rows),
            Paragraph(
                [
                    Run(
                        "Lampirkan salinan identitas. Jawaban tertulis diberikan paling lambat 10 hari kerja sejak "
                        "permohonan diterima, dan dapat diperpanjang paling lambat 7 hari kerja dengan alasan "
                        "tertulis (Pasal 22 ayat (7) dan (8) UU 14/2008)."
                    )
                ]
            ),
            _sign("Pemohon informasi"),
        ],
    )


def build_objection() -> Paper:
    """Return the form of an objection."""
    return _make(
        "Formulir pernyataan keberatan",
        [
            Heading("A. Pengaju keberatan"),
            Form(
                [
                    [
                        _line(f"Nomor registrasi keberatan ({OFFICER})", 6),
                        _line("Nomor pendaftaran permohonan", 6),
                    ],
                    [Cell("Tujuan penggunaan informasi", height=LINE)],
                    *_person("pemohon"),
                    [_line("Nama kuasa, bila diwakili (lampirkan surat kuasa)", 6), _line("Telepon kuasa", 6)],
                    [_line("Alamat kuasa", 12)],
                ]
            ),
            Heading("B. Alasan keberatan (Pasal 35 ayat (1) UU 14/2008)"),
            Form([[_choose("", GROUNDS, 12)], [Cell("Kasus posisi (tambahkan lembar bila perlu)", height=LINES)]]),
            Paragraph(
                [
                    Run(
                        "Keberatan diajukan paling lambat 30 hari kerja setelah alasannya ditemukan, dan ditanggapi "
                        "atasan PPID paling lambat 30 hari kerja sejak diterima (Pasal 36 UU 14/2008)."
                    )
                ]
            ),
            _sign("Pengaju keberatan"),
        ],
    )


def _make(title: str, blocks: list) -> Paper:
    return Paper(
        title=title,
        subtitle="",
        file_name=make_file_name(title.lower().replace(" ", "-")),
        letterhead=get_letterhead(OfficeProcedure.load()),
        blocks=blocks,
        footer=title,
    )


def _line(label: str, span: int) -> Cell:
    return Cell(label, span=span, height=LINE)


def _person(name: str) -> list[list[Cell]]:
    return [
        [_line(f"Nama {name}", 6), _line("Pekerjaan", 6)],
        [_line("Alamat", 12)],
        [_line("Telepon", 6), _line("Surel", 6)],
    ]


def _choose(label: str, options: tuple[str, ...], span: int) -> Cell:
    return Cell(label, options=[Option(text, ticked=False) for text in options], span=span)


def _sign(title: str) -> Signature:
    return Signature("Tempat dan tanggal:", [title], "", ["Nama terang"])
