"""`make production`, `make upgrade`: take the decisions from the environment, go through the steps, say what is left.

Usage: python3 -m kecamatan_site.production install|upgrade [--dry-run]

``prepare`` is for upgrades: everything but the services.
"""

import os
import sys

from . import application, database, front, services, system
from .machine import StepFailed
from .plan import Plan, read_plan
from .steps import go_through
from .upgrade import upgrade

#: In the order in which they need each other; the last ones need running services.
PREPARING = (*system.STEPS, *database.STEPS, *application.STEPS, *front.STEPS, *services.PREPARING)
STEPS = (*PREPARING, *services.RUNNING)


def main(arguments: list[str]) -> int:
    """Return 0 where everything is so afterwards; 1, with what to do on stderr, where a step failed."""
    verb, *options = arguments or [""]
    if verb not in {"install", "prepare", "upgrade"} or set(options) - {"--dry-run"}:
        print(__doc__, file=sys.stderr)
        return 2
    dry_run = bool(options)
    try:
        plan = read_plan(os.environ)
        if os.geteuid() != 0 and not dry_run:
            raise StepFailed("Only root can do this: put sudo before it.")
        if verb == "upgrade":
            upgrade(plan, os.environ.get("VERSION", ""), dry_run)
        else:
            go_through(STEPS if verb == "install" else PREPARING, plan, dry_run)
    except (StepFailed, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    if dry_run:
        print("\nNothing was changed.")
    elif verb == "install":
        print("\nHow the site is (manage.py doctor):", flush=True)
        services.examine()
        print(_get_closing_words(plan))
    return 0


def _get_closing_words(plan: Plan) -> str:
    lines = [
        "",
        f"https://{plan.domain}/ is served, https://{plan.domain}/admin/ is the way in.",
        "Firewall: let in 22, 80 and 443 alone, for example: apt-get install ufw; ufw allow 22/tcp; "
        "ufw allow 80,443/tcp; ufw enable",
        "Copy /srv/situs/.env to a safe place away from this machine: without its keys a backup cannot be read.",
    ]
    if not application.read_env().get("EMAIL_URL"):
        lines.append("NO MAIL: nobody is told whose turn it is. Set EMAIL_URL and DEFAULT_FROM_EMAIL in .env.")
    if plan.tls == "self-signed":
        lines.append("TRIAL CERTIFICATE: browsers warn. For the real one: make production TLS=certbot")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
