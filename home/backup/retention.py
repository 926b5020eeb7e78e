"""Which archives stay: the newest of each of the last days, weeks and months that have one."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

_NAME = re.compile(r"situs-(\d{8}T\d{6})Z\.backup")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Keep:
    """How many days, weeks and months keep their newest archive."""

    days: int
    weeks: int
    months: int


def make_name(moment: datetime.datetime) -> str:
    """Return the file name of an archive that is made now."""
    return f"situs-{moment.astimezone(datetime.UTC).strftime(_STAMP)}Z.backup"


def read_moment(path: Path) -> datetime.datetime | None:
    """Return when an archive was made, None for a file that is none."""
    found = _NAME.fullmatch(path.name)
    return datetime.datetime.strptime(found[1], _STAMP).replace(tzinfo=datetime.UTC) if found else None


def list_archives(folder: Path) -> list[Path]:
    """Return the archives of a folder, the newest first."""
    return sorted((path for path in folder.iterdir() if read_moment(path)), key=lambda path: path.name, reverse=True)


def find_old(archives: list[Path], keep: Keep) -> list[Path]:
    """Return the archives that are not needed any more; never the newest one."""
    periods = {
        "%Y-%m-%d": keep.days,
        "%G-W%V": keep.weeks,
        "%Y-%m": keep.months,
    }
    kept = set(archives[:1])
    for pattern, count in periods.items():
        newest: dict[str, Path] = {}
        for path in archives:
            moment = read_moment(path)
            if moment is not None:
                newest.setdefault(timezone.localtime(moment).strftime(pattern), path)
        kept.update(list(newest.values())[:count])
    return [path for path in archives if path not in kept]
