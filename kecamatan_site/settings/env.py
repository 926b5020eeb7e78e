"""Read the environment, the file ``.env`` and files of secrets."""

import os
import pwd
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from .office import Office
from .office_file import OfficeFileWrong, read_office

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

#: What may stand in a file of its own, whose path ``<NAME>_FILE`` gives.
SECRETS = (
    *("SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "CHANNEL_KEYS", "AUDIT_KEYS", "BACKUP_KEYS"),
    *("BACKUP_S3_SECRET", "MEDIA_S3_SECRET"),
)


class SettingsMissing(ImproperlyConfigured):
    """The start must stop; the message says which variable is missing, or what the office's file lacks."""


def find_env_file() -> Path:
    """Return the file of settings: the one that ``ENV_FILE`` names, where offices share the code, else ``.env``."""
    return Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")


def read_env_file():
    """Load the file of settings, then the files of secrets; variables of the environment itself win."""
    path = find_env_file()
    if os.environ.get("ENV_FILE") and not path.is_file():
        raise SettingsMissing(f"ENV_FILE: {path} does not exist.")
    if path.is_file():
        try:
            environ.Env.read_env(path)
        except PermissionError as error:
            raise SettingsMissing(f"{path} cannot be read by this user: {error.strerror}.") from error
    for name in SECRETS:
        if file := os.environ.get(f"{name}_FILE"):
            _read_secret(name, Path(file))


def list_secret_files() -> list[Path]:
    """Return the files that hold secrets: the settings' own, then those that ``<NAME>_FILE`` names."""
    return [find_env_file(), *(Path(file) for name in SECRETS if (file := os.environ.get(f"{name}_FILE")))]


def _read_secret(name: str, file: Path) -> None:
    if name in os.environ:
        raise SettingsMissing(f"Both {name} and {name}_FILE are set: take one away.")
    try:
        os.environ[name] = file.read_text().strip()
    except OSError as error:
        raise SettingsMissing(f"{name}_FILE: {file} cannot be read: {error.strerror}.") from error


def load_office() -> Office:
    """Return the office of the file that OFFICE_FILE names, by default ``kecamatan.toml``; raise SettingsMissing."""
    try:
        return read_office(BASE_DIR / env("OFFICE_FILE", default="kecamatan.toml"))
    except OfficeFileWrong as error:
        raise SettingsMissing(str(error)) from error


def take_domain(office: Office) -> None:
    """Let the site stand at the domain of its office, where no variable names another."""
    if office.domain:
        os.environ.setdefault("ALLOWED_HOSTS", office.domain)
        os.environ.setdefault("SITE_URL", f"https://{office.domain}")
        os.environ.setdefault("DEFAULT_FROM_EMAIL", f"situs@{office.domain}")


def require(*names):
    """Return the values of the variables; raise SettingsMissing with the names of all that are missing."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise SettingsMissing(f"Set in the environment or in .env: {', '.join(missing)} (see .env.example)")
    return [os.environ[name] for name in names]


def choose(name: str, value: str, values: set[str]) -> str:
    """Return the value of a variable that has one of few; raise SettingsMissing for another."""
    if value not in values:
        raise SettingsMissing(f"{name}={value} is none of {', '.join(sorted(values))}.")
    return value


def require_store(name: str, address: str) -> str:
    """Return the address of a store, s3://bucket/folder, or "" for none; raise SettingsMissing for anything else."""
    parts = urlsplit(address)
    if address and (parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment or "@" in parts.netloc):
        raise SettingsMissing(f"{name}={address} is no address of the form s3://bucket/folder.")
    return address.rstrip("/")


def become_owner(folder: Path) -> None:
    """Go on as the account that owns a folder, where root runs this: what is written there must be the site's own."""
    owner = folder.stat().st_uid if folder.is_dir() else 0
    known = [entry for entry in pwd.getpwall() if owner and entry.pw_uid == owner]
    if os.geteuid() != 0 or not known:
        return
    account = known[0]
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ["HOME"] = account.pw_dir


#: The demo's channel, which posts nowhere. Real accounts are connected in the admin.
CONSOLE = {"console": {"kind": "console", "label": "Konsol (contoh)", "base_url": "", "credentials": {}}}
