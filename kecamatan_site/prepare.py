"""Migrate the database and fill the demo site in one process: each start of Django costs seconds."""

import django
from django.core.management import call_command


def prepare():
    """Run ``migrate`` and ``demo``; a second run changes nothing. Prints the demo's accounts."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("demo")


if __name__ == "__main__":
    prepare()
