"""Packages, account, folders, and the limit of the journal."""

import grp
import pwd
import shutil
import stat
from pathlib import Path

from .application import read_env
from .machine import (
    BACKUPS,
    CHALLENGES,
    CODE,
    DATA,
    FRONT_GROUP,
    OFFICE,
    READERS,
    SHARED_STATE,
    STATE,
    USER,
    StepFailed,
    holds,
    run,
    succeeds,
    write,
)
from .plan import Plan
from .steps import Step

PACKAGES = (
    *("ca-certificates", "git", "logrotate", "nginx-light", "openssl", "postgresql", "python3-venv"),
    # What reads the writing in pictures, in Indonesian.
    *("tesseract-ocr", "tesseract-ocr-ind"),
    "make",
)
#: Folder: owner, group, mode. nginx enters DATA by its group; what is private in it is the site's alone.
FOLDERS = {
    **({DATA.parent: ("root", "root", 0o755)} if OFFICE else {}),
    DATA: (USER, FRONT_GROUP, 0o750),
    DATA / "private": (USER, USER, 0o700),
    BACKUPS: (USER, USER, 0o700),
    SHARED_STATE: ("root", "root", 0o755),
    STATE: ("root", "root", 0o755),
    CHALLENGES: ("root", "root", 0o755),
    READERS: ("root", "root", 0o755),
}
JOURNAL_LIMIT = Path("/etc/systemd/journald.conf.d/situs.conf")
ROTATION = Path("/etc/logrotate.d/situs")
#: nginx makes the file anew, which all may read; yesterday's stays for a worker that stood still.
_ROTATION_TEXT = f"""{READERS}/*.log {{
    daily
    rotate 1
    missingok
    notifempty
    nocreate
    sharedscripts
    postrotate
        [ ! -f /run/nginx.pid ] || kill -USR1 "$(cat /run/nginx.pid)"
    endscript
}}
"""
_JOURNAL_TEXT = "# The logs of the site and of everything else, in all.\n[Journal]\nSystemMaxUse=500M\n"


def is_in_place(plan: Plan) -> bool:
    """Return whether the code lies where the units and nginx look for it, and only root can change it."""
    here = Path(__file__).resolve().parents[2]
    return here == CODE and CODE.stat().st_uid == 0 and not CODE.stat().st_mode & 0o022


def refuse_place(plan: Plan) -> None:
    """Say where the code must lie: moving a clone is for a person."""
    here = Path(__file__).resolve().parents[2]
    raise StepFailed(f"The code lies in {here}. It must be cloned by root to {CODE}, writable by root alone.")


def list_packages(plan: Plan) -> list[str]:
    """Return the packages that this plan needs, and the copies of backups in ``.env``."""
    over_ssh = "sftp://" in read_env().get("BACKUP_COPIES", "")
    return [
        *PACKAGES,
        *(["certbot"] if plan.tls == "certbot" else []),
        *(["openssh-client"] if over_ssh else []),
    ]


def are_installed(plan: Plan) -> bool:
    """Return whether Debian has installed every package."""
    return all(
        succeeds("dpkg-query", "--show", name)
        and run("dpkg-query", "--show", "-f=${db:Status-Status}", name) == "installed"
        for name in list_packages(plan)
    )


def install_packages(plan: Plan) -> None:
    """Install what is missing, without questions; a file of settings that is there already stays."""
    run("apt-get", "update", "-qq")
    keep = ["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"]
    arguments = ["install", "-y", "-qq", "--no-install-recommends", *keep, *list_packages(plan)]
    run("apt-get", *arguments, DEBIAN_FRONTEND="noninteractive")


def has_account(plan: Plan) -> bool:
    """Return whether the site's account exists."""
    return any(entry.pw_name == USER for entry in pwd.getpwall())


def add_account(plan: Plan) -> None:
    """Make an account that nobody can sign in to."""
    options = ["--system", "--user-group", "--no-create-home", f"--home-dir={DATA}", "--shell=/usr/sbin/nologin"]
    run("useradd", *options, USER)


def are_folders_made(plan: Plan) -> bool:
    """Return whether each folder has its owner, group and mode, and no upload another owner than the site."""
    made = all(folder.is_dir() and _read_rights(folder) == rights for folder, rights in FOLDERS.items())
    return made and not _find_strays("-print", "-quit")


def _find_strays(*act: str) -> str:
    """Do with uploads of another owner what ``find`` is told; who ran a command as root may have left some."""
    places = [place for place in (DATA / "media", DATA / "private") if place.is_dir()]
    return run("find", *places, "!", "-user", USER, *act)


def _read_rights(folder: Path) -> tuple[str, str, int]:
    facts = folder.stat()
    return pwd.getpwuid(facts.st_uid).pw_name, grp.getgrgid(facts.st_gid).gr_name, stat.S_IMODE(facts.st_mode)


def make_folders(plan: Plan) -> None:
    """Make the folders, or mend their rights; what is in them stays."""
    for folder, (owner, group, mode) in FOLDERS.items():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.chown(folder, owner, group)
        folder.chmod(mode)
    _find_strays("-execdir", "chown", "--no-dereference", f"{USER}:{USER}", "{}", "+")


def are_logs_limited(plan: Plan) -> bool:
    """Return whether the journal has its limit, and what nginx notes of pages goes after two days."""
    return holds(JOURNAL_LIMIT, _JOURNAL_TEXT) and holds(ROTATION, _ROTATION_TEXT)


def limit_logs(plan: Plan) -> None:
    """Write both limits; the journal's holds from the next start of the machine, or of systemd-journald."""
    JOURNAL_LIMIT.parent.mkdir(parents=True, exist_ok=True)
    write(JOURNAL_LIMIT, _JOURNAL_TEXT)
    write(ROTATION, _ROTATION_TEXT)


STEPS = (
    Step("Code", is_in_place, refuse_place, "nothing was changed"),
    Step("Packages", are_installed, install_packages, "apt-get remove the packages named in docs/operations.md"),
    Step("Account", has_account, add_account, f"userdel {USER}"),
    Step("Folders", are_folders_made, make_folders, f"rm -r {DATA} {BACKUPS} {STATE} {CHALLENGES} (with all data)"),
    Step("Logs", are_logs_limited, limit_logs, f"rm {JOURNAL_LIMIT} {ROTATION}"),
)
