"""Virtual environments of their own for what is looked at here; the project's .venv stays as its lock says."""

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
RUNTIME_LOCK, DEV_LOCK, SUPPLY_LOCK = (
    BASE_DIR / name for name in ("requirements.lock", "requirements-dev.lock", "requirements-supply.lock")
)
#: Environments that are kept from one run to the next.
KEPT = BASE_DIR / ".pytest_cache" / "supply"


def list_admitted() -> list[str]:
    """Return the Pythons that ``requires-python`` admits, as "3.11"."""
    least, most = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"]).groups()
    return [f"3.{minor}" for minor in range(int(least), int(most))]


def read_lock(lock: Path) -> set[str]:
    """Return the names of the packages that a lock wants on this machine and Python, as PEP 503 writes them."""
    # Not in a bare environment, which reads no lock.
    from packaging.requirements import Requirement

    lines = re.findall(r"^([A-Za-z0-9].*?) *\\?$", lock.read_text(), re.MULTILINE)
    wanted = [Requirement(line) for line in lines]
    return {normalize(found.name) for found in wanted if found.marker is None or found.marker.evaluate()}


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def make_bare(python: str, folder: Path) -> Path:
    """Make an environment without pip and setuptools; return its Python."""
    subprocess.run([python, "-m", "venv", "--clear", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


def install(python: Path, *arguments: object) -> None:
    """Install into another environment with the pip of this one."""
    options = ["--quiet", "--no-input", "--no-compile", "--disable-pip-version-check", "--root-user-action=ignore"]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, "install", *options, *arguments], check=True)


def install_lock(python: Path, lock: Path) -> None:
    install(python, "--require-hashes", "--only-binary=:all:", "-r", lock)


def find_or_make(lock: Path) -> Path:
    """Return the Python of a bare environment with the packages of a lock, kept until the lock changes."""
    folder, digest = KEPT / lock.stem, hashlib.sha256(f"{sys.version}{lock.read_text()}".encode()).hexdigest()
    stamp = folder / "installed-lock"
    if not stamp.is_file() or stamp.read_text() != digest:
        print(f"Installing the packages of {lock.name} apart; this happens once.", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        install_lock(make_bare(sys.executable, folder), lock)
        stamp.write_text(digest)
    return folder / "bin" / "python"


def find_or_make_tools() -> Path:
    """Return the folder of the programs of requirements-supply.lock."""
    return find_or_make(SUPPLY_LOCK).parent
