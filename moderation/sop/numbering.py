"""How the numbers of the register and of publication orders are written."""

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def format_number(template: str, sequence: int, code: str, month: int, year: int) -> str:
    """Return the number written by ``template``, e.g. ``001/400.1/XI/2026``.

    KeyError, ValueError or IndexError when the template names something unknown.
    """
    return template.format(urut=sequence, kode=code, bulan_romawi=ROMAN_MONTHS[month - 1], tahun=year)
