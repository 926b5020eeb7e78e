"""The site itself: its settings, packages, tables, files, first pages and first account."""

import base64
import os
import pwd
import re
import secrets
import stat
import sys
from pathlib import Path

from kecamatan_site.install import RUNTIME_LOCK, InstallError, install, is_installed

from .database import ask
from .front import CERTIFICATE, CERTIFICATE_KEY, SITE
from .machine import (
    BACKUPS,
    CODE,
    DATA,
    ENV_FILE,
    OFFICE,
    OFFICES,
    PRODUCTION,
    PYTHON,
    READERS,
    SHARED_STATE,
    STATE,
    USER,
    StepFailed,
    manage,
    run,
    succeeds,
    write,
)
from .plan import OFFICE_FILE, Plan
from .steps import Step

#: Where the web processes of the first office listen, on a machine with several.
_FIRST_PORT = 8101
_STARTED = STATE / "starter-pages"
_COMPILED = SHARED_STATE / "compiled"
#: Of which commit the static files and the manifest of the program's files are.
COLLECTED = STATE / "collected"


def make_key() -> str:
    """Return a new Fernet key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def read_env(file: Path | None = None) -> dict[str, str]:
    """Return the variables of ``.env``, or of another office's file; none where there is no file."""
    file = file or ENV_FILE
    return dict(re.findall(r"^([A-Z][A-Z0-9_]*)=(.*)$", file.read_text(), re.M)) if file.is_file() else {}


def list_variables(plan: Plan) -> dict[str, str]:
    """Return what ``.env`` needs beside the office's file; keys are new ones at every call."""
    mail = {"EMAIL_URL": plan.email_url, "DEFAULT_FROM_EMAIL": plan.sender}
    site = {"ALLOWED_HOSTS": plan.domain, "SITE_URL": f"https://{plan.domain}"}
    facts = {"OFFICE_FILE": str(plan.office_file)}
    return (
        {
            "SECRET_KEY": secrets.token_urlsafe(50),
            **(site if plan.domain != plan.office_domain else {}),
            **(facts if plan.office_file != OFFICE_FILE else {}),
            "DATABASE_URL": f"postgres:///{USER}",
            "DATA_DIR": str(DATA),
            "CHANNEL_KEYS": make_key(),
            "AUDIT_KEYS": f"1:{secrets.token_urlsafe(32)}",
            "BACKUP_KEYS": make_key(),
            "BACKUP_DIR": str(BACKUPS),
            "READERS_LOG": str(READERS / f"{USER}.log"),
            # Low on a new domain: a certificate that fails locks readers out for as long. Raise it to a year.
            "HSTS_SECONDS": "3600",
        }
        | (mail if plan.email_url else {})
        | (_list_apart() if OFFICE else {})
    )


def _list_apart() -> dict[str, str]:
    """Return what an office has for itself on a machine with several."""
    taken = {read_env(file).get("WEB_BIND", "").rpartition(":")[2] for file in OFFICES.glob("*.env")}
    port = next(port for port in range(_FIRST_PORT, 65536) if str(port) not in taken)
    return {
        "OFFICE": OFFICE,
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "2",
        "NGINX_CONF": str(SITE),
        "TLS_CERTIFICATE": str(CERTIFICATE),
        "TLS_CERTIFICATE_KEY": str(CERTIFICATE_KEY),
    }


def is_env_written(plan: Plan) -> bool:
    """Return whether ``.env`` names everything and only the site can read it."""
    if not ENV_FILE.is_file():
        return False
    facts = ENV_FILE.stat()
    is_own = pwd.getpwuid(facts.st_uid).pw_name == USER and stat.S_IMODE(facts.st_mode) == 0o600
    return is_own and not set(list_variables(plan)) - set(read_env())


def write_env(plan: Plan) -> None:
    """Add what is missing; a value that stands there is never changed."""
    before = ENV_FILE.read_text() if ENV_FILE.is_file() else "# The settings of this site; see .env.example.\n"
    missing = {name: value for name, value in list_variables(plan).items() if name not in read_env()}
    lines = "".join(f"{name}={value}\n" for name, value in missing.items())
    ENV_FILE.parent.mkdir(mode=0o755, exist_ok=True)
    write(ENV_FILE, before.rstrip("\n") + "\n" + lines, 0o600, USER, USER)
    # The manifest of the program's files holds this one, too.
    COLLECTED.unlink(missing_ok=True)


def are_packages_installed(plan: Plan) -> bool:
    """Return whether ``.venv`` has what the lock names, compiled: the site's account may not write there."""
    return is_installed(RUNTIME_LOCK) and _COMPILED.is_file() and _COMPILED.read_text() == read_stamp()


def read_stamp() -> str:
    """Return the commit: its lock and its modules are what was installed and compiled."""
    return run("git", "rev-parse", "HEAD")


def install_packages(plan: Plan) -> None:
    """Install the lock's packages and compile them once, for every process that starts later."""
    os.umask(0o022)
    try:
        install(RUNTIME_LOCK)
    except InstallError as error:
        raise StepFailed(str(error)) from error
    # Some packages bring files for other Pythons, which do not compile.
    succeeds(PYTHON, "-m", "compileall", "-q", "-j0", CODE / ".venv" / "lib")
    run(PYTHON, "-m", "compileall", "-q", *(CODE / name for name in ("kecamatan_site", "home", "news", "moderation")))
    write(_COMPILED, read_stamp())


def is_migrated(plan: Plan) -> bool:
    """Return whether every migration was applied."""
    return succeeds(PYTHON, "manage.py", "migrate", "--check", user=USER, **PRODUCTION)


def migrate(plan: Plan) -> None:
    """Make tables, triggers, groups, tasks and workflow."""
    manage("migrate", "--no-input", "--verbosity=0")


def are_static_files_collected(plan: Plan) -> bool:
    """Return whether they are those of this commit.

    Not compared anew: collecting also notes the files of the program as they should be (home/watch/manifest.py), and a
    repetition must not take what somebody changed for what was installed.
    """
    return COLLECTED.is_file() and COLLECTED.read_text() == read_stamp()


def collect_static_files(plan: Plan) -> None:
    """Copy and compress the static files; the manifest of the program's files is made with it."""
    manage("collectstatic", "--no-input", "--verbosity=0")
    write(COLLECTED, read_stamp())


def has_starter_pages(plan: Plan) -> bool:
    """Return whether they were made once, or people work there already: what the office deleted stays deleted.

    0.1.0 noted nothing of what it had made. Nobody has an account before the pages of a new site are made.
    """
    return _STARTED.exists() or ask("SELECT count(*) > 0 FROM auth_user", USER) == "t"


def make_starter_pages(plan: Plan) -> None:
    """Make reference pages and menus to begin with."""
    manage("starter_pages")
    write(_STARTED, "")


def has_administrator(plan: Plan) -> bool:
    """Return whether a superuser exists."""
    return ask("SELECT count(*) > 0 FROM auth_user WHERE is_superuser AND is_active", USER) == "t"


def add_administrator(plan: Plan) -> None:
    """Let Django ask for name, address and password, or take them from its own variables."""
    if plan.administrator:
        manage("createsuperuser", "--no-input", **dict(plan.administrator))
    elif sys.stdin.isatty():
        manage("createsuperuser", show=True)
    else:
        names = "DJANGO_SUPERUSER_USERNAME, DJANGO_SUPERUSER_EMAIL and DJANGO_SUPERUSER_PASSWORD"
        raise StepFailed(f"Nobody is here to be asked for the first administrator. Set {names}.")


STEPS = (
    Step("Settings", is_env_written, write_env, f"rm {ENV_FILE} (with the keys; keep a copy)"),
    Step("Python packages", are_packages_installed, install_packages, f"rm -r {CODE}/.venv"),
    Step("Tables", is_migrated, migrate, "drop the database and make it anew"),
    Step("Static files", are_static_files_collected, collect_static_files, f"rm -r {DATA}/static"),
    Step("Starter pages", has_starter_pages, make_starter_pages, "delete the pages in the admin"),
    Step("Administrator", has_administrator, add_administrator, "close the account in the admin"),
)
