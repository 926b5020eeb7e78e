"""The manifest: a digest of each file of the code and of the static folder, made when they are installed.

It lies in ``DATA_DIR``; its own digest is a line of the audit log, so that nobody makes another one unseen.
"""

import hashlib
import json
import os
import socket
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from moderation.evidence import audit
from moderation.models import AuditEntry
from moderation.people.alarms import Found

ACTION = "files_noted"
AUDIT_LABELS = {ACTION: "Berkas kode dan berkas statis dicatat"}
#: What differs: a file, or the manifest itself.
ASPECT, ITSELF = "berkas program", "daftar berkas program"
#: How the names of installed packages' files begin.
PACKAGES = "paket/"
NOT_NOTED = "Berkas program belum dicatat. Jalankan manage.py file_manifest --renew setelah memasang situs."
#: Folders of the project that hold nothing which runs or is served.
_LEFT_OUT = {".git", ".venv", "var", "__pycache__", "node_modules", ".pytest_cache", ".ruff_cache", ".mypy_cache"}
#: Changed files that are named; the rest are counted.
NAMED = 50


def get_path() -> Path:
    """Return where the manifest lies."""
    return Path(settings.DATA_DIR) / "berkas-program.json"


def renew(user=None) -> int:
    """Note all files as they are now, with one line of the log; return how many there are."""
    files = _read_files(with_packages=True)
    content = json.dumps({"noted_at": timezone.now().isoformat(), "files": files}, indent=0, sort_keys=True).encode()
    path = get_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".new")
    scratch.write_bytes(content)
    scratch.replace(path)
    audit.append(
        action=ACTION,
        user=user,
        reason=f"{len(files)} berkas di {socket.gethostname()}",
        data={"digest": hashlib.sha256(content).hexdigest(), "host": socket.gethostname()},
    )
    return len(files)


def find_changed(*, with_packages: bool) -> list[Found]:
    """Return the files that were changed, added or removed since they were noted.

    ``with_packages``: the installed packages too, many times as many files.
    """
    try:
        content = get_path().read_bytes()
        noted = json.loads(content)["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [Found(str(get_path()), ASPECT, NOT_NOTED, f"tidak dapat dibaca: {type(error).__name__}")]
    problem = _find_forged(content)
    if problem:
        return [problem]
    now = _read_files(with_packages=with_packages)
    expected = noted if with_packages else {name: digest for name, digest in noted.items() if not _is_package(name)}
    names = [name for name in sorted(expected | now) if expected.get(name) != now.get(name)]
    found = [Found(name, ASPECT, _describe(expected.get(name)), _describe(now.get(name))) for name in names[:NAMED]]
    if len(names) > NAMED:
        found.append(Found("berkas program lainnya", ASPECT, received=f"{len(names) - NAMED} berkas lain berubah"))
    return found


def read() -> dict[str, str]:
    """Return the digests as they were noted, by name; none where they were not."""
    try:
        return json.loads(get_path().read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _find_forged(content: bytes) -> Found | None:
    """Return how the manifest differs from the one that the log names for this machine."""
    lines = AuditEntry.objects.filter(action=ACTION).order_by("-sequence").values_list("data", flat=True)
    # A machine that is new has the files of another one.
    noted = lines.filter(data__host=socket.gethostname()).first() or lines.first()
    own = hashlib.sha256(content).hexdigest()
    if noted and noted["digest"] == own:
        return None
    return Found(str(get_path()), ITSELF, noted["digest"] if noted else "", own)


def _describe(digest: str | None) -> str:
    return f"sha256 {digest}" if digest else "(tidak ada)"


def _is_package(name: str) -> bool:
    return name.startswith(PACKAGES)


def _read_files(*, with_packages: bool) -> dict[str, str]:
    """Return the digest of each file by its name: kode/…, static/…, paket/…."""
    folders = {"kode": Path(settings.BASE_DIR), "static": Path(settings.STATIC_ROOT)}
    if with_packages:
        folders["paket"] = Path(sysconfig.get_paths()["purelib"])
    digests = {
        f"{kind}/{path.relative_to(folder)}": _digest(path)
        for kind, folder in folders.items()
        for path in _walk(folder, kind)
    }
    # Offices that share the code have their settings elsewhere, and cannot read another one's.
    env_file = settings.SECRET_FILES[0]
    return digests | ({"kode/.env": _digest(env_file)} if env_file.is_file() else {})


def _walk(folder: Path, kind: str) -> Iterator[Path]:
    data = Path(settings.DATA_DIR).resolve()
    for root, folders, files in os.walk(folder):
        here = Path(root)
        if kind == "kode":
            folders[:] = [name for name in folders if name not in _LEFT_OUT and (here / name).resolve() != data]
        else:
            folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (here / name for name in files)


def _digest(path: Path) -> str:
    """Return the digest of what lies there; of a link, where it leads too."""
    try:
        led = str(path.readlink()) if path.is_symlink() else ""
        with path.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"tidak terbaca ({type(error).__name__})"
    return f"{whole} → {led}" if led else whole
