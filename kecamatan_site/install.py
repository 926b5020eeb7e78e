"""Create ``.venv`` and install a lock file into it. Standard library only: the system's Python runs it.

Usage: python3 -m kecamatan_site.install requirements.lock
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENV = BASE_DIR / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-locks"
RUNTIME_LOCK = "requirements.lock"

UNREACHABLE = (
    "NewConnectionError",
    "Temporary failure in name resolution",
    "Connection refused",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Network is unreachable",
    "ProxyError",
    "from versions: none",
)


class InstallError(Exception):
    """Installing failed; the message is one line that says what to do."""


def install(lock_name):
    """Install exactly the packages of a lock file; use no network where they are installed already."""
    if is_installed(lock_name):
        return
    pip = _make_venv()
    print(f"Installing the packages of {lock_name}; this happens once.", flush=True)
    _run_pip(pip, lock_name)
    # The development lock includes the runtime lock's packages in the same versions.
    STAMP.write_text("".join(f"{_digest(BASE_DIR / name)}\n" for name in dict.fromkeys((lock_name, RUNTIME_LOCK))))


def is_installed(lock_name):
    """Return whether ``.venv`` has the packages of a lock file, as it is now."""
    digest = _digest(BASE_DIR / lock_name)
    return VENV_PYTHON.exists() and STAMP.is_file() and digest in STAMP.read_text().split()


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _make_venv():
    """Create the environment where it is missing; return the command of a pip that installs into it."""
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    if not has_ensurepip and importlib.util.find_spec("pip") is None:
        raise InstallError("Neither venv nor pip is here. On Debian: apt-get install python3-venv")
    if not VENV_PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
        options = [] if has_ensurepip else ["--without-pip"]
        made = subprocess.run([sys.executable, "-m", "venv", *options, str(VENV)], capture_output=True, text=True)
        if made.returncode:
            raise InstallError(f"The virtual environment could not be made: {_last_line(made.stdout + made.stderr)}")
    if subprocess.run([VENV_PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [VENV_PYTHON, "-m", "pip"]
    # Debian without python3-venv: the system's pip can install into another environment.
    return [sys.executable, "-m", "pip", "--python", VENV_PYTHON]


def _run_pip(pip, lock_name):
    options = ["--disable-pip-version-check", "--no-input", "--root-user-action=ignore", "--retries=2", "--quiet"]
    # Python compiles modules when they are imported; compiling every package takes longer than the download.
    options.append("--no-compile")
    command = [*pip, "install", *options, "--require-hashes", "--only-binary=:all:", "-r", BASE_DIR / lock_name]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return
    output = result.stdout + result.stderr
    if any(sign in output for sign in UNREACHABLE):
        raise InstallError("The package registry could not be reached. Check the network, then run the command again.")
    raise InstallError(f"Installing {lock_name} failed: {_last_line(output)}")


def _last_line(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "no message was given"


if __name__ == "__main__":
    try:
        install(*sys.argv[1:])
    except InstallError as error:
        sys.exit(str(error))
