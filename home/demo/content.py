"""Reads the demo's items: one TOML file each, with the text in a notation that is easy to read and to write.

In ``text`` a blank line ends a block. ``## `` begins a heading, ``> words -- source`` is a quote, lines with
``- `` are a list, ``[picture] alt | caption`` is a picture, and such lines below ``[galeri] title`` are a gallery.
A line of ``story`` is ``date time step | note``; ``write`` and ``correct`` save the text, the others are actions of
the SOP. ``slips`` are mistakes that the first version still has. ``ralat`` is what a ralat changes, with what
citizens are told of it; ``rewrite`` saves that text. ``notice`` is what they are told of a take-down.
``urgent`` is what an announcement of the class "serta merta" must say; ``exemption`` is the ground on which
Bidang has an item held.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from home.text_notation import read_blocks

FOLDER = Path(__file__).parent / "data"
WIB = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Step:
    """One moment of an item's way through the SOP."""

    at: datetime
    action: str
    note: str = ""


@dataclass(frozen=True)
class Item:
    """One item: its disposition, its text and its story."""

    title: str
    category: str
    classification: str
    tags: list[str]
    staf: str
    disposition: dict
    steps: list[Step]
    lead: str = ""
    text: str = ""
    slips: list[dict] = field(default_factory=list)
    picture: dict = field(default_factory=dict)
    urgent: dict = field(default_factory=dict)
    exemption: dict = field(default_factory=dict)
    channel_texts: dict = field(default_factory=dict)
    material: dict = field(default_factory=dict)
    go_live_at: str = ""
    ralat: dict = field(default_factory=dict)
    notice: str = ""
    village: str = ""
    starts_at: str = ""
    ends_at: str = ""
    valid_until: date | None = None

    @property
    def issued_at(self) -> datetime:
        """The moment of row 1; no two items share it."""
        return self.steps[0].at

    @property
    def first_text(self) -> str:
        """The text as it is first written, with its slips."""
        text = self.text
        for slip in self.slips:
            text = text.replace(slip["right"], slip["wrong"])
        return text


def correct(item: Item, text: str) -> str:
    """Return a text of the item as it reads after its ralat."""
    for change in item.ralat["changes"]:
        text = text.replace(change["before"], change["after"])
    return text


def read_items() -> list[Item]:
    """Return all items, in the order of their dispositions."""
    return sorted((_read(path) for path in FOLDER.glob("*.toml")), key=lambda item: item.issued_at)


def _read(path: Path) -> Item:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Item(steps=[_read_step(line) for line in data.pop("story")], **data)


def _read_step(line: str) -> Step:
    words, _, note = line.partition(" | ")
    moment, _, action = words.rpartition(" ")
    return Step(read_moment(moment), action, note)


def read_moment(text: str) -> datetime | None:
    """Return the moment that is written in the office's own time, None for nothing."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=WIB) if text else None


def list_pictures(item: Item) -> list[str]:
    """Return the names of all pictures that an item shows, each once."""
    names = [item.picture["name"]] if item.picture else []
    for kind, value in read_blocks(item.text) if item.text else []:
        if kind == "image":
            names.append(value["photo"])
        elif kind == "gallery":
            names.extend(picture["photo"] for picture in value["pictures"])
    return list(dict.fromkeys(names))
