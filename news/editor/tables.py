"""Tables of a text: rows are lines, cells stand between "|" or, as spreadsheets and Word copy them, between tabs."""

MAX_COLUMNS = 12
MAX_ROWS = 60
BORDER = "|"
#: Written in place of a border inside a cell.
_INNER = "¦"


def read_rows(text: str) -> list[list[str]]:
    """Return the cells of each row that is not empty; every row has as many as the widest."""
    lines = [line for line in text.splitlines() if line.strip(f"{BORDER} \t")]
    if any("\t" in line for line in lines):
        rows = [[cell.replace(BORDER, _INNER) for cell in line.split("\t")] for line in lines]
    else:
        rows = [line.split(BORDER) for line in _drop_frame(lines)]
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    width = max((number for row in rows for number, cell in enumerate(row, 1) if cell), default=0)
    return [row[:width] + [""] * (width - len(row)) for row in rows]


def write_rows(rows: list[list[str]]) -> str:
    """Return the rows in the one way of writing that is stored."""
    return "\n".join(f" {BORDER} ".join(row).strip() for row in rows)


def find_problem(rows: list[list[str]]) -> str | None:
    """Return why these rows are no table, in Indonesian."""
    if not rows:
        return "Isi sedikitnya satu baris."
    if len(rows) > MAX_ROWS:
        return f"Tabel ini memuat {len(rows)} baris. Paling banyak {MAX_ROWS}; bagi menjadi beberapa tabel."
    if len(rows[0]) > MAX_COLUMNS:
        return f"Tabel ini memuat {len(rows[0])} kolom. Paling banyak {MAX_COLUMNS}; bagi menjadi beberapa tabel."
    return None


def _drop_frame(lines: list[str]) -> list[str]:
    """Take away borders that stand around every row."""
    lines = [line.strip() for line in lines]
    if all(len(line) > 1 and line.startswith(BORDER) and line.endswith(BORDER) for line in lines):
        return [line[1:-1] for line in lines]
    return lines
