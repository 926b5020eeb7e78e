"""Take a walk through the SOP once and repeat its writes in later tests of the process.

After each test its rows go, by a rollback or by a copy, so every test begins with the same rows. What
``Office`` does from there is therefore known: the same calls in the same order write the same
rows. The first time they are carried out by the real steps while each writing statement is noted,
with the files it made; from then on the statements are executed as they were noted, past no trigger
and no constraint.

Nothing is repeated where anything else has a say: after any other write of the test, of its threads or
of its processes, at a time that the test says it is, or from the first change by ``settings`` or
``monkeypatch`` on. Then the steps are taken.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

#: What one process remembers at the most, in noted walks.
MOST_WALKS = 2000
_READING = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "EXPLAIN", "SET ", "BEGIN")


@dataclass
class _Walk:
    """The writing statements of one call, the files it made, and how to find again what the call returned."""

    statements: list[tuple[str, Any, bool]]
    files: dict[Path, bytes]
    key: Any


@dataclass
class Replay:
    """Follows one test after the other; one for the whole process."""

    walks: dict[tuple, _Walk] = field(default_factory=dict)
    #: What this test has done so far; None where it does not count.
    _history: tuple[Hashable, ...] | None = None
    #: What this test may patch with.
    _patches: list[object] = field(default_factory=list)
    _marker: Any = None
    _is_walking: bool = False
    _sequences: str = ""

    def begin(self) -> None:
        """Note that a test begins to use the database; rows are as the migrations left them."""
        # Rows written yesterday have another date, which decides numbers of the register.
        self._history = (timezone.localdate(),)
        self._is_walking = False
        self._rewind_sequences()
        self._marker = self._mark()

    def watch(self, patches: object) -> None:
        """Take the steps while ``patches``, of the fixture ``monkeypatch`` or ``settings``, holds a change."""
        self._patches.append(patches)
        if isinstance(patches, pytest.MonkeyPatch):
            # What it does for a while it does by another of its kind.
            patches.context = self._watch_context

    @contextmanager
    def _watch_context(self) -> Iterator[pytest.MonkeyPatch]:
        with pytest.MonkeyPatch.context() as inner:
            self._patches.append(inner)
            yield inner

    def forget_patches(self) -> None:
        """Note that another test begins."""
        self._patches.clear()

    def end(self) -> None:
        """Take every step that follows."""
        self._history = None

    @contextmanager
    def aside(self, *what: Hashable) -> Iterator[None]:
        """Let the block write rows that no walk reads, other than by ``what``, and stay on track."""
        is_on_track = self._is_on_track()
        yield
        if is_on_track:
            self._history = (*(self._history or ()), what)
            self._marker = self._mark()

    def do(self, call: tuple, take: Callable[[], Any], find: Callable[[Any], Any], name: Callable[[Any], Any]) -> Any:
        """Return what ``take`` returns, or what ``find`` finds by the key that ``name`` gave it the first time.

        ``call``: everything on which the outcome depends beside the history of the test, hashable.
        """
        if threading.current_thread() is not threading.main_thread():
            # Steps that race each other are taken, and so is whatever follows them.
            self._history = None
            return take()
        if self._is_walking:
            return take()
        if not self._is_on_track():
            self._history = None
            return take()
        self._history = (*self._history, call)
        walk = self.walks.get(self._history)
        if walk is not None:
            _execute(walk.statements)
            _write(walk.files)
            found = find(walk.key)
        else:
            found = self._note(take, name)
        self._marker = self._mark()
        return found

    def _note(self, take, name):
        statements: list[tuple[str, Any, bool]] = []

        def note(execute, sql, params, many, context):
            if not sql.lstrip().upper().startswith(_READING):
                statements.append((sql, params, many))
            return execute(sql, params, many, context)

        history, self._is_walking = self._history, True
        before = _list_files()
        try:
            with connection.execute_wrapper(note):
                found = take()
        finally:
            self._is_walking = False
        after = _list_files()
        # What was taken back, and a file that was changed or deleted, cannot be repeated.
        repeatable = before.items() <= after.items() and not any(
            "ROLLBACK" in sql for sql, _params, _many in statements
        )
        if repeatable and len(self.walks) < MOST_WALKS:
            files = {path: path.read_bytes() for path in after.keys() - before.keys()}
            self.walks[history] = _Walk(statements, files, name(found))
        return found

    def _is_on_track(self) -> bool:
        if self._history is None:
            return False
        # Both fixtures keep what they will undo, and nothing else.
        if any(kept for patches in self._patches for name, kept in vars(patches).items() if name != "context"):
            return False
        return _is_the_clock_right() and self._mark() == self._marker

    def _mark(self) -> tuple:
        """Return what differs after any statement that writes, here or in another thread or process."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA data_version")
                return connection.connection, connection.connection.total_changes, *cursor.fetchone()
            if connection.in_atomic_block:
                # Nobody else sees these rows; what other tests write on this server does not matter.
                cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
            else:
                cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
            return connection.in_atomic_block, cursor.fetchone()[0] or 0

    def _rewind_sequences(self) -> None:
        """Let PostgreSQL give the keys that it gave the first test: a rollback does not take them back."""
        if connection.vendor == "sqlite":
            return
        with connection.cursor() as cursor:
            if not self._sequences:
                cursor.execute("SELECT schemaname, sequencename, last_value, start_value FROM pg_sequences")
                self._sequences = "SELECT " + ", ".join(
                    f"setval('{schema}.\"{name}\"', {start if last is None else last}, {last is not None})"
                    for schema, name, last, start in cursor.fetchall()
                )
            cursor.execute(self._sequences)


def _is_the_clock_right() -> bool:
    return abs(timezone.now().timestamp() - time.time()) < 1


def _execute(statements) -> None:
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)


def list_folders() -> list[Path]:
    """Return the folders with the files of a test."""
    private = settings.STORAGES["private"]["OPTIONS"]["location"]
    return [Path(folder) for folder in (settings.MEDIA_ROOT, settings.CARDS_ROOT, private)]


def _list_files() -> dict[Path, tuple[int, int]]:
    """Return the files of this test, each with its time and size."""
    found = {}
    for folder in list_folders():
        for path in folder.rglob("*"):
            if path.is_file():
                status = path.stat()
                found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _write(files: dict[Path, bytes]) -> None:
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)


replay = Replay()
