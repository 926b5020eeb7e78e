"""`make production`, `make upgrade`, `make offices`: take the decisions from the environment, do it, say what is left.

Usage: python3 -m kecamatan_site.production install|upgrade|watch|backup [--dry-run]

``install`` is for one office, that of ``OFFICE`` where several share the machine; the others are for all of them. The
verbs of ``ACTS``, and ``prepare``, everything but the services, are what an upgrade does for one.
"""

import os
import sys

from . import application, database, front, offices, services, system
from .machine import ENV_FILE, OFFICE, StepFailed, manage
from .plan import Plan, read_plan
from .steps import go_through
from .upgrade import ACTS, upgrade

#: In the order in which they need each other; the last ones need running services.
PREPARING = (*system.STEPS, *database.STEPS, *application.STEPS, *front.STEPS, *services.PREPARING)
STEPS = (*PREPARING, *services.RUNNING)
_OF_ALL = {"upgrade", "watch", "backup"}
#: What is done for one office, beside ``install``.
_OF_ONE = ACTS | {
    "prepare": lambda plan: go_through(PREPARING, plan),
    "store": lambda plan: manage("backup", show=True),
}


def main(arguments: list[str]) -> int:
    """Return 0 where everything is so afterwards; 1, with what to do on stderr, where a step failed."""
    verb, *options = arguments or [""]
    if verb not in {"install", "examine", *_OF_ALL, *_OF_ONE} or set(options) - {"--dry-run"}:
        print(__doc__, file=sys.stderr)
        return 2
    dry_run = bool(options)
    try:
        if os.geteuid() != 0 and not dry_run:
            raise StepFailed("Only root can do this: put sudo before it.")
        failed = _do_for_all(verb, dry_run) if verb in _OF_ALL else _do_for_one(verb, dry_run)
    except (StepFailed, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    if dry_run:
        print("\nNothing was changed.")
    return 1 if failed else 0


def _do_for_all(verb: str, dry_run: bool) -> int:
    if verb == "upgrade":
        plan = read_plan(os.environ) if not OFFICE and "" in offices.require_offices() else None
        upgrade(plan, os.environ.get("VERSION", ""), dry_run)
        return 0
    return offices.watch() if verb == "watch" else offices.back_up(dry_run)


def _do_for_one(verb: str, dry_run: bool) -> int:
    plan = read_plan(os.environ)
    if verb == "examine":
        return 0 if services.examine() else 1
    if verb != "install":
        _OF_ONE[verb](plan)
        return 0
    go_through(STEPS, plan, dry_run)
    if not dry_run:
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
        f"Copy {ENV_FILE} to a safe place away from this machine: without its keys a backup cannot be read.",
    ]
    if not application.read_env().get("EMAIL_URL"):
        lines.append("NO MAIL: nobody is told whose turn it is. Set EMAIL_URL and DEFAULT_FROM_EMAIL in .env.")
    if plan.tls == "self-signed":
        own = f" OFFICE={OFFICE}" if OFFICE else ""
        lines.append(f"TRIAL CERTIFICATE: browsers warn. For the real one: make production{own} TLS=certbot")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
