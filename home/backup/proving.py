"""Proves an archive: restores it beside the site, in a database and folders of its own, and compares everything."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .archive import open_archive
from .leftovers import name_schema
from .sealed_stream import Unreadable


class NotProven(Exception):
    """What was restored is not what was backed up; the message says where."""


@dataclass(frozen=True)
class Outcome:
    """How the last proof of an archive ended, and when."""

    archive: str
    at: datetime
    is_whole: bool


def prove(archive: Path) -> str:
    """Return what was compared, and write down how it ended; raise NotProven with every difference."""
    try:
        said = _prove(archive)
    except NotProven:
        note(Outcome(archive.name, timezone.now(), is_whole=False))
        raise
    note(Outcome(archive.name, timezone.now(), is_whole=True))
    return said


def read_last() -> Outcome | None:
    """Return how the last proof ended, on this machine; None where there was none."""
    try:
        kept = json.loads(_get_note().read_text())
        return Outcome(kept["archive"], datetime.fromisoformat(kept["at"]), kept["is_whole"])
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return None


def note(outcome: Outcome) -> None:
    """Write down how a proof ended."""
    path = _get_note()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.partial")
    scratch.write_text(json.dumps({"archive": outcome.archive, "at": f"{outcome.at}", "is_whole": outcome.is_whole}))
    scratch.replace(path)


def _get_note() -> Path:
    return Path(settings.BACKUP_DIR) / "last-proof.json"


def _prove(archive: Path) -> str:
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".prove-") as folder, _scratch(Path(folder)) as url:
        try:
            open_archive(archive, Path(folder) / "opened")
        except Unreadable as error:
            raise NotProven(str(error)) from error
        shutil.rmtree(Path(folder) / "opened")
        # An archive has no static files: the restored pages name those of this version.
        (Path(folder) / "static").symlink_to(settings.STATIC_ROOT)
        return run_beside("restore", str(archive.resolve()), "--compare", url=url, folder=folder)


def run_beside(*arguments: str, url: str, folder: str) -> str:
    """Run a command of manage.py on another database and in another DATA_DIR, after migrating it; return its output.

    In a folder of its own it has its files there, whether or not this site has a store for them.
    """
    own = {"DATABASE_URL": url, "DATA_DIR": folder, "TEST_DATA_DIR": folder, "LOG_LEVEL": "ERROR"}
    own |= {"BACKUP_KEYS": ",".join(settings.BACKUP_KEYS), "PROOF_ADDRESS": ""}
    # Whichever of the two .env or the environment has.
    own |= {"DATABASE_URL_FILE": "", "BACKUP_KEYS_FILE": ""}
    if Path(folder) != Path(settings.DATA_DIR):
        own["MEDIA_STORE"] = ""
    said = ""
    for command in (["migrate", "--no-input", "--verbosity=0"], list(arguments)):
        done = subprocess.run(  # noqa: S603 - this project's own program, with its own arguments
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=os.environ | own,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise NotProven((done.stderr or done.stdout).strip()[-4000:])
        said = done.stdout
    return said.strip()


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[str]:
    """Yield the address of an empty database: a file, or a schema of this database that goes when the block ends."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'scratch.sqlite3'}"
        return
    schema = name_schema()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
    try:
        yield f"{get_address()}?options={quote(f'-c search_path={schema}')}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")


def get_address() -> str:
    """Return the address of the PostgreSQL database in use, as DATABASE_URL has it."""
    given = connection.settings_dict
    person = quote(given["USER"]) + (f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else "")
    place = given["HOST"] + (f":{given['PORT']}" if given["PORT"] else "")
    return f"postgres://{person}{'@' if person else ''}{place}/{quote(given['NAME'])}"
