"""The facts of the office that runs this site, as its file ``kecamatan.toml`` has them.

Standard library only: the installer reads them before anything is installed.
"""

import colorsys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path


def read_rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#rrggbb``, 0 to 255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


@dataclass(frozen=True)
class VillageFact:
    """A village: its name without "Desa", and its whole code."""

    name: str
    code: str


class _Names(tuple[str, ...]):
    """Names counted from 1, beginning anew after the last: an invented story needs some village, not a certain one."""

    __slots__ = ()

    def __getitem__(self, number):
        return super().__getitem__((number - 1) % len(self))


@dataclass(frozen=True)
class Colours:
    """Colours of public pages, desk, mails and cards, each ``#rrggbb``; the second of a pair is for dark screens."""

    ground: str
    ground_dark: str
    ornament: str
    link: str
    link_dark: str
    accent: str

    def get_rgb(self, name: str) -> tuple[int, int, int]:
        """Return a colour as red, green and blue, 0 to 255."""
        return read_rgb(getattr(self, name))

    @property
    def css(self) -> str:
        """The style sheet of every page: variables that ``home/static/home/site.css`` uses."""
        shown = "".join(f"--office-{name.replace('_', '-')}:{value};" for name, value in asdict(self).items())
        return f":root{{{shown}}}"

    @property
    def desk_css(self) -> str:
        """The same for Wagtail's admin, whose colours follow from the parts of one."""
        hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in self.get_rgb("ground")))
        parts = (("hue", f"{hue * 360:.0f}"), ("saturation", f"{saturation:.1%}"), ("lightness", f"{lightness:.1%}"))
        return f":root{{{''.join(f'--w-color-primary-{name}:{value};' for name, value in parts)}}}"


@dataclass(frozen=True)
class Office:
    """One office. A fact that its file leaves out is empty."""

    name: str
    place: str
    government: str
    regency: str
    province: str
    district_count: int
    region_code: str
    location: str
    sop_number: str
    local_regulation: str
    archive_code: str
    custodian: str
    responsible: str
    signatory_title: str
    categories: tuple[str, ...]
    villages: tuple[VillageFact, ...]
    colours: Colours
    domain: str = ""
    emblem: Path | None = None
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    signatory_name: str = ""
    signatory_rank: str = ""
    signatory_number: str = ""

    @cached_property
    def words(self) -> Mapping[str, object]:
        """What texts of starter pages and demo may name in braces: ``{kecamatan}``, ``{desa[1]}``."""
        return {
            "kecamatan": self.name,
            "tempat": self.place,
            "TEMPAT": self.place.upper(),
            "pemda": self.government,
            "kabupaten": self.regency,
            "provinsi": self.province,
            "jumlah_kecamatan": self.district_count,
            "kode_wilayah": self.region_code,
            "letak": self.location,
            "peraturan": self.local_regulation,
            "jumlah_desa": len(self.villages),
            "desa": _Names(village.name for village in self.villages),
            "kategori": _Names(self.categories),
        }

    @property
    def address_line(self) -> str:
        """The address in one line, for the letterhead."""
        return ", ".join(line.strip() for line in self.address.splitlines() if line.strip())

    def fill(self, value):
        """Return text with the names in braces filled in, also inside lists and tables; KeyError for an unknown one."""
        if isinstance(value, str):
            return value.format_map(self.words)
        if isinstance(value, list):
            return [self.fill(one) for one in value]
        if isinstance(value, dict):
            return {name: self.fill(one) for name, one in value.items()}
        return value
