"""Compares application servers on our own pages: ``make bench-servers``.

gunicorn as in production, and granian twice, run this site with two processes of one thread on one database, and are
asked in turns without nginx before them. Prints processor time a request, the memory of all processes (PSS), and what
reloads cost readers who ask all the while, with whether a changed setting was taken over; then one line of JSON.
"""

import argparse
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.public import corpus
from tests.bench.public.site import _environment, _run
from tests.bench.public.wrk import find_or_install_wrk, put_load, wait_until
from tests.support.databases.postgres import temporary_postgres
from tests.support.front.nginx import free_port

from .idle import Running

PROCESSES, READERS, RELOADS = 2, 4, 3
#: Not among the project's packages, and what it needs.
OTHER = ("granian==2.8.9", "click==8.5.1")
_GRANIAN = (
    *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--workers", str(PROCESSES)),
    *("--blocking-threads", "1", "--log-level", "warning", "kecamatan_site.wsgi:application"),
)
SERVERS = {
    "gunicorn": (
        *("gunicorn", "--config", "python:kecamatan_site.web_processes", "--bind", "127.0.0.1:{port}"),
        *("--workers", str(PROCESSES), "--threads", "1", "--log-level", "warning", "kecamatan_site.wsgi"),
    ),
    "granian": _GRANIAN,
    # Its next process is ended only when the one before has had the time to load the site.
    "granian, patient": (*_GRANIAN, "--respawn-interval", "45"),
}
#: Generous: a busy machine loads the site slowly.
_PATIENCE = 900
_SETTINGS = """
import os
from pathlib import Path
from tests.bench.public.settings import *
X_FRAME_OPTIONS = Path(os.environ["MARK"]).read_text()
"""
_PROXY = {"X-Forwarded-Proto": "https"}


@dataclass
class Server:
    """A server that runs; the file ``mark`` is a setting that its answers tell."""

    running: Running
    mark: Path

    def ask(self, path: str, **headers: str) -> str:
        """Return the setting that the answer tells; raise OSError where there is none, or none that is whole."""
        connection = http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=_PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=_PROXY | headers)
            response = connection.getresponse()
            response.read()
        if response.status != 200:
            raise OSError(response.status)
        return response.headers["X-Frame-Options"]


def main() -> None:
    """Fill a site, let both run, ask them in turns and reload them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="how long each page is asked in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--items", type=int, default=200)
    options = parser.parse_args()
    find_or_install_wrk()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-servers-")))
        url = stack.enter_context(temporary_postgres())
        environment = _environment(folder, url, "postgres")
        _run(environment, "manage.py", "migrate", "--verbosity", "0")
        _run(environment, "-m", "tests.bench.public.corpus", "seed")
        corpus.grow(url, options.items)
        desk = json.loads(_run(environment, "-m", "tests.bench.public.rush", "sign-in"))
        _run(environment, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder / "other"), *OTHER)
        servers = [stack.enter_context(_running(name, folder, environment)) for name in SERVERS]
        loads = _measure(servers, desk, options)
        memory = {server.running.name: server.running.read_memory() for server in servers}
        reloads = {server.running.name: _reload(server) for server in servers}
    _report(loads, memory, reloads)


@contextlib.contextmanager
def _running(name: str, folder: Path, environment: dict[str, str]):
    """Start a server, and wait for its first answer."""
    port, mark, log = free_port(), folder / f"{name}.mark", folder / f"{name}.log"
    mark.write_text("DENY")
    (folder / "marked_settings.py").write_text(_SETTINGS)
    paths = (Path(__file__).parents[2], folder, folder / "other")
    own = {"DJANGO_SETTINGS_MODULE": "marked_settings", "PYTHONPATH": os.pathsep.join(map(str, paths))}
    own |= {"MARK": str(mark), "SITE_URL": f"https://127.0.0.1:{port}"}
    command = [sys.executable, "-m", *(word.format(port=port) for word in SERVERS[name])]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment | own, stdout=output, stderr=output)
    server = Server(Running(name, folder, port, {}, [process]), mark)
    try:
        wait_until(lambda: process.poll() is not None or _answers(server), _PATIENCE)
        assert process.poll() is None, log.read_text()
        yield server
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _answers(server: Server) -> bool:
    try:
        return bool(server.ask("/"))
    except (OSError, http.client.HTTPException):
        return False


def _measure(servers: list[Server], desk: dict, options) -> dict[str, dict[str, list]]:
    """Return the loads of each server by page: three of readers that no process remembers, and a person's desk."""
    cookie, [queue, home, _item] = desk["cookies"]["sekretaris"], desk["pages"]
    pages = {"front page": "/?dingin=1", "list": "/berita/?dingin=1", "search": f"/cari/?q={corpus.COMMON_WORD}"}
    desks = {"queue": queue, "admin's home": home}
    loads: dict[str, dict[str, list]] = {server.running.name: {} for server in servers}
    for number in range(options.rounds):
        print(f"Round {number + 1} of {options.rounds}.", flush=True)
        for name, path in (pages | desks).items():
            headers = _PROXY | ({"Cookie": cookie} if name in desks else {})
            # Whoever comes second finds the database warm: they take turns at that, too.
            for server in servers[:: -1 if number % 2 else 1]:
                for _each in range(2 * PROCESSES):
                    server.ask(path, **headers)
                address = f"http://127.0.0.1:{server.running.port}{path}"
                roots = [process.pid for process in server.running.processes]
                load = put_load(address, roots, seconds=options.seconds, connections=PROCESSES, headers=headers)
                loads[server.running.name].setdefault(name, []).append(load)
    return loads


def _reload(server: Server) -> dict:
    """Reload while readers ask; return what they lost, and after how many reloads the setting was the new one."""
    answers, lost, stop = [], [], threading.Event()

    def read():
        while not stop.is_set():
            try:
                answers.append(server.ask("/?dingin=1"))
            except (OSError, http.client.HTTPException) as error:
                lost.append(repr(error))
                time.sleep(0.05)

    readers = [threading.Thread(target=read) for _reader in range(READERS)]
    for reader in readers:
        reader.start()
    [main], taken_over = server.running.processes, 0
    try:
        for number in range(RELOADS):
            server.mark.write_text(mark := ("SAMEORIGIN", "DENY")[number % 2])
            before = set(server.running.list_processes()) - {main.pid}
            os.kill(main.pid, signal.SIGHUP)
            # A helper of the server's own may stay; whoever answers is a new process.
            wait_until(lambda: len(before - set(server.running.list_processes())) >= PROCESSES, _PATIENCE)  # noqa: B023
            count = len(answers)
            wait_until(lambda: len(answers) >= count + 20 * READERS, _PATIENCE)  # noqa: B023
            taken_over += set(answers[-2 * READERS :]) == {mark}
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    return {"asked": len(answers) + len(lost), "lost": len(lost), "kinds": sorted(set(lost))[:3], "new": taken_over}


def _report(loads: dict[str, dict[str, list]], memory: dict[str, float], reloads: dict[str, dict]) -> None:
    found = {}
    for name, pages in loads.items():
        # The best of the rounds: whatever else the machine does makes all slower and none faster.
        cpu = {page: round(min(load.cpu_ms for load in rounds), 2) for page, rounds in pages.items()}
        errors = sum(load.errors for rounds in pages.values() for load in rounds)
        found[name] = {"cpu_ms": cpu, "errors": errors, "memory_mb": round(memory[name]), "reloads": reloads[name]}
        print(f"{name}: ms of a processor a request: " + ", ".join(f"{page} {value}" for page, value in cpu.items()))
        told = reloads[name]
        print(f"    {memory[name]:.0f} MB; {RELOADS} reloads: {told['lost']} of {told['asked']} answers lost,", end=" ")
        print(f"the changed setting taken over in {told['new']}; {errors} errors under load")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
