"""The machine: secrets on the disk, clock, disk space, and what is left of memory, processors and connections."""

import os
import shutil
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from kecamatan_site.health import disks, processes
from kecamatan_site.health.rows import Finding, advise, fault, good, name_unit
from moderation.management.jobs.clock import TOLERANCE, get_lead
from moderation.models import PictureReading
from moderation.uploads import picture_text

_MIB = 2**20
#: Shares that are left, below which something breaks soon; of memory and connections before it, that somebody looks.
_DISK_FAULT = 0.05
_MEMORY_ADVICE, _MEMORY_FAULT = 0.10, 0.04
_CONNECTIONS_ADVICE, _CONNECTIONS_FAULT = 0.30, 0.10
#: MiB of one of the site's processes, on the average, above which something grows.
_PROCESS_ADVICE = 250
#: Processes that wait for each processor, over the last quarter of an hour.
_LOAD_ADVICE = 2.0


def look_at_secret_files() -> Finding:
    """Name files of secrets that other accounts of the machine can read."""
    found = [path for path in settings.SECRET_FILES if path.is_file()]
    others = stat.S_IRWXG | stat.S_IRWXO
    open_ones = [str(path) for path in found if path.stat().st_mode & others]
    if open_ones:
        return fault(f"Dapat dibaca akun lain: {', '.join(open_ones)}. Jalankan: chmod 600 {' '.join(open_ones)}")
    return good(f"{len(found)} berkas, hanya untuk situs.")


def look_at_clock() -> Finding:
    """Compare the clock with the newest line of the log; ask the machine whether it is kept right."""
    lead = get_lead()
    if lead > TOLERANCE:
        return fault(f"Jam mundur {lead // timedelta(minutes=1)} menit dari jejak audit. Jalankan: timedatectl")
    if _is_synchronised() is False:
        return advise("Jam tidak disetel dari jaringan. Jalankan: timedatectl set-ntp true")
    return good()


def _is_synchronised() -> bool | None:
    """Return what systemd says, None where it does not run."""
    program = shutil.which("timedatectl")
    if program is None or not Path("/run/systemd/system").is_dir():
        return None
    command = [program, "show", "--property=NTPSynchronized", "--value"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=10)  # noqa: S603
    except subprocess.TimeoutExpired:
        return None
    return {"yes": True, "no": False}.get(said.stdout.strip())


def look_at_disks() -> Finding:
    """Say how much is left where the site writes."""
    return judge_disks(disks.list_disks())


def judge_disks(found: list[disks.Disk]) -> Finding:
    """Return what is to be said of the fullest of these disks."""
    fullest = min(found, key=lambda disk: disk.share)
    if fullest.share < _DISK_FAULT:
        return fault(f"Hampir penuh: {fullest.describe()}. {disks.ADVICE}")
    if fullest.share < disks.get_threshold():
        return advise(f"Tinggal {fullest.describe()}. {disks.ADVICE}")
    return good(f"{fullest.describe()}.")


def look_at_picture_reader() -> Finding:
    """Say whether the writing in pictures is read, and how many files wait for it."""
    if picture_text.find_program() is None:
        return advise(
            "Tulisan di dalam gambar tidak diperiksa. Jalankan: apt-get install tesseract-ocr tesseract-ocr-ind"
        )
    return good(f"Dibaca otomatis; {PictureReading.objects.filter(is_due=True).count()} berkas menunggu.")


def look_at_headroom() -> Finding:
    """Say what is left of memory, of the processors and of the database's connections."""
    memory = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
    share = int(memory["MemAvailable"].split()[0]) / int(memory["MemTotal"].split()[0])
    return judge_headroom(share, os.getloadavg()[2] / (os.cpu_count() or 1), _read_connections())


def judge_headroom(memory: float, load: float, connections: float) -> Finding:
    """Return what is to be said: shares of memory and connections that are left, load for each processor."""
    left = f"Memori {memory:.0%} dan koneksi basis data {connections:.0%} tersisa, beban {load:.1f} per prosesor."
    if memory < _MEMORY_FAULT or connections < _CONNECTIONS_FAULT:
        return fault(f"{left} Kurangi WEB_WORKERS di .env, atau perbesar mesin.")
    if memory < _MEMORY_ADVICE or connections < _CONNECTIONS_ADVICE or load > _LOAD_ADVICE:
        return advise(f"{left} Lihat apa yang memakainya: top")
    return good(left)


def look_at_memory() -> Finding:
    """Say how much memory the site's own processes use, and whether one of them grows."""
    used = processes.measure().values()
    count = sum(use.processes for use in used)
    return judge_memory(sum(use.memory for use in used) // _MIB, count)


def judge_memory(used: int, count: int) -> Finding:
    """Return what is to be said of that many processes with that many MiB together."""
    if not count:
        return good("Tidak ada proses situs yang terlihat oleh akun ini.")
    seen = f"Situs memakai {used} MiB dalam {count} proses."
    if used > count * _PROCESS_ADVICE:
        units = f"{name_unit('situs-web')} {name_unit('situs-worker')}"
        return advise(f"{seen} Itu lebih dari biasanya. Jalankan: systemctl restart {units}")
    return good(seen)


def _read_connections() -> float:
    """Return the share of PostgreSQL's connections that are free; SQLite has no limit."""
    if connection.vendor != "postgresql":
        return 1.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity")
        used, most = cursor.fetchone()
    return 1 - used / most
