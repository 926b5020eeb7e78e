"""Migrate the database, fill the demo site, and serve it in the same process: each start of Django costs seconds.

Usage: python -m kecamatan_site.prepare DESCRIPTOR OPTION..., by ``make run``: the demo's accounts are written to the
file descriptor, which is then closed; the options are gunicorn's.
"""

import io
import os
import sys

import django
from django.core.management import call_command
from gunicorn.app import wsgiapp


def prepare() -> str:
    """Run ``migrate`` and ``demo``, a second run of which changes nothing; return the text about the accounts."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    accounts = io.StringIO()
    call_command("demo", stdout=accounts)
    return accounts.getvalue()


if __name__ == "__main__":
    with os.fdopen(int(sys.argv.pop(1)), "w") as told:
        told.write(prepare())
    wsgiapp.run()
