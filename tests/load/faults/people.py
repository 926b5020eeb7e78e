"""Twenty editors who type without pause beside three people who approve; meanwhile the database restarts, or the clock
is wrong by an hour."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest import mock

import psycopg
from django.db import close_old_connections, connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from moderation.management.jobs import integrity
from moderation.models import Disposition
from tests.load.faults.answers import BARE, DONE, TOLD, Tally, judge
from tests.load.races import Move, _post
from tests.moderation.evidence.test_publish_paths import editor_data

EDITORS, APPROVERS, ITEMS_EACH = 20, 3, 3
#: Row 6 to row 8 of the SOP, as (action, person).
STEPS = (("declare_corrected", "sekretaris"), ("verify", "bidang"), ("order", "sekretaris"), ("publish", "staf1"))
HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/admin/"}
#: Requests that are answered at the same time: on SQLite as `make run` does, the others wait their turn; on PostgreSQL
#: each at once.
THREADS = {"sqlite": 4, "postgresql": EDITORS + APPROVERS}
#: Seconds without a database, and the longest one may take to come back.
AWAY, PATIENCE = 5, 120


@dataclass
class Editor:
    """One draft, and the numbers of the text that was sent last and acknowledged last."""

    item: Disposition
    client: Client
    web: Executor
    begun_with: str
    sent: int = 0
    acknowledged: int = 0

    def type(self, stop: threading.Event, note) -> None:
        """Send one text after the other, each fifth by the button, the others as autosave does."""
        address, data = reverse("wagtailadmin_pages:edit", args=[self.item.page_id]), editor_data(self.item)
        while not stop.is_set():
            self.sent += 1
            typed = self.say(self.sent)
            accept = {} if self.sent % 5 == 0 else {"HTTP_ACCEPT": "application/json"}
            send = partial(self.client.post, address, data | {"lead": typed}, **HERE, **accept)
            response = self.web.submit(_answer, send).result()
            outcome = judge(response, typed)
            note("editor", outcome)
            if outcome == DONE:
                self.acknowledged = self.sent
            elif response.status_code == 403:
                self.client = _sign_in(self.item.assigned_to)

    def say(self, number: int) -> str:
        """Return the text with this number."""
        return f"Ketikan nomor {number} tentang kerja bakti di saluran {self.item.pk}."

    def is_lost(self) -> bool:
        """Say whether the draft is older than what was acknowledged; what was told as unsaved may be stored."""
        stored = Disposition.objects.get(pk=self.item.pk).get_draft().lead
        may_be = {self.say(number) for number in range(self.acknowledged, self.sent + 1)}
        return stored not in (may_be if self.acknowledged else may_be | {self.begun_with})


def work(office, seconds: int, meanwhile: Callable | None = None) -> dict[str, int]:
    """Let them work for so many seconds, and what happens ``meanwhile``; return what was bare or lost."""
    web = ThreadPoolExecutor(THREADS[connection.vendor])
    tally, lock, stop = Tally(), threading.Lock(), threading.Event()
    items = [office.bring_to("composing") for _number in range(EDITORS)]
    editors = [Editor(item, _sign_in(item.assigned_to), web, item.get_draft().lead) for item in items]
    queues = [[office.bring_to("awaiting_correction") for _item in range(ITEMS_EACH)] for _number in range(APPROVERS)]

    def note(what: str, outcome: str) -> None:
        with lock:
            tally.note(what, outcome)

    people = [threading.Thread(target=_run, args=(editor.type, stop, note)) for editor in editors]
    people += [threading.Thread(target=_run, args=(_approve, office, queue, web, stop, note)) for queue in queues]
    for person in people:
        person.start()
    if meanwhile:
        time.sleep(seconds / 3)
        meanwhile(seconds / 3)
    time.sleep(seconds)
    stop.set()
    for person in people:
        person.join()
    web.shutdown()
    tally.lost += sum(editor.is_lost() for editor in editors)
    walked = [item.pk for queue in queues for item in queue]
    live = Disposition.objects.filter(pk__in=walked, state__in=("live", "done")).count()
    if not integrity.run_now().is_whole:
        tally.lost += 1
        print("  the proof fails")
    print(f"  {live} of {APPROVERS * ITEMS_EACH} items approved and published")
    figures = tally.finish()
    _stop_again()
    return figures


def restart(seconds: float) -> None:
    """Stop the database's server, and start it again."""
    with _stopped():
        time.sleep(AWAY)


def set_clock_wrong(seconds: float) -> None:
    """Let Django's clock be an hour behind for so many seconds, then as long an hour ahead; then it is right again."""
    now = timezone.now
    for hours in (-1, 1):
        with mock.patch.object(timezone, "now", side_effect=lambda hours=hours: now() + timedelta(hours=hours)):
            time.sleep(seconds)


def _answer(send: Callable):
    """Answer a request with the connections that a web process would have kept; Django's test client closes none."""
    close_old_connections()
    return send()


def _run(function, *arguments) -> None:
    try:
        function(*arguments)
    finally:
        connections.close_all()


def _approve(office, queue, web, stop, note) -> None:
    """Take the steps from correction to publication; one that was told as unsaved is looked at and taken again."""
    clients = {person: _sign_in(office.people[person]) for _action, person in STEPS}
    for item in queue:
        for action, person in STEPS:
            while not stop.is_set():
                try:
                    item = Disposition.objects.get(pk=item.pk)
                    version, send = item.version, _post(office, clients[person], item, Move(action, person))
                except Exception:  # noqa: BLE001 - the database is away; the screen would say so
                    connection.close()
                    time.sleep(0.5)
                    continue
                status = web.submit(_answer, send).result()
                note(action, DONE if status < 400 else TOLD if status in (403, 503) else BARE)
                if status == 403:
                    clients[person] = _sign_in(office.people[person])
                if status not in (403, 503) or _has_moved(item, version):
                    break


def _has_moved(item, version: int) -> bool:
    while True:
        try:
            return Disposition.objects.get(pk=item.pk).version != version
        except Exception:  # noqa: BLE001 - asked until the database answers
            connection.close()
            time.sleep(0.5)


def _sign_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


_started: list[subprocess.Popen] = []


@contextmanager
def _stopped():
    """Stop the server as its own service does, and start it with the same command afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close()
    pid = int((folder / "postmaster.pid").read_text().split()[0])
    command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
    owner = folder.stat().st_uid
    os.kill(pid, signal.SIGINT)
    while (folder / "postmaster.pid").exists():
        time.sleep(0.1)
    yield
    with (folder / "restart.log").open("w") as log:
        _started.append(
            subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, user=owner, start_new_session=True)
        )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _stop_again() -> None:
    for server in _started:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
