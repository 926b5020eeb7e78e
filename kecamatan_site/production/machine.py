"""The machine: its folders, its commands and its files."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

#: The office that this process sets up, where one machine serves several; empty: the machine's only one. Offices share
#: code and packages, and nothing else.
OFFICE = os.environ.get("OFFICE", "")
_SUFFIX = f"-{OFFICE}" if OFFICE else ""
CODE = Path("/srv/situs")


def get_data(office: str) -> Path:
    """Return the folder of an office's data."""
    return Path("/srv/situs-kantor") / office if office else Path("/srv/situs-data")


def name_unit(name: str, office: str = OFFICE) -> str:
    """Return the name of an office's own unit: of its template where offices share the machine."""
    return name.replace(".", f"@{office}.", 1) if office else name


DATA = get_data(OFFICE)
BACKUPS = Path(f"/var/backups/situs{_SUFFIX}")
#: What the installer has done once on this machine, and once for the office, and must not do again; owned by root.
SHARED_STATE = Path("/var/lib/situs")
STATE = SHARED_STATE / OFFICE
CHALLENGES = Path("/var/www/situs-acme")
#: Where nginx notes which pages are opened, a file an office; root's, because nginx opens its logs as root.
READERS = Path("/var/log/situs")
#: Settings of offices that share the machine, a file each.
OFFICES = Path("/etc/situs")
ENV_FILE = OFFICES / f"{OFFICE}.env" if OFFICE else CODE / ".env"
PYTHON = CODE / ".venv" / "bin" / "python"
#: The account that the site runs as, and its database; it owns the data, not the code.
USER = f"situs{_SUFFIX}"
#: The group of nginx, which reads pages, pictures and static files.
FRONT_GROUP = "www-data"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.production",
    "PYTHONDONTWRITEBYTECODE": "1",
    **({"ENV_FILE": str(ENV_FILE)} if OFFICE else {}),
}


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
