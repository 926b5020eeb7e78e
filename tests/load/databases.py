"""A migrated database for one run, and the environment of the processes that work on it."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from tests.support.databases.postgres import temporary_postgres
from tests.support.databases.template import get_sqlite_template, migrate

NAMES = ("sqlite", "postgresql")


@contextlib.contextmanager
def make_environment(name: str):
    """Yield the environment for processes on a fresh database of this kind."""
    with tempfile.TemporaryDirectory(prefix="mojogedang-load-") as folder, contextlib.ExitStack() as stack:
        if name == "sqlite":
            path = Path(folder) / "db.sqlite3"
            shutil.copyfile(get_sqlite_template(), path)
            url = f"sqlite:///{path}"
        else:
            url = stack.enter_context(temporary_postgres())
        migrate(url, folder)
        yield os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.load.settings",
            "DATABASE_URL": url,
            "TEST_DATA_DIR": folder,
            "OAUTHLIB_INSECURE_TRANSPORT": "1",
        }
