"""Brings the database up to date and fills the demo site, in one process: each start of Django costs seconds."""

import django
from django.core.management import call_command


def prepare():
    """Repeating it changes nothing; what the demo prints is for the people who will log in."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("demo")


if __name__ == "__main__":
    prepare()
