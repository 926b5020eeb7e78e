"""Whether the product starts on every Python that ``requires-python`` admits: ``make pythons``.

For each: a bare environment without setuptools, the packages of requirements.lock, an import of every one of them, the
tables made, a page asked for. A Python that is not here is a failure, by name.

Usage: python -m tests.kecamatan_site.supply.pythons
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .environments import BASE_DIR, RUNTIME_LOCK, install_lock, list_admitted, make_bare


def main() -> int:
    """Return 0 only where all of them were here and started."""
    failed = []
    for version in list_admitted():
        python = find_python(version)
        if python is None:
            print(f"!!! MISSING: Python {version}. Nothing is known about it.", file=sys.stderr, flush=True)
            failed.append(version)
        elif not _starts(python):
            failed.append(version)
    print(f"{len(list_admitted()) - len(failed)} Pythons start, {len(failed)} do not: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def find_python(version: str) -> str | None:
    """Return a Python of this version: this one, one on the path, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    candidates = [sys.executable, shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python3"))]
    for candidate in filter(None, candidates):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        told = subprocess.run([candidate, "-c", code], capture_output=True, text=True, check=False)
        if told.stdout.strip() == version:
            return str(candidate)
    return None


def _starts(python: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="mojogedang-python-") as folder:
        inside = make_bare(python, Path(folder) / "venv")
        install_lock(inside, RUNTIME_LOCK)
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DATA_DIR": folder,
        }
        return (
            subprocess.run(
                [inside, "-m", "tests.kecamatan_site.supply.starts"], cwd=BASE_DIR, env=environment
            ).returncode
            == 0
        )


if __name__ == "__main__":
    sys.exit(main())
