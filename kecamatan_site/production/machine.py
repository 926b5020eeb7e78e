"""The machine: its folders, its commands and its files."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

CODE = Path("/srv/situs")
DATA = Path("/srv/situs-data")
BACKUPS = Path("/var/backups/situs")
#: What the installer has done once and must not do again; owned by root.
STATE = Path("/var/lib/situs")
CHALLENGES = Path("/var/www/situs-acme")
ENV_FILE = CODE / ".env"
PYTHON = CODE / ".venv" / "bin" / "python"
#: The account that the site runs as; it owns the data, not the code.
USER = "situs"
#: The group of nginx, which reads pages, pictures and static files.
FRONT_GROUP = "www-data"
PRODUCTION = {"DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.production", "PYTHONDONTWRITEBYTECODE": "1"}


class StepFailed(Exception):
    """A step could not be done; the message says in a few lines what to do."""


def run(*command, user: str = "", text: str | None = None, show: bool = False, **variables) -> str:
    """Run a command, as another account where ``user`` names one; return its output, or raise StepFailed.

    ``show`` leaves output and keyboard to the command.
    """
    words = [*(["runuser", "-u", user, "--"] if user else []), *(str(word) for word in command)]
    streams: dict[str, Any] = (
        {} if show else {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "input": text or ""}
    )
    try:
        done = subprocess.run(words, cwd=CODE, env=os.environ | variables, text=True, **streams)
    except FileNotFoundError as error:
        raise StepFailed(f"{error.filename} is not installed.") from error
    if done.returncode:
        said = "" if show else f"{done.stdout}\n{done.stderr}".strip()
        raise StepFailed(f"{' '.join(words)} failed ({done.returncode}).\n{said[-1500:]}".strip())
    return done.stdout or ""


def succeeds(*command, **options) -> bool:
    """Return whether a command ends well."""
    try:
        run(*command, **options)
    except StepFailed:
        return False
    return True


def manage(*arguments, **options) -> str:
    """Run a command of manage.py as the site's account, under the production settings."""
    given: dict[str, Any] = {**PRODUCTION, **options}
    return run(PYTHON, "manage.py", *arguments, user=USER, **given)


def write(path: Path, text: str, mode: int = 0o644, owner: str = "root", group: str = "root") -> None:
    """Put a file in its place by one rename; nobody sees half of it, or all of it before it has its mode."""
    scratch = path.with_name(f".{path.name}.new")
    scratch.unlink(missing_ok=True)
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    shutil.chown(scratch, owner, group)
    scratch.chmod(mode)
    scratch.replace(path)


def holds(path: Path, text: str) -> bool:
    """Return whether a file has exactly this text."""
    return path.is_file() and path.read_text() == text


def has_systemd() -> bool:
    """Return whether systemd started this machine; it did not in a container or a changed root."""
    return Path("/run/systemd/system").is_dir()
