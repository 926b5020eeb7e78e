"""Build the printed Agenda surat masuk, with the columns of the office's book."""

from moderation.models import OfficeProcedure

from .document import Column, Paper, Paragraph, Run, Table, make_file_name, say
from .formatting import get_letterhead, sign, write_date, write_footer
from .listing import describe_rows, require_bounded

TITLE = "Agenda surat masuk"
COLUMNS = (
    ("No.", 7),
    ("Tanggal terima", 22),
    ("Nomor agenda", 15),
    ("Pengirim (nama, alamat)", 45),
    ("Tanggal surat", 22),
    ("Nomor surat", 28),
    ("Kode klasifikasi", 16),
    ("Isi ringkas/perihal", 55),
    ("Lampiran", 18),
    ("Diteruskan kepada", 26),
    ("Keterangan", 27),
)


def build(letters, filters: list[str]) -> Paper:
    """Return the agenda of these letters in the order of their numbers."""
    require_bounded(letters)
    procedure = OfficeProcedure.load()
    found = letters.order_by("agenda_year", "agenda_sequence")
    rows = [_make_row(number, letter) for number, letter in enumerate(found, start=1)]
    columns = [Column([heading], width) for heading, width in COLUMNS]
    return Paper(
        title=TITLE,
        subtitle="",
        file_name=make_file_name("agenda-surat-masuk", *filters),
        letterhead=get_letterhead(procedure),
        blocks=[
            describe_rows(rows, filters),
            Table(TITLE, columns, rows, is_dense=True) if rows else Paragraph([Run("Nihil.")]),
            sign(procedure),
        ],
        footer=write_footer(TITLE),
        is_landscape=True,
    )


def _make_row(number, letter) -> list:
    sender = [say(letter.sender, "strong"), *([say(letter.sender_address)] if letter.sender_address else [])]
    return [
        [say(number)],
        [say(write_date(letter.received_date))],
        [say(f"{letter.agenda_number}/{letter.agenda_year}")],
        sender,
        [say(write_date(letter.letter_date))],
        [say(letter.letter_number)],
        [say(letter.classification_code)],
        [say(letter.summary)],
        [say(letter.attachments)],
        [say(letter.forwarded_to)],
        [say(letter.remark)],
    ]
