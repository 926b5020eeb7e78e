"""What is said of the end of the log outside the database, and how the log is compared with it (I11).

A statement names the last line of the log at one moment: its number, its hash and what had been done until then. The
hash covers every line before it, so whoever rewrites or cuts the log must reach every copy of the statement as well.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from moderation.models import AuditEntry, AuditHead

#: Hexadecimal digits of the hash in a printed code: 64 bits.
DIGITS = 16
#: What a statement counts, by the action of the lines.
COUNTED = {"items": "issue", "orders": "order", "published": "publish", "taken_down": "take_down"}
_CODE = re.compile(rf"JA-(\d{{1,18}})-([0-9a-f]{{{DIGITS}}})", re.I)


@dataclass(frozen=True)
class Statement:
    """The last line of the log as somebody outside the database was told: number, hash or its first digits, counts."""

    line: int
    hash: str
    counts: dict[str, int] = field(default_factory=dict)
    #: The day that ended with it, ISO.
    day: str = ""

    @property
    def code(self) -> str:
        """Return the statement as it is printed: "JA-123-9f3a2c7b10de4455"."""
        return f"JA-{self.line}-{self.hash[:DIGITS]}"

    def write(self) -> str:
        """Return the statement as a line of a file."""
        return json.dumps(asdict(self), sort_keys=True)


class Unreadable(Exception):
    """What was given is no statement; the message says why."""


def read_end(day: str = "") -> Statement:
    """Return the statement about the end of the log as it is now; line 0 before the first."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return Statement(head.sequence, head.hash, _count(head.sequence), day)


def _count(line: int) -> dict[str, int]:
    """Return how often each thing was done up to this line."""
    lines = AuditEntry.objects.filter(sequence__lte=line)
    return {name: lines.filter(action=action).count() for name, action in COUNTED.items()}


def read(source: str) -> Iterator[Statement]:
    """Yield the statements of a printed code, or of a file; raise Unreadable for anything else."""
    code = _CODE.fullmatch("".join(source.split()))
    if code is not None:
        yield Statement(int(code[1]), code[2].lower())
    else:
        yield from read_file(Path(source))


def read_file(path: Path) -> Iterator[Statement]:
    """Yield the statements of a file, one line each."""
    try:
        with path.open() as file:
            for number, text in enumerate(file, start=1):
                yield _read_line(path, number, text)
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} tidak dapat dibaca ({type(error).__name__}), dan bukan kode cetak.") from error


def _read_line(path, number, text) -> Statement:
    try:
        stated = Statement(**json.loads(text))
        is_whole = isinstance(stated.line, int) and bool(re.fullmatch(r"[0-9a-f]{64}", stated.hash) and stated.counts)
    except (ValueError, TypeError):
        is_whole = False
    if not is_whole:
        raise Unreadable(f"{path}, baris {number}: bukan kesaksian.")
    return stated


def find_difference(stated: Statement) -> str | None:
    """Return how the log differs from what was stated, None when it does not; the rest of the chain proves itself."""
    name = f"Saksi {stated.day or stated.code}"
    if not stated.line:
        return None
    found = AuditEntry.objects.filter(sequence=stated.line).values_list("hash", flat=True).first()
    if found is None:
        return f"{name}: jejak audit pernah memuat baris {stated.line}, yang sekarang tidak ada. Ujungnya dipotong."
    if not found.startswith(stated.hash):
        return f"{name}: baris 1 sampai {stated.line} ditulis ulang."
    if stated.counts and stated.counts != _count(stated.line):
        return f"{name}: jumlah dalam berkas saksi tidak sama dengan jejak audit."
    return None
