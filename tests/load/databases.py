"""A migrated database for one run, and the environment of the processes that work on it."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
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


def measure_items(module: str, description: str | None, items: int, measure: Callable[[int], dict]) -> dict[str, dict]:
    """Return what ``measure`` finds of so many items on each database, by its name; print it, and one line of JSON.

    Each is measured by ``module`` in a process of its own, which prints its figures and ends here.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--items", type=int, default=items)
    parser.add_argument("--database", choices=(*NAMES, "both", "here"), default="both")
    arguments = parser.parse_args()
    if arguments.database == "here":
        print(json.dumps(measure(arguments.items)))
        sys.exit()
    found = {}
    for name in list_names(arguments.database):
        found[name] = run_module(name, module, "--database=here", f"--items={arguments.items}")
        print(f"{name}: {', '.join(f'{value} {word}' for word, value in found[name].items())}", flush=True)
    print(json.dumps(found))
    return found
