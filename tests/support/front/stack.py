"""The production stack of a test: gunicorn on the test's database, nginx before it, and readers."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.fork_server import Forked, ForkServer

from .nginx import free_port, running_nginx, wait_for, wait_until_free


@dataclass
class Answer:
    """What a reader got, and when the request began."""

    asked_at: float
    status: int
    headers: dict
    text: str

    @property
    def is_kept(self) -> bool:
        """Only nginx names a file's own time and tag."""
        return "etag" in self.headers and "last-modified" in self.headers


@dataclass
class Front:
    """One site behind nginx."""

    port: int
    app_port: int
    pages: Path
    environment: dict
    folder: Path
    programs: ForkServer | None = None
    app: subprocess.Popen | Forked | None = None
    front_pid: int = 0
    files_port: int = 0

    def reconfigure(self, alter, seen) -> None:
        """Let nginx read its file again as ``alter`` changed it, until ``seen`` says that it has."""
        path = self.folder / "nginx" / "nginx.conf"
        path.write_text(alter(path.read_text()))
        os.kill(self.front_pid, signal.SIGHUP)
        deadline = time.monotonic() + 120
        while not seen():
            assert time.monotonic() < deadline, "nginx did not read its file again"
            time.sleep(0.05)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path, method="GET", port=None, **headers) -> Answer:
        """One request of its own connection."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=90)
        asked_at = time.monotonic()
        sent = {"Host": f"127.0.0.1:{self.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, headers=sent)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(asked_at, response.status, found, body.decode("utf-8", "replace"))

    def get_from_django(self, path, **headers) -> Answer:
        """The same without the front server."""
        return self.get(path, port=self.app_port, X_Forwarded_Proto="https", **headers)

    def start_app(self, workers=2, threads=2) -> None:
        """Start the web processes, in a session of their own; production's have one thread each."""
        command = ["gunicorn", "--config", "python:kecamatan_site.web_processes"]
        command += ["kecamatan_site.wsgi", "--bind", f"127.0.0.1:{self.app_port}"]
        command += ["--workers", str(workers), "--threads", str(threads), "--log-level", "warning"]
        path = self.folder / "gunicorn.log"
        if self.programs:
            url = self.environment["SITE_URL"]
            own = {"PAGES_ROOT": self.pages, "SITE_URL": url, "WAGTAILADMIN_BASE_URL": url}
            self.app = self.programs.start(*command, log=path, **own)
        else:
            with path.open("a") as log:
                self.app = subprocess.Popen(
                    [sys.executable, "-m", *command],
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        wait_for(self.app_port, self.app)

    def stop_app(self, number=signal.SIGTERM) -> None:
        """End the web processes, and wait until the last of them has let go of their port."""
        if self.app and self.app.poll() is None:
            os.killpg(self.app.pid, number)
            self.app.wait(timeout=90)
            # The first process has ended; those that it started and cannot wait for may still be about to.
            wait_until_free(self.app_port)

    def settle(self) -> float:
        """Wait until this machine has followed what is committed, and return that moment of the monotonic clock.

        Within a second on a machine that has time, as ``make bench-public`` measures; here however busy it is.
        """
        # Benches start this before any settings are chosen.
        from home.pagecache import generation

        deadline = time.monotonic() + 120
        while json.loads(self.read_state())["number"] != generation.get_current_number():
            assert time.monotonic() < deadline, "nobody follows what is committed"
            time.sleep(0.02)
        return time.monotonic()

    def read_state(self) -> str:
        """How far this machine has followed, and for which state of the program's files."""
        return (self.pages / "state.json").read_text()

    def get_kept(self, path) -> Answer:
        """Ask until the page comes from its file; the first reader of all may have waited for its pictures."""
        self.get(path)
        deadline = time.monotonic() + 300
        while not (answer := self.get(path)).is_kept:
            log = self.folder / "gunicorn.log"
            assert time.monotonic() < deadline, f"{path} is not kept: {answer.status}, {log.read_text()[-2000:]}"
            time.sleep(0.05)
        return answer

    def warm(self, *paths) -> None:
        """Ask until the pages are kept."""
        for path in paths:
            self.get_kept(path)


@contextlib.contextmanager
def reading(front, paths, readers=2):
    """Reads the pages over and over while the block runs; yields what every reader got, by path."""
    answers, stop = {path: [] for path in paths}, threading.Event()

    def read():
        while not stop.is_set():
            for path in paths:
                answers[path].append(front.get(path))
            time.sleep(0.005)

    threads = [threading.Thread(target=read) for _number in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextlib.contextmanager
def running_front(folder, environment, data_dir, workers=2, more="", programs=None, threads=2):
    """A site behind nginx; the environment names the test's database, ``programs`` has loaded its settings."""
    port, app_port = free_port(), free_port()
    environment = environment | {"SITE_URL": f"https://127.0.0.1:{port}"}
    front = Front(port, app_port, Path(data_dir) / "pages", environment, Path(folder), programs)
    # Pages of a test before this one, at another port; its database may have been at the same generation.
    shutil.rmtree(front.pages, ignore_errors=True)
    front.start_app(workers, threads)
    try:
        with running_nginx(Path(folder) / "nginx", port, app_port, data_dir, more) as server:
            front.front_pid = server.pid
            yield front
    finally:
        front.stop_app()
