"""Run inside a bare environment: every library can be imported, the product starts and answers.

Usage: python -m tests.kecamatan_site.supply.starts
"""

import importlib
import importlib.util
import sys
from importlib import metadata

from .environments import normalize

#: Imported by the product through a stand-in for pkg_resources, and so here.
BY_A_STAND_IN = {"twitter_text": "news.social.channels.x.weighing"}
ABSENT = ("setuptools", "pkg_resources")


def main() -> None:
    """Print what was imported; raise where anything is missing."""
    if found := [module for module in ABSENT if importlib.util.find_spec(module)]:
        sys.exit(f"{', '.join(found)} is installed here: this environment is not bare.")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("check", verbosity=0)
    imported = import_all({normalize(found.name) for found in metadata.distributions()})
    call_command("migrate", verbosity=0)
    _ask_for_a_page()
    print(f"Python {sys.version.split()[0]}: {imported} libraries imported, the product started")


def import_all(names) -> int:
    """Import the modules of these distributions; return how many distributions they were."""
    modules: dict[str, list[str]] = {}
    for module, owners in metadata.packages_distributions().items():
        for owner in owners:
            modules.setdefault(normalize(owner), []).append(module)
    for name in names:
        for module in modules[name]:
            if module in BY_A_STAND_IN:
                importlib.import_module(BY_A_STAND_IN[module]).weigh("Halo")
            else:
                importlib.import_module(module)
    return len(names)


def _ask_for_a_page() -> None:
    from django.conf import settings
    from django.test import Client

    address = f"/{settings.ADMIN_PATH}login/"
    answer = Client().get(address)
    if answer.status_code != 200:
        sys.exit(f"{address} answered {answer.status_code}.")


if __name__ == "__main__":
    main()
