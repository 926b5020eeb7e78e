"""A file and the right answers to it; people and numbers are invented."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from moderation.scanner import scan
from moderation.uploads.readers.content import read_content
from moderation.uploads.readers.parts import BROKEN, Part, bound
from moderation.uploads.text_extraction import MAX_CHARACTERS, FileText, describe

#: One dot of PNG and of JPEG.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)


@dataclass(frozen=True)
class Case:
    """A file: ``finds`` are the values to be found in it, ``names`` a part of the sentence that names what is unread.

    Of a file without ``names`` everything is read, and nothing may be named.
    """

    name: str
    make: Callable[[], bytes]
    finds: tuple[str, ...] = ()
    names: str = ""


@dataclass
class Score:
    """What was found and what was not, over all files."""

    files: int = 0
    expected: int = 0
    found: int = 0
    reported: int = 0
    right: int = 0
    silent: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.reported if self.reported else 1.0


def nik(number: int) -> str:
    """Return a NIK of the sub-district that nobody has."""
    return f"331315{1 + number % 28:02d}{1 + number % 12:02d}{60 + number % 39:02d}{9000 + number:04d}"


def phone(number: int) -> str:
    """Return a mobile number of the right build."""
    return f"08129{7_000_003 + number * 37:07d}"


def read(content: bytes, name: str) -> FileText:
    """Read a file as the limited process does, without its cost; a fault in it is named as there."""

    def read_to_its_end() -> Iterable[Part]:
        try:
            yield from bound(read_content(content, name), MAX_CHARACTERS)
        except Exception as fault:  # noqa: BLE001 (what ends the process)
            yield Part(BROKEN, repr(fault))

    return describe(read_to_its_end())


def read_cases(folder: Path) -> list[Case]:
    """Return the files of a folder with the right answers that ``answers.json`` gives; KeyError for a row without."""
    rows = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return [
        Case(row["file"], (folder / row["file"]).read_bytes, tuple(row["finds"]), row.get("names", "")) for row in rows
    ]


def judge(cases: Iterable[Case]) -> Score:
    """Count over all files. An answer is a value found or a sentence about what was not read; either may be wrong."""
    score = Score()
    for case in cases:
        score.files += 1
        answer = read(case.make(), case.name)
        values = {finding.value for finding in scan(answer.text)}
        score.expected += len(case.finds)
        score.found += len(values & set(case.finds))
        score.reported += len(values) + bool(answer.problem)
        score.right += len(values & set(case.finds)) + bool(answer.problem and case.names)
        missing = set(case.finds) - values
        if missing:
            score.missed.append(f"{case.name}: {len(missing)} of {len(case.finds)} values; {answer.problem}")
        if (missing and not answer.problem) or case.names not in answer.problem:
            score.silent.append(f"{case.name}: {sorted(missing)}, “{case.names}” not in “{answer.problem}”")
        if values - set(case.finds) or (answer.problem and not case.names):
            score.mistaken.append(f"{case.name}: {sorted(values - set(case.finds))} {answer.problem}")
    return score
