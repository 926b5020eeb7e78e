"""Build the printed register, its columns grouped to stay legible on A4."""

from moderation import sop
from moderation.models import OfficeProcedure
from moderation.ports.office import get_fact
from moderation.records import register

from .document import Column, Paper, PaperTooLarge, Paragraph, Run, Table, make_file_name
from .formatting import get_letterhead, make_witness_code, sign, write_footer

#: Columns stacked in one printed column, with its share of the width.
GROUPS = (
    (8, ("number",)),
    (25, ("register_number", "disposition")),
    (25, ("origin",)),
    (40, ("summary", "activity")),
    (33, ("custodian", "responsible", "composer")),
    (26, ("classification", "form", "retention", "listed")),
    (24, ("channels", "planned")),
    (33, ("state", "verified", "order")),
    (38, ("published", "web_link", "channel_links")),
    (25, ("remark",)),
)
#: Label before a value that is not the first of its cell.
_SHORT = {
    "responsible": "Penanggung jawab: ",
    "composer": "Penyusun: ",
    "form": "Bentuk: ",
    "retention": "Simpan: ",
    "listed": "Masuk DIP: ",
    "planned": "Rencana: ",
    "verified": "Verifikasi: ",
    "order": "Perintah: ",
}
#: Rows at most; above that the user is asked to filter.
MAX_ROWS = 1_500
#: Characters of a cell, so that a row fits on one page.
MAX_CELL = 400


def build(items, filters: list[str]) -> Paper:
    """Return the register of these items with the words of its filters and the signature block."""
    require_bounded(items)
    procedure = OfficeProcedure.load()
    rows = [_make_row(row["cells"]) for row in register.get_rows(items.order_by("register_year", "register_sequence"))]
    return Paper(
        title=sop.REGISTER_TITLE,
        subtitle="",
        file_name=make_file_name("daftar-publikasi", *filters),
        letterhead=get_letterhead(procedure),
        blocks=[
            describe_rows(rows, filters),
            Table(sop.REGISTER_TITLE, make_columns(), rows, is_dense=True) if rows else Paragraph([Run("Nihil.")]),
            sign(procedure),
        ],
        code=make_witness_code(),
        footer=write_footer(sop.REGISTER_TITLE, f"SOP {get_fact('sop_number')}"),
        is_landscape=True,
    )


def require_bounded(items) -> None:
    """Raise PaperTooLarge above ``MAX_ROWS``."""
    count = items.count()
    if count > MAX_ROWS:
        raise PaperTooLarge(
            f"Daftar ini memuat {_write_number(count)} baris. Naskah cetak memuat paling banyak "
            f"{_write_number(MAX_ROWS)} baris. Saring menurut tahun, lalu ulangi."
        )


def describe_rows(rows, filters: list[str]) -> Paragraph:
    """Describe the filters and the number of rows."""
    narrowed = f"Saringan: {'; '.join(filters)}." if filters else "Tanpa saringan: seluruh isi."
    return Paragraph([Run(f"{narrowed} Jumlah: {_write_number(len(rows))} baris.")], style="center")


def make_columns() -> list[Column]:
    """Return the printed columns; each names its columns of the register with their numbers."""
    numbers = {name: number for number, name in enumerate(register.COLUMNS, start=1)}
    return [Column([f"{register.COLUMNS[name]} ({numbers[name]})" for name in names], width) for width, names in GROUPS]


def _make_row(cells) -> list:
    return [[_make_line(name, cells[name]) for name in names if _is_shown(name, cells)] for _width, names in GROUPS]


def _is_shown(name, cells) -> bool:
    return bool(cells[name]) or name not in _SHORT


def _make_line(name, value) -> list[Run]:
    value = str(value)
    words = value if len(value) <= MAX_CELL else f"{value[:MAX_CELL]} …"
    href = value if name == "web_link" else ""
    mark = "strong" if name in {"summary", "state"} else ""
    label = [Run(_SHORT[name], "quiet")] if name in _SHORT else []
    return [*label, Run(words or "–", mark, href)]


def _write_number(number: int) -> str:
    return f"{number:,}".replace(",", ".")
