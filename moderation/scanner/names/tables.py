"""Find names under the heading of a table or list."""

import re
from collections.abc import Iterator

from ..headings import get_headings
from ..source import Source
from .recognition import Person, find_name

#: Headings of tables that list children, and patients.
CHILDREN = re.compile(
    r"\bnama (?:lengkap )?(?:anak|siswa|siswi|balita|bayi|baduta|murid|santri|peserta didik|pelajar)\b"
)
PATIENTS = re.compile(r"\bnama (?:lengkap )?(?:pasien|penderita|penyandang|odgj)\b")
ANYBODY = re.compile(r"\bnama\b")
_LIST_NAME = re.compile(
    r"(?:^|(?<=[\n\t|;]))[ ]?(?:\d{1,3}[.)]?[ \t"
    r"|;.]{1,3})?(?P<name>[A-Z][A-Za-z'.\-]{1,30}(?: [A-Z][A-Za-z'.\-]{0,30}){0,4})"
)


def find_listed(source: Source, heading: re.Pattern[str]) -> Iterator[Person]:
    """Return the names that stand in a table under this heading."""
    headings = get_headings(source, heading)
    for start, end in headings.get_rows():
        for match in _LIST_NAME.finditer(source.text, start, end):
            if headings.hold(match.start("name")) and find_name(source, *match.span("name")) is not None:
                yield Person(match.start("name"), match.end("name"))
