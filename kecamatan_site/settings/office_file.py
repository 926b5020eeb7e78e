"""Read ``kecamatan.toml``, and name everything that is wrong with it at once: line, key, expected, found."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .office import Colours, Office, VillageFact, read_rgb


class OfficeFileWrong(ValueError):
    """The file cannot be used; the message has a line for each mistake."""


class _Wrong(ValueError):
    """A value is not what was expected, which the message tells."""


@dataclass(frozen=True)
class Text:
    """One line of text."""

    longest: int
    pattern: str = ""
    example: str = ""

    def read(self, value, folder: Path) -> str:
        sample = f", misalnya {_show(self.example)}" if self.example else ""
        if not isinstance(value, str) or not 0 < len(value.strip()) <= self.longest:
            raise _Wrong(f"teks 1 sampai {self.longest} huruf{sample}")
        if any(sign in "<>{}" or not sign.isprintable() for sign in value):
            raise _Wrong(f"teks satu baris tanpa < > {{ }}{sample}")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise _Wrong(f"bentuk seperti {_show(self.example)}")
        return value.strip()


@dataclass(frozen=True)
class Lines:
    """Text of one or more lines."""

    longest: int

    def read(self, value, folder: Path) -> str:
        if not isinstance(value, str) or not 0 < len(value.strip()) <= self.longest:
            raise _Wrong(f"teks 1 sampai {self.longest} huruf, boleh beberapa baris di antara tiga tanda kutip")
        if any(sign in "<>{}" or not (sign == "\n" or sign.isprintable()) for sign in value):
            raise _Wrong("teks tanpa < > { }")
        return value.strip()


@dataclass(frozen=True)
class Number:
    """A whole number."""

    least: int
    most: int

    def read(self, value, folder: Path) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise _Wrong(f"bilangan {self.least} sampai {self.most}, tanpa tanda kutip")
        return value


class Picture:
    """A picture's path, absolute or beside the file."""

    kinds = (".png", ".jpg", ".jpeg", ".webp")

    def read(self, value, folder: Path) -> Path:
        if not isinstance(value, str) or Path(value).suffix.lower() not in self.kinds:
            raise _Wrong(f"nama berkas gambar ({', '.join(self.kinds)})")
        if not (folder / value).is_file():
            raise _Wrong(f"nama berkas yang ada; {folder / value} tidak ditemukan")
        return folder / value


class Names:
    """A list of distinct names."""

    def read(self, value, folder: Path) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise _Wrong('daftar nama di antara [ ], misalnya ["Pemerintahan", "Kesehatan"]')
        names = tuple(Text(80).read(name, folder) for name in value)
        if len({name.casefold() for name in names}) < len(names):
            raise _Wrong("nama yang masing-masing hanya sekali")
        return names


_COLOUR = Text(7, r"#[0-9a-fA-F]{6}", "#224466")


@dataclass(frozen=True)
class Key:
    """A key of the file: its table ("" above all tables), its name, the office's field, what it must be."""

    table: str
    name: str
    field: str
    rule: Text | Lines | Number | Picture | Names
    optional: bool = False

    def __str__(self):
        return f"[{self.table}] {self.name}" if self.table else self.name


KEYS = (
    Key("", "domain", "domain", Text(253, r"(?:[a-z0-9-]+\.)+[a-z]{2,63}", "kecamatan.example.go.id"), optional=True),
    Key("", "kategori", "categories", Names()),
    Key("kantor", "nama", "name", Text(60, example="Kecamatan Contoh")),
    Key("kantor", "tempat", "place", Text(40, example="Contoh")),
    Key("kantor", "pemerintah_daerah", "government", Text(100, example="Pemerintah Kabupaten Contoh")),
    Key("kantor", "kabupaten", "regency", Text(60, example="Kabupaten Contoh")),
    Key("kantor", "provinsi", "province", Text(60, example="Provinsi Contoh")),
    Key("kantor", "jumlah_kecamatan", "district_count", Number(1, 99)),
    Key("kantor", "kode_wilayah", "region_code", Text(8, r"\d\d\.\d\d\.\d\d", "31.01.01")),
    Key("kantor", "letak", "location", Text(150, example="di sekitar koordinat ...")),
    Key("kantor", "lambang", "emblem", Picture(), optional=True),
    Key("kantor", "alamat", "address", Lines(200), optional=True),
    Key("kantor", "telepon", "phone", Text(40), optional=True),
    Key("kantor", "surel", "email", Text(254, r"[^@\s]+@[^@\s]+\.[^@\s]+", "kecamatan@example.go.id"), optional=True),
    Key("kantor", "jam_layanan", "hours", Lines(500), optional=True),
    Key("sop", "nomor", "sop_number", Text(60)),
    Key("sop", "peraturan_daerah", "local_regulation", Text(150, example="Perbup Contoh 1/2020")),
    Key("register", "kode_arsip", "archive_code", Text(20)),
    Key("register", "penguasa", "custodian", Text(150)),
    Key("register", "penanggung_jawab", "responsible", Text(150)),
    Key("penanda_tangan", "jabatan", "signatory_title", Text(150)),
    Key("penanda_tangan", "nama", "signatory_name", Text(150), optional=True),
    Key("penanda_tangan", "pangkat", "signatory_rank", Text(100), optional=True),
    Key("penanda_tangan", "nip", "signatory_number", Text(30), optional=True),
    Key("warna", "dasar", "ground", _COLOUR),
    Key("warna", "dasar_gelap", "ground_dark", _COLOUR),
    Key("warna", "hiasan", "ornament", _COLOUR),
    Key("warna", "tautan", "link", _COLOUR),
    Key("warna", "tautan_gelap", "link_dark", _COLOUR),
    Key("warna", "tanda", "accent", _COLOUR),
)
_COLOURS = "warna"
_VILLAGES = "desa"
_VILLAGE_NAME = Text(60, example="Sukamaju")

#: What a colour is seen upon, or what is written on it, and the least contrast (WCAG 2.2: 1.4.3 for words, 1.4.11
#: for lines). The other colours are those of home/static/home/site.css: paper, tint, raised, on-ground, on-ornament.
CONTRASTS = (
    ("dasar", "#cdd5ea", 4.5, "tulisan pada kepala halaman"),
    ("dasar_gelap", "#cdd5ea", 4.5, "tulisan pada kepala halaman di layar gelap"),
    ("hiasan", "#1d1503", 4.5, "tulisan pada tombol"),
    ("hiasan", "#1c2233", 4.5, "kategori pada layar gelap"),
    ("tautan", "#f4f4f1", 4.5, "tautan pada kertas"),
    ("tautan_gelap", "#1c2233", 4.5, "tautan pada layar gelap"),
    ("tanda", "#f4f4f1", 4.5, "kategori pada kertas"),
)


def read_office(path: Path) -> Office:
    """Return the office of the file; raise OfficeFileWrong, in Indonesian, with everything that is wrong."""
    text, data = _load(path)
    mistakes: list[str] = []

    def tell(key: str, expected: str, found) -> None:
        line = find_line(text, key)
        said = f"tertulis {_show(found)}" if found is not None else "belum ada"
        mistakes.append(f"{f'baris {line}, ' if line else ''}{key}: seharusnya {expected}; {said}.")

    facts: dict = {}
    for key in KEYS:
        table = data.get(key.table, {}) if key.table else data
        value = table.get(key.name) if isinstance(table, dict) else None
        if key.optional and value in (None, ""):
            continue
        try:
            facts[key.field] = key.rule.read(value, path.parent)
        except _Wrong as error:
            tell(str(key), str(error), value)
    facts["villages"] = _read_villages(data.get(_VILLAGES), facts.get("region_code", ""), tell)
    for place, known in _list_unknown(data):
        hint = difflib.get_close_matches(place.rpartition(" ")[2], known, n=1)
        line = find_line(text, place)
        closest = f' Mungkin maksudnya "{hint[0]}".' if hint else ""
        mistakes.append(f"{f'baris {line}, ' if line else ''}{place}: tidak dikenal.{closest}")
    _check_contrasts(facts, tell)
    if mistakes:
        listed = "\n".join(f"  - {mistake}" for mistake in mistakes)
        raise OfficeFileWrong(f"Berkas kantor {path} belum benar:\n{listed}")
    colours = Colours(**{key.field: facts.pop(key.field) for key in KEYS if key.table == _COLOURS})
    return Office(colours=colours, **facts)


def _load(path: Path) -> tuple[str, dict]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OfficeFileWrong(f"Berkas kantor {path} tidak dapat dibaca: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise OfficeFileWrong(f"Berkas kantor {path} bukan teks UTF-8 (pada bita {error.start}).") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"baris {place[1]}, kolom {place[2]}" if place else "akhir berkas"
        reason = str(error).partition(" (at")[0]
        raise OfficeFileWrong(
            f"Berkas kantor {path} bukan TOML yang benar: {where} ({reason}). "
            'Teks harus di antara tanda kutip, setiap kunci satu kali, misalnya: nama = "Kecamatan Contoh".'
        ) from error


def _read_villages(table, region_code: str, tell: Callable) -> tuple[VillageFact, ...]:
    if not isinstance(table, dict) or not table:
        tell(f"[{_VILLAGES}]", 'satu baris untuk setiap desa, misalnya 2001 = "Sukamaju"', table)
        return ()
    found = []
    for number, name in table.items():
        key = f"[{_VILLAGES}] {number}"
        if not re.fullmatch(r"2\d{3}", number):
            tell(key, "empat angka kode desa, 2001 dan seterusnya (kelurahan belum dikenal situs ini)", number)
            continue
        try:
            found.append(VillageFact(_VILLAGE_NAME.read(name, Path()), f"{region_code}.{number}"))
        except _Wrong as error:
            tell(key, str(error), name)
    names = [village.name.casefold() for village in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        tell(f"[{_VILLAGES}]", "setiap nama desa hanya sekali", ", ".join(twice))
    return tuple(sorted(found, key=lambda village: village.code))


def _list_unknown(data: dict) -> Iterator[tuple[str, list[str]]]:
    """Yield what the file has and nobody reads, each with the names that are known there."""
    tables = sorted({key.table for key in KEYS if key.table} | {_VILLAGES})
    for name, value in data.items():
        known = [key.name for key in KEYS if key.table == (name if isinstance(value, dict) else "")]
        if name == _VILLAGES:
            continue
        if not isinstance(value, dict):
            if name not in known:
                yield name, [*known, *tables]
        elif name not in tables:
            yield f"[{name}]", [f"[{table}]" for table in tables]
        else:
            yield from ((f"[{name}] {key}", known) for key in value if key not in known)


def _check_contrasts(facts: dict, tell: Callable) -> None:
    fields = {key.name: key for key in KEYS if key.table == _COLOURS}
    for name, other, least, what in CONTRASTS:
        colour = facts.get(fields[name].field)
        if colour and (contrast := compare_colours(colour, other)) < least:
            tell(
                str(fields[name]),
                f"warna dengan kontras {least}:1 terhadap {other} ({what})",
                f"{colour}, {contrast:.1f}:1",
            )


def compare_colours(one: str, other: str) -> float:
    """Return the contrast of two colours ``#rrggbb``, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_measure_luminance(one), _measure_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _measure_luminance(colour: str) -> float:
    parts = (part / 255 for part in read_rgb(colour))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def find_line(text: str, key: str) -> int | None:
    """Return the number of the line where a key ``[table] name``, ``[table]`` or ``name`` stands; None if nowhere."""
    table, _, name = key.rpartition(" ") if " " in key else ("", "", key)
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*(\[[^\[\]]+\])", line):
            current = heading[1]
            if key == current:
                return number
        elif current == table and re.match(rf"""\s*["']?{re.escape(name)}["']?\s*=""", line):
            return number
    # A key that is missing is looked for in its table.
    return find_line(text, table) if table else None


def _show(value) -> str:
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
