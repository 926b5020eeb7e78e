"""Read the demo's items, one TOML file each.

In ``text`` a blank line ends a block. ``## `` begins a heading, ``> words -- source`` is a quote, lines with
``- `` are a list, ``[picture] alt | caption`` is a picture, and such lines below ``[galeri] title`` are a gallery.
A line of ``story`` is ``date time step | note``; ``write`` and ``correct`` save the text, the others are actions of
the SOP. ``slips`` are mistakes of the first version. ``ralat`` holds the changes of a ralat and its public note;
``rewrite`` saves that text. ``notice`` is the public note of a take-down. ``urgent`` holds the fields of an
announcement of the class "serta merta"; ``exemption`` the ground on which Bidang has an item held. A name in braces,
``{kecamatan}`` or ``{desa[1]}``, is a fact of the office (``kecamatan.toml``).
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from home.starter.text_notation import read_blocks

FOLDER = Path(__file__).parent / "data"
WIB = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Step:
    """A step of an item and when it is taken."""

    at: datetime
    action: str
    note: str = ""


@dataclass(frozen=True)
class Item:
    """An item: disposition, text and story."""

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
        """When row 1 is taken; unique."""
        return self.steps[0].at

    @property
    def first_text(self) -> str:
        """The first version of the text, with its slips."""
        text = self.text
        for slip in self.slips:
            text = text.replace(slip["right"], slip["wrong"])
        return text


def correct(item: Item, text: str) -> str:
    """Return the text with the changes of the ralat."""
    for change in item.ralat["changes"]:
        text = text.replace(change["before"], change["after"])
    return text


def read_items() -> list[Item]:
    """Return all items, by the time of their dispositions."""
    return sorted((_read(path) for path in FOLDER.glob("*.toml")), key=lambda item: item.issued_at)


def _read(path: Path) -> Item:
    data = settings.OFFICE_FACTS.fill(tomllib.loads(path.read_text(encoding="utf-8")))
    return Item(steps=[_read_step(line) for line in data.pop("story")], **data)


def _read_step(line: str) -> Step:
    words, _, note = line.partition(" | ")
    moment, _, action = words.rpartition(" ")
    return Step(read_moment(moment), action, note)


def read_moment(text: str) -> datetime | None:
    """Parse a time of the office's time zone; return None for an empty text."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=WIB) if text else None


def list_pictures(item: Item) -> list[str]:
    """Return the distinct names of the item's pictures."""
    names = [item.picture["name"]] if item.picture else []
    for kind, value in read_blocks(item.text) if item.text else []:
        if kind == "image":
            names.append(value["photo"])
        elif kind == "gallery":
            names.extend(picture["photo"] for picture in value["pictures"])
    return list(dict.fromkeys(names))
