"""Tools that only npm carries: the versions of ``tests/packages/<name>/package-lock.json``, beside Python's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCKS = Path(__file__).resolve().parent.parent / "packages"
PROGRAMS = Path(sys.executable).parent


class PackagesMissing(Exception):
    """The packages are not here, and could not be had."""


def find_packages(name: str) -> Path | None:
    """The folder of the installed packages, or None where they are absent or those of another lock."""
    folder = _get_home(name)
    stamp = folder / "installed-lock.json"
    if not stamp.is_file() or stamp.read_bytes() != (LOCKS / name / "package-lock.json").read_bytes():
        return None
    return folder / "node_modules"


def find_or_install_packages(name: str) -> Path:
    """The lock names every package by its hash; none of them may run anything while it is installed."""
    if found := find_packages(name):
        return found
    print(f"Installing the packages of tests/packages/{name}; this happens once.", flush=True)
    folder = _get_home(name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(LOCKS / name, folder)
    command = [PROGRAMS / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    result = subprocess.run(command, cwd=folder, env=get_environment(), stdin=subprocess.DEVNULL, capture_output=True)
    if result.returncode:
        raise PackagesMissing(f"npm ci failed: {result.stderr.decode().strip()[-300:]}")
    shutil.copyfile(folder / "package-lock.json", folder / "installed-lock.json")
    return folder / "node_modules"


def get_environment() -> dict:
    """npm and what it brings look for node on the path."""
    return {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"}


def _get_home(name: str) -> Path:
    return Path(sys.prefix) / "node" / name
