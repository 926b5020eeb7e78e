"""A migrated database for one run, and the environment of the processes that work on it."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
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


def list_names(chosen: str) -> tuple[str, ...]:
    """Return the databases that "both", or the name of one, stands for."""
    return NAMES if chosen == "both" else (chosen,)


def run_module(database: str, module: str, *arguments: str) -> dict:
    """Run a program on a fresh database of this kind and return the JSON of its last line."""
    with make_environment(database) as environment:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return json.loads(done.stdout.splitlines()[-1])
