"""What a process is doing, told in memory that outlives it: whoever kills it knows afterwards what the kill hit."""

import http.client
import mmap
import os
import signal
import sys
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

#: Nothing, an open transaction, or committed and not answered: the citizen, or the network's answer, is outstanding.
IDLE, TRANSACTION, UNANSWERED = range(3)
#: One byte for each thread, then the port on which the process listens.
_THREADS, _PORT = 60, slice(60, 64)


def get_path(folder: str, pid: int) -> Path:
    return Path(folder) / f"moment-{pid}"


def read(path: Path) -> int:
    """Return what the process does, or did when it ended."""
    return max(path.read_bytes()[:_THREADS]) if path.exists() else IDLE


def read_port(path: Path) -> int:
    """Return the port of a web process, 0 until it listens and once it has answered."""
    return int.from_bytes(path.read_bytes()[_PORT], "big") if path.exists() else 0


class Moments:
    """The memory of this process; tells what each of its threads does."""

    def __init__(self, path: Path):
        new = path.with_suffix(".new")
        new.write_bytes(bytes(_THREADS + 4))
        with new.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)
        new.rename(path)
        self._slots: dict[int, int] = {}

    def tell(self, moment: int) -> None:
        slot = self._slots.setdefault(threading.get_ident(), len(self._slots) % _THREADS)
        self._memory[slot] = moment

    def tell_port(self, port: int) -> None:
        self._memory[_PORT] = port.to_bytes(4, "big")


def watch(moments: Moments, *, after_commit: int) -> None:
    """Tell of every transaction of this process; ``after_commit`` is what it does once one is committed."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    def execute_and_tell(execute, sql, params, many, context):
        if context["connection"].in_atomic_block:
            moments.tell(TRANSACTION)
        return execute(sql, params, many, context)

    def then(end, moment):
        def end_and_tell(connection):
            end(connection)
            moments.tell(moment)

        return end_and_tell

    BaseDatabaseWrapper._commit = then(BaseDatabaseWrapper._commit, after_commit)
    BaseDatabaseWrapper._rollback = then(BaseDatabaseWrapper._rollback, IDLE)
    connection_created.connect(
        lambda connection, **_kwargs: connection.execute_wrappers.append(execute_and_tell), weak=False
    )


def watch_worker(moments: Moments) -> None:
    """Tell of transactions, and of requests to networks until their answer is written down."""
    watch(moments, after_commit=IDLE)
    sys.addaudithook(lambda event, _args: moments.tell(UNANSWERED) if event == "http.client.send" else None)


def serve(moments: Moments) -> None:
    """Answer one request as a web process does, tell by the port 0 that it is answered, and wait to be killed."""
    from kecamatan_site.wsgi import application

    watch(moments, after_commit=UNANSWERED)

    class Handler(WSGIRequestHandler):
        def log_message(self, *_args):
            pass

    with make_server("127.0.0.1", 0, application, handler_class=Handler) as server:
        moments.tell_port(server.server_port)
        server.handle_request()
        moments.tell(IDLE)
        moments.tell_port(0)
        while True:
            signal.pause()


class Person:
    """A person signed in with a browser: posts forms, with or without waiting for the answer."""

    def __init__(self, user, host: str = "testserver"):
        from django.test import Client

        client = Client()
        client.force_login(user)
        self._token = "c" * 32
        cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": self._token}
        self._headers = {
            "Host": host,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def post(self, port: int, address: str, data: dict) -> http.client.HTTPConnection:
        """Send a form; the answer is read by ``getresponse`` of what is returned."""
        from urllib.parse import urlencode

        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        body = urlencode(data | {"csrfmiddlewaretoken": self._token})
        connection.request("POST", address, body, self._headers | {"Content-Length": str(len(body))})
        return connection


def get_own_path() -> Path:
    return get_path(os.environ["TEST_DATA_DIR"], os.getpid())
