"""Reads the pairs of official and pasted texts in ``pairs/`` and ``held_out/``: written by hand, all people invented.

A file holds one official text (``judul:``, ``ringkasan:``, ``isi:`` with "## " for headings and "- " for lists) and,
behind lines ``=== verdict: kind``, what somebody pasted; "mirip|ditambah" allows either. In a pasted text {judul},
{ringkasan} and {isi} stand for the official ones, {tautan} for the address of the item.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Official:
    """The text that is published."""

    title: str
    lead: str
    lines: tuple[str, ...]

    @property
    def blocks(self) -> list[tuple]:
        """The body as the editor keeps it."""
        blocks = []
        for mark, group in groupby(self.lines, lambda line: line[:2] if line[:2] in ("##", "- ") else ""):
            lines = [line.removeprefix(mark).strip() for line in group]
            if mark == "##":
                blocks += [("heading", {"level": "h2", "text": line}) for line in lines]
            elif mark:
                blocks.append(("paragraph", f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"))
            else:
                blocks.append(("paragraph", "".join(f"<p>{line}</p>" for line in lines)))
        return blocks

    @property
    def body(self) -> str:
        """The body as a reader copies it."""
        return "\n".join(re.sub("^(?:## |- )", "", line) for line in self.lines)


@dataclass(frozen=True)
class Pair:
    """What was pasted, and what is right to say of it."""

    file: str
    kind: str
    verdicts: tuple[str, ...]
    pasted: str

    def fill_in(self, official: Official, address: str) -> str:
        texts = {"judul": official.title, "ringkasan": official.lead, "isi": official.body, "tautan": address}
        return re.sub(r"\{(\w+)\}", lambda found: texts[found[1]], self.pasted)


def read(folder: str) -> list[tuple[Official, list[Pair]]]:
    """Return each official text with its pairs."""
    return [_read_file(path) for path in sorted((FOLDER / folder).glob("*.txt"))]


def _read_file(path: Path) -> tuple[Official, list[Pair]]:
    head, *parts = re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.fullmatch(r"judul: (.+)\nringkasan: (.+)\nisi:\n(.+)\n", head, re.DOTALL)
    official = Official(found[1], found[2], tuple(found[3].splitlines()))
    pairs = []
    for part in parts:
        line, _newline, pasted = part.partition("\n")
        verdicts, kind = line.split(": ", 1)
        pairs.append(Pair(path.name, kind, tuple(verdicts.split("|")), pasted.strip("\n")))
    return official, pairs
