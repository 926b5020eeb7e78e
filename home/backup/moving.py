"""Moves the site to a new PostgreSQL database and proves that all of it arrived; the files stay where they are."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.db.utils import ConnectionHandler
from environ import Env

from home.pagecache.models import PageGeneration

from .archive import make
from .proving import NotProven, run_beside
from .restoring import find_differences


class Unsuitable(Exception):
    """The new database is none of PostgreSQL, cannot be reached, or is in use."""


def move(url: str) -> str:
    """Fill the database of ``url`` and return what was compared; this site's own is only read.

    Raise Unsuitable before anything is written there; NotProven where anything is missing there, or where somebody
    wrote here meanwhile: that would be lost.
    """
    _check_new(url)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".move-") as folder:
        path = Path(folder) / "rows.backup"
        manifest = make(path, with_files=False)
        generation = str(PageGeneration.objects.get().number)
        said = run_beside("restore", str(path), "--fill", generation, url=url, folder=str(settings.DATA_DIR))
    if written := find_differences(manifest, with_files=False):
        raise NotProven("\n".join(["Somebody wrote here meanwhile. Stop the site and begin anew:", *written]))
    return said


def _check_new(url: str) -> None:
    """Raise Unsuitable for a database with tables of another program, or with an account."""
    there = ConnectionHandler({DEFAULT_DB_ALIAS: Env.db_url_config(url)})[DEFAULT_DB_ALIAS]
    if there.vendor != "postgresql":
        raise Unsuitable("Give the address of a PostgreSQL database, as DATABASE_URL has it.")
    accounts = get_user_model()._meta.db_table
    try:
        with there.cursor() as cursor:
            tables = there.introspection.table_names(cursor)
            if tables and accounts not in tables:
                raise Unsuitable("That database holds tables of something else: give a new, empty one.")
            if tables:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {there.ops.quote_name(accounts)})")
                if cursor.fetchone()[0]:
                    raise Unsuitable("There are accounts in that database already: give a new, empty one.")
    except DatabaseError as error:
        raise Unsuitable(str(error)) from error
    finally:
        there.close()
