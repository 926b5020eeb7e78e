"""TLS and nginx."""

import os
import ssl
from pathlib import Path

from .machine import CHALLENGES, OFFICE, USER, StepFailed, holds, manage, run, succeeds, write
from .plan import TLS_FILE, Plan
from .steps import Step

CERTIFICATES = Path(f"/etc/ssl/{USER}")
CERTIFICATE = CERTIFICATES / "fullchain.pem"
CERTIFICATE_KEY = CERTIFICATES / "privkey.pem"
SITE = Path("/etc/nginx/sites-available") / USER
ENABLED = Path("/etc/nginx/sites-enabled") / USER
#: What several offices need once; a machine with one has it in the file of its site. Its name is read before theirs.
SHARED = Path("/etc/nginx/sites-available/00-situs")
SHARED_ENABLED = Path("/etc/nginx/sites-enabled/00-situs")
_ONLY_ENABLED = Path("/etc/nginx/sites-enabled/situs")
DEBIANS_OWN = Path("/etc/nginx/sites-enabled/default")
PID_FILE = Path("/run/nginx.pid")
_LEAST_SECONDS = 24 * 60 * 60


def fits(certificate: Path, domain: str) -> bool:
    """Return whether a certificate is the domain's and lasts another day."""
    if not certificate.is_file():
        return False
    lasts = succeeds("openssl", "x509", "-in", certificate, "-noout", "-checkend", str(_LEAST_SECONDS))
    said = run("openssl", "x509", "-in", certificate, "-noout", "-checkhost", domain)
    return lasts and "does match" in said


def has_certificate(plan: Plan) -> bool:
    """Return whether nginx has a certificate to start with: the given one, else any that fits."""
    if not holds(TLS_FILE, plan.tls):
        return False
    if plan.certificate and plan.certificate_key:
        same = [(plan.certificate, CERTIFICATE), (plan.certificate_key, CERTIFICATE_KEY)]
        return all(holds(place, source.read_text()) for source, place in same)
    return fits(CERTIFICATE, plan.domain) and CERTIFICATE_KEY.is_file()


def put_certificate(plan: Plan) -> None:
    """Copy the given certificate, or make one for the time being; an nginx that runs reads it."""
    CERTIFICATES.mkdir(mode=0o755, parents=True, exist_ok=True)
    if plan.certificate and plan.certificate_key:
        if not fits(plan.certificate, plan.domain):
            raise StepFailed(f"{plan.certificate} is not for {plan.domain}, or ends within a day.")
        _check_pair(plan.certificate, plan.certificate_key)
        write(CERTIFICATE_KEY, plan.certificate_key.read_text(), 0o600)
        write(CERTIFICATE, plan.certificate.read_text())
    elif plan.tls == "given":
        raise StepFailed("The given certificate is missing or ends: CERTIFICATE=file CERTIFICATE_KEY=file")
    elif not fits(CERTIFICATE, plan.domain):
        _make_certificate(plan.domain)
    write(TLS_FILE, plan.tls)
    if is_nginx_running():
        reload_nginx()


def _make_certificate(domain: str) -> None:
    for file in (CERTIFICATE, CERTIFICATE_KEY):
        file.unlink(missing_ok=True)
    names = ["-subj", "/CN=situs", "-addext", f"subjectAltName=DNS:{domain}"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "90"]
    run("openssl", "req", *kind, *names, "-keyout", CERTIFICATE_KEY, "-out", CERTIFICATE)
    CERTIFICATE_KEY.chmod(0o600)


def _check_pair(certificate: Path, key: Path) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        raise StepFailed(f"{certificate} and {key} do not belong together: {error}") from error


def is_nginx_running() -> bool:
    """Return whether the process that nginx's own file names is alive."""
    try:
        os.kill(int(PID_FILE.read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def is_nginx_set_up(plan: Plan) -> bool:
    """Return whether nginx runs the site as the settings have it, and nothing of Debian's beside it."""
    if DEBIANS_OWN.exists() or not ENABLED.exists() or not is_nginx_running():
        return False
    if _needs_shared() and not (SHARED_ENABLED.exists() and holds(SHARED, manage("nginx_conf", "--shared"))):
        return False
    return holds(SITE, manage("nginx_conf"))


def _needs_shared() -> bool:
    return bool(OFFICE) and not _ONLY_ENABLED.exists()


def set_up_nginx(plan: Plan) -> None:
    """Write the site and reload; where nginx refuses it, put back what was there."""
    before = SITE.read_text() if SITE.is_file() else None
    if _needs_shared():
        write(SHARED, manage("nginx_conf", "--shared"))
        if not SHARED_ENABLED.is_symlink():
            SHARED_ENABLED.symlink_to(SHARED)
    elif not OFFICE:
        # The file of a site with the machine's own names has it, and is read before the others.
        SHARED_ENABLED.unlink(missing_ok=True)
    write(SITE, manage("nginx_conf"))
    if not ENABLED.is_symlink():
        ENABLED.symlink_to(SITE)
    DEBIANS_OWN.unlink(missing_ok=True)
    try:
        run("nginx", "-t", "-q")
    except StepFailed:
        if before is None:
            ENABLED.unlink()
            if SHARED.is_file() and not SHARED_ENABLED.is_symlink():
                SHARED_ENABLED.symlink_to(SHARED)
        else:
            write(SITE, before)
        raise
    reload_nginx()


def reload_nginx() -> None:
    """Start nginx, or let it read its files anew."""
    run("service", "nginx", "reload" if is_nginx_running() else "start")


def needs_no_authority(plan: Plan) -> bool:
    """Return whether the certificate is there to stay."""
    return plan.tls != "certbot" or CERTIFICATE.is_symlink()


def ask_authority(plan: Plan) -> None:
    """Let certbot prove that this machine is the domain's, and lead nginx to what it got."""
    account = ["-m", plan.email] if plan.email else ["--register-unsafely-without-email"]
    options = ["--non-interactive", "--agree-tos", "--keep-until-expiring", "--webroot", "-w", CHALLENGES]
    options += ["--deploy-hook", "service nginx reload", "-d", plan.domain]
    try:
        run("certbot", "certonly", *account, *options)
    except StepFailed as error:
        hint = f"The name {plan.domain} must lead to this machine, and port 80 be open. For a trial: TLS=self-signed"
        raise StepFailed(f"{error}\n{hint}") from error
    for file in (CERTIFICATE, CERTIFICATE_KEY):
        file.unlink(missing_ok=True)
        file.symlink_to(Path("/etc/letsencrypt/live") / plan.domain / file.name)
    reload_nginx()


STEPS = (
    Step("Certificate", has_certificate, put_certificate, f"rm -r {CERTIFICATES}"),
    Step("nginx", is_nginx_set_up, set_up_nginx, f"rm {ENABLED} {SITE}, link Debian's default back, reload nginx"),
    Step("Certificate authority", needs_no_authority, ask_authority, "certbot delete"),
)
