"""The migrated database, made once for each set of migrations: every run and every process of it starts from a copy.

The copy is migrated like any other database: nothing is left to apply, but the triggers, the groups
and all else that follows a migration are those of the code under test.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent
#: Migrating renders thousands of model classes; looking for garbage meanwhile takes a fifth of the processor's time.
MIGRATE = """
import gc
gc.set_threshold(200_000, 50, 100)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "migrate", "--verbosity", "0"])
"""
#: Set for the tests' processes: a PostgreSQL database to copy.
VARIABLE = "TEST_DATABASE_TEMPLATE"


def get_sqlite_template() -> Path:
    """Return a migrated SQLite file, made now where no earlier run left one."""
    path = Path(tempfile.gettempdir()) / f"situs-template-{_digest_migrations()}.sqlite3"
    if path.exists():
        return path
    # Several processes of one run ask at once: one makes the file, the others wait for it.
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _make_sqlite_template(path)
    return path


def _make_sqlite_template(path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="situs-template-") as folder:
        fresh, packed = Path(folder) / "fresh.sqlite3", path.with_suffix(".packed")
        packed.unlink(missing_ok=True)
        migrate(f"sqlite:///{fresh}", folder)
        connection = sqlite3.connect(fresh)
        connection.execute("VACUUM INTO ?", (str(packed),))
        connection.close()
        packed.rename(path)


def make_postgres_template(server_url: str) -> str:
    """Make a migrated database beside that of the address and return its name."""
    name = "situs_template"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory(prefix="situs-template-") as folder:
        migrate(f"{server_url.rpartition('/')[0]}/{name}", folder)
    return name


def migrate(database_url: str, data_dir: str) -> None:
    """Apply all migrations to an empty database, in a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.test",
        "DATABASE_URL": database_url,
        "TEST_DATA_DIR": data_dir,
    }
    subprocess.run([sys.executable, "-c", MIGRATE], cwd=BASE_DIR, env=environment, check=True)


def _digest_migrations() -> str:
    digest = hashlib.sha256((BASE_DIR / "requirements-dev.lock").read_bytes())
    digest.update((BASE_DIR / "kecamatan.toml").read_bytes())
    for path in sorted(BASE_DIR.glob("[!.]*/**/migrations/*.py")):
        digest.update(f"{path.relative_to(BASE_DIR)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
