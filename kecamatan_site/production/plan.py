"""What whoever installs the site has decided."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kecamatan_site.install import BASE_DIR
from kecamatan_site.settings.office import Office
from kecamatan_site.settings.office_file import OfficeFileWrong, read_office

from .machine import CODE, ENV_FILE, OFFICE, OFFICES, STATE, StepFailed

#: The file that is read where no other is named.
OFFICE_FILE = BASE_DIR / "kecamatan.toml"

TLS_KINDS = ("certbot", "given", "self-signed")
#: Which kind an earlier run was told.
TLS_FILE = STATE / "tls"
#: An account, a database and a part of file names are called after an office.
_OFFICE = re.compile(r"[a-z][a-z0-9]{1,19}")
_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@dataclass(frozen=True)
class Plan:
    """The answers; what an earlier run wrote down is not asked for again."""

    domain: str
    #: The file with the office's facts, and the domain that it names.
    office_file: Path = OFFICE_FILE
    office_domain: str = ""
    #: One of TLS_KINDS.
    tls: str = "certbot"
    certificate: Path | None = None
    certificate_key: Path | None = None
    #: Where the certificate authority writes to before a certificate ends.
    email: str = ""
    email_url: str = ""
    sender: str = ""
    administrator: tuple[tuple[str, str], ...] = ()


def read_plan(given: Mapping[str, str], env_file: Path = ENV_FILE, tls_file: Path = TLS_FILE) -> Plan:
    """Return the plan of the variables of make's command line; raise StepFailed for what is missing or wrong."""
    check_office(OFFICE)
    office_file = _choose_office_file(given.get("OFFICE_FILE", ""), env_file)
    office, before = _read_facts(office_file), read_domain(env_file)
    domain = given.get("DOMAIN", "").strip().lower() or before or office.domain
    if not domain:
        raise StepFailed(f"Name the site: domain in {office_file}, or make production DOMAIN=kecamatan.example.go.id")
    if not _DOMAIN.fullmatch(domain):
        raise StepFailed(f"DOMAIN={domain} is no host name. Give it without https:// and without a slash.")
    if before and before != domain:
        hint = f"change domain in {office_file}, or ALLOWED_HOSTS and SITE_URL in .env where they stand"
        raise StepFailed(f"This machine serves {before}. To move it to {domain} {hint}.")
    _refuse_taken(domain, env_file)
    tls = given.get("TLS", "")
    if tls and tls not in TLS_KINDS:
        raise StepFailed(f"TLS={tls} is none of {', '.join(TLS_KINDS)}.")
    files = [Path(given[name]) for name in ("CERTIFICATE", "CERTIFICATE_KEY") if given.get(name)]
    if files and len(files) != 2:
        raise StepFailed("A certificate of your own needs both CERTIFICATE=file and CERTIFICATE_KEY=file.")
    if unreadable := [str(file) for file in files if not file.is_file()]:
        raise StepFailed(f"Not found: {', '.join(unreadable)}")
    if files and tls not in {"", "given"}:
        raise StepFailed(f"TLS={tls} makes its own certificate: leave CERTIFICATE and CERTIFICATE_KEY away.")
    return Plan(
        domain=domain,
        office_file=office_file,
        office_domain=office.domain,
        tls="given" if files else tls or (tls_file.read_text() if tls_file.is_file() else "certbot"),
        certificate=files[0] if files else None,
        certificate_key=files[1] if files else None,
        email=given.get("EMAIL", ""),
        email_url=given.get("EMAIL_URL", ""),
        sender=given.get("DEFAULT_FROM_EMAIL", "") or f"situs@{domain}",
        administrator=tuple((name, given[name]) for name in sorted(given) if name.startswith("DJANGO_SUPERUSER_")),
    )


def check_office(office: str) -> None:
    """Raise StepFailed for a name that an office cannot have."""
    if office and not _OFFICE.fullmatch(office):
        raise StepFailed(f"OFFICE={office} is no name of an office: 2 to 20 small letters and digits, a letter first.")


def _refuse_taken(domain: str, env_file: Path) -> None:
    for other in (CODE / ".env", *sorted(OFFICES.glob("*.env"))):
        if other != env_file and read_domain(other) == domain:
            raise StepFailed(f"{domain} is the site of another office here: {other}")


def read_domain(env_file: Path) -> str:
    """Return the host of a site that is set up: of its settings, else of its office's file; "" for none."""
    if not env_file.is_file():
        return ""
    named = _read_variable(r"SITE_URL=https://([^\s/:]+)", env_file)
    return named or _read_facts(BASE_DIR / (_read_variable(r"OFFICE_FILE=(\S+)", env_file) or OFFICE_FILE)).domain


def _read_facts(office_file: Path) -> Office:
    try:
        return read_office(office_file)
    except OfficeFileWrong as error:
        raise StepFailed(str(error)) from error


def _choose_office_file(given: str, env_file: Path) -> Path:
    """Return the file that is given, else the earlier one, else the default: beside the settings of an OFFICE."""
    before = _read_variable(r"OFFICE_FILE=(\S+)", env_file)
    own = OFFICES / f"{OFFICE}.toml" if OFFICE and not env_file.is_file() else OFFICE_FILE
    path = BASE_DIR / (given or before or own)
    if before and path != BASE_DIR / before:
        raise StepFailed(f"This site reads {before}. To let it read {path} change OFFICE_FILE in {env_file}.")
    if path == own != OFFICE_FILE and not own.is_file():
        raise StepFailed(f"Write the facts of this office first: copy {OFFICE_FILE} to {own} and edit it.")
    return path


def _read_variable(pattern: str, env_file: Path) -> str:
    found = re.search(f"^{pattern}", env_file.read_text(), re.M) if env_file.is_file() else None
    return found[1] if found else ""
