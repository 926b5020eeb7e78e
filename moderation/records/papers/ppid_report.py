"""Build the printed Laporan pengelolaan informasi publik for PPID Utama."""

from django.utils.formats import date_format

from moderation.records.ppid_report import Report, get_day

from .document import Column, Facts, Heading, Paper, PaperTooLarge, Paragraph, Run, Table, make_file_name, say
from .formatting import get_letterhead, sign, write_footer
from .listing import MAX_ROWS

TITLE = "Laporan pengelolaan informasi publik"
EMPTY = "Tidak ada kegiatan pengelolaan informasi publik pada masa ini."
RUNNING = "Masa laporan belum berakhir; angka dihitung sampai saat dicetak."


def build(report: Report) -> Paper:
    """Return the report with its letterhead and the signature block of the register."""
    if max(len(report.published), len(report.list_changes)) > MAX_ROWS:
        raise PaperTooLarge("Laporan ini terlalu panjang untuk dicetak. Pilih satu bulan, atau unduh XLSX.")
    return Paper(
        title=TITLE,
        subtitle=report.period,
        file_name=make_file_name(TITLE.lower(), report.period),
        letterhead=get_letterhead(report.procedure),
        blocks=[
            _head(report),
            *([Paragraph([Run(RUNNING)])] if report.is_running else []),
            *([Paragraph([Run(EMPTY)])] if report.is_empty else _fill(report)),
            sign(report.procedure),
        ],
        footer=write_footer(TITLE, report.period),
    )


def _head(report) -> Facts:
    office = report.procedure.letterhead_office
    return _list([("Masa laporan", report.period), ("Kantor", office), ("Kepada", "PPID Utama")])


def _list(rows) -> Facts:
    return Facts([(label, say(value)) for label, value in rows])


def _fill(report) -> list:
    return [
        Heading("1. Jumlah"),
        _list(report.counts.items()),
        Heading("2. Menurut klasifikasi"),
        Paragraph([Run("Materi yang tayang, dan materi yang ditetapkan dikecualikan, yang tidak ditayangkan.")]),
        _list(report.classes),
        Heading("3. Menurut asal"),
        _tabulate("Menurut asal", (("Asal", 60), ("Disposisi diterbitkan", 20), ("Tayang", 20)), report.origins),
        Heading("4. Informasi yang tayang"),
        _tabulate(
            "Informasi yang tayang",
            (("Nomor register", 18), ("Judul", 30), ("Klasifikasi", 16), ("Tanggal tayang", 14), ("Tautan", 22)),
            [
                (found.register_number, found.title, found.classification, _write_day(found.at), found.link)
                for found in report.published
            ],
        ),
        Heading("5. Daftar Informasi Publik (DIP)"),
        _tabulate(
            "Daftar Informasi Publik (DIP)",
            (("Tanggal", 20), ("Perubahan", 30), ("Informasi", 50)),
            [(_write_day(found.at), found.what, found.information) for found in report.list_changes],
        ),
        Heading("6. Median waktu tunggu"),
        Paragraph([Run("Lama materi menunggu di tangan pemegangnya sampai dilanjutkan, bukan lama mengerjakannya.")]),
        _tabulate(
            "Median waktu tunggu",
            (("Langkah", 40), ("Jalur", 20), ("Jumlah", 15), ("Median", 25)),
            [(found.step, found.lane, found.count, found.median_words) for found in report.waits],
        ),
    ]


def _tabulate(caption, columns, rows):
    rows = [[[_say(value)] for value in row] for row in rows]
    if not rows:
        return Paragraph([Run("Nihil.")])
    return Table(caption, [Column([heading], width) for heading, width in columns], rows)


def _say(value) -> list[Run]:
    is_link = isinstance(value, str) and value.startswith(("http://", "https://"))
    return say(value, href=value if is_link else "")


def _write_day(moment) -> str:
    return date_format(get_day(moment), "DATE_FORMAT")
