"""Which archives stay: the newest of each of the last days, weeks and months that have one."""

import datetime
import re
from dataclasses import dataclass

from django.utils import timezone

from .targets import Target

_NAME = re.compile(r"situs-(\d{8}T\d{6})Z\.backup")
_STAMP = "%Y%m%dT%H%M%S"
#: As long as another command may still prove or copy what it made.
IN_USE = datetime.timedelta(hours=3)


@dataclass(frozen=True)
class Keep:
    """How many days, weeks and months keep their newest archive."""

    days: int
    weeks: int
    months: int


def make_name(moment: datetime.datetime) -> str:
    """Return the file name of an archive that is made now."""
    return f"situs-{moment.astimezone(datetime.UTC).strftime(_STAMP)}Z.backup"


def read_moment(name: str) -> datetime.datetime | None:
    """Return when an archive was made, None for the name of another file."""
    found = _NAME.fullmatch(name)
    return datetime.datetime.strptime(found[1], _STAMP).replace(tzinfo=datetime.UTC) if found else None


def list_archives(target: Target) -> list[str]:
    """Return the names of the archives of a place, the newest first."""
    return sorted(filter(read_moment, target.list_names()), reverse=True)


def delete_old(target: Target, keep: Keep) -> list[str]:
    """Delete what is not needed any more; return the names."""
    names = find_old(list_archives(target), keep)
    for name in names:
        target.delete(name)
    return names


def find_old(names: list[str], keep: Keep) -> list[str]:
    """Return those of the archives that are not needed any more; never the newest one, nor one made shortly before."""
    periods = {
        "%Y-%m-%d": keep.days,
        "%G-W%V": keep.weeks,
        "%Y-%m": keep.months,
    }
    moments = {name: moment for name in names if (moment := read_moment(name)) is not None}
    kept = {name for name, moment in moments.items() if max(moments.values()) - moment < IN_USE}
    for pattern, count in periods.items():
        newest: dict[str, str] = {}
        for name, moment in moments.items():
            newest.setdefault(timezone.localtime(moment).strftime(pattern), name)
        kept.update(list(newest.values())[:count])
    return [name for name in names if name not in kept]
