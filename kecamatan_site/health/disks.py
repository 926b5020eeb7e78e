"""The disks that the site writes to: how full they are, and a mail before one is full."""

import fcntl
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from moderation import sop
from moderation.models.roles import users_with_role
from moderation.people.notifications import tell

EVERY_SECONDS = 60
#: Points of a hundred above the threshold from which a disk counts as fine again.
_FINE = 2
_MIB = 2**20
ADVICE = "Hapus berkas yang tidak dipakai, pindahkan cadangan, atau perbesar disk."


@dataclass(frozen=True)
class Disk:
    """A file system: a folder on it, and its free and all bytes."""

    name: str
    folder: Path
    free: int
    total: int

    @property
    def share(self) -> float:
        """The share that is free."""
        return self.free / self.total

    def describe(self) -> str:
        """Return what is left, and where."""
        return f"{self.share:.0%} ({self.free // _MIB} MiB) tersisa di {self.folder}"


def list_disks() -> list[Disk]:
    """Return the file systems of data, archives and temporary files; the same one once for each that lies on it."""
    places = {"data": settings.DATA_DIR, "backups": settings.BACKUP_DIR, "temporary": Path(tempfile.gettempdir())}
    folders = {name: _find_existing(place) for name, place in places.items()}
    usages = {name: shutil.disk_usage(folder) for name, folder in folders.items()}
    return [Disk(name, folders[name], usage.free, usage.total) for name, usage in usages.items()]


def get_threshold() -> float:
    """Return the free share below which somebody is told."""
    return settings.DISK_WARNING_PERCENT / 100


def watch() -> int:
    """Mail once where a disk fell below the threshold, and again after it was fine; a job of the worker.

    What was told is a byte for each disk in a file of this machine, which is written in place: that needs no room.
    """
    disks = list_disks()
    path = Path(settings.DATA_DIR) / "disk-warnings"
    if not path.exists():
        path.write_bytes(b"0" * len(disks))
    with path.open("r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        told = dict(zip((disk.name for disk in disks), file.read().decode(), strict=False))
        now = {disk.name: _judge(disk, told.get(disk.name) == "1") for disk in disks}
        news = [disk for disk in disks if now[disk.name] and told.get(disk.name) != "1"]
        with transaction.atomic():
            if news:
                _tell(news)
            marks = "".join("1" if now[disk.name] else "0" for disk in disks)
            if marks != "".join(told.values()):
                file.seek(0)
                file.write(marks.encode())
    return 0


def _judge(disk: Disk, was_low: bool) -> bool:
    return disk.share < get_threshold() + (_FINE / 100 if was_low else 0)


def _tell(disks: list[Disk]) -> None:
    left = {disk.describe() for disk in disks}
    body = "\n".join(
        [
            "Ruang disk server menipis. Bila penuh, naskah dan berkas tidak dapat disimpan dan cadangan tidak dibuat.",
            "",
            *sorted(left),
            "",
            f"{ADVICE} Surel ini dikirim sekali; yang berikutnya baru setelah ruangnya pernah cukup kembali.",
        ]
    )
    administrators = get_user_model().objects.filter(is_superuser=True, is_active=True)
    for user in {person.pk: person for person in (*administrators, *users_with_role(sop.Role.PPID_PEMBANTU))}.values():
        tell(user, "Ruang disk server menipis", body, address=reverse("site_health"))


def _find_existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
