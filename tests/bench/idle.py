"""What a running site costs while nobody comes: ``make bench-idle AGAINST=../older``.

Each build runs with the settings of production, two web processes and a worker on a PostgreSQL database of its own,
both builds at the same time on one server; the worker is forked beside the web processes where a build can do that
(WORKER_WITH_WEB). After a first request and a moment of rest, prints the statements that reach the server in a
minute, the processor seconds of all processes, and the memory they need together (PSS in MB); then one line of JSON.
"""

import argparse
import base64
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench import checkouts, figures
from tests.support.databases.postgres import temporary_postgres

REST, SECONDS, QUICK = 20, 60, 30
WEB_PROCESSES = 2
#: Statements and memory in relation to the older build; memory in MB besides.
MOST_STATEMENTS, MOST_MEMORY, MOST_MB = 0.1, 0.55, 250


@dataclass
class Running:
    """A build that runs: its processes, and the database they use."""

    name: str
    path: Path
    port: int
    environment: dict
    processes: list[subprocess.Popen]

    def list_processes(self) -> list[int]:
        """Return the ids of its processes, children included."""
        found = [process.pid for process in self.processes]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, _read_running(task).split())
        return found

    def read_memory(self) -> float:
        """Return the proportional set size of all processes in MB."""
        rollups = [_read_running(Path(f"/proc/{pid}/smaps_rollup")) for pid in self.list_processes()]
        return sum(int(kilobytes) for kilobytes in re.findall(r"^Pss:\s+(\d+) kB", "".join(rollups), re.M)) / 1024

    def read_seconds(self) -> float:
        """Return the processor time of all processes in seconds."""
        stats = [_read_running(Path(f"/proc/{pid}/stat")) for pid in self.list_processes()]
        fields = [text.rpartition(")")[2].split() for text in stats if text]
        return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")

    def ask(self, path: str) -> None:
        """Ask for a page as the front server does."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        request.add_header("Host", "situs.example")
        request.add_header("X-Forwarded-Proto", "https")
        urllib.request.urlopen(request, timeout=120).read()


def _read_running(path: Path) -> str:
    """Return a file of a process, "" where that one has ended: a database's connection comes and goes."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def main() -> None:
    """Measure this build, and an older one where a path is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="a checkout of an older build")
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} seconds instead of {SECONDS}")
    arguments = parser.parse_args()
    seconds = arguments.seconds or (QUICK if arguments.quick else SECONDS)
    builds = checkouts.list_checkouts(arguments.against)
    with tempfile.TemporaryDirectory() as folder, temporary_postgres() as server:
        log = _log_statements(server)
        running: list[Running] = []
        try:
            for name, path in builds.items():
                running.append(_start(name, path, Path(folder), server))
            _report({site.name: found for site, found in _measure(running, log, seconds)})
        finally:
            for process in (process for site in running for process in site.processes):
                process.terminate()
            for process in (process for site in running for process in site.processes):
                process.wait(timeout=120)


def _log_statements(server: str) -> Path:
    """Let the server log each statement with its database; return the log's path."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("log_statement = 'all'", "log_line_prefix = '%d '"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        [folder] = connection.execute("SHOW data_directory").fetchone()
    return Path(folder).parent / "server.log"


def _start(name: str, path: Path, folder: Path, server: str) -> Running:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    data = folder / name
    data.mkdir()
    environment = {each: value for each, value in os.environ.items() if each != "PYTHONDONTWRITEBYTECODE"} | {
        "PYTHONPATH": str(path),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "situs.example",
        "SITE_URL": "https://situs.example",
        "DATABASE_URL": f"{server.rpartition('/')[0]}/{name}",
        "DATA_DIR": str(data),
        "CHANNEL_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AUDIT_KEYS": f"1:{secrets.token_urlsafe(32)}",
        # The first version did not start without.
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "situs@situs.example",
        "WATCH_SITE": "0",
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": str(WEB_PROCESSES),
        "WORKER_WITH_WEB": "1",
        "LOG_LEVEL": "WARNING",
    }
    for command in (["migrate", "--no-input"], ["collectstatic", "--no-input"]):
        subprocess.run([sys.executable, "manage.py", *command, "--verbosity=0"], cwd=path, env=environment, check=True)
    commands = [
        ["-m", "gunicorn", "--config", "python:kecamatan_site.web_processes", "kecamatan_site.wsgi"],
        ["manage.py", "worker"],
    ]
    # Builds of before web_processes take the address and the number from the command line.
    commands[0].extend([f"--bind=127.0.0.1:{port}", f"--workers={WEB_PROCESSES}", "--log-level=warning"])
    configuration = path / "kecamatan_site" / "web_processes.py"
    if not configuration.exists():
        commands[0][2:4] = []
    elif "WORKER_WITH_WEB" in configuration.read_text():
        del commands[1]
    # The figures alone go to standard output.
    processes = [
        subprocess.Popen([sys.executable, *command], cwd=path, env=environment, stdout=sys.stderr)
        for command in commands
    ]
    return Running(name, path, port, environment, processes)


def _measure(running: list[Running], log: Path, seconds: int):
    for site in running:
        wait_for(site)
        for _request in range(4 * WEB_PROCESSES):
            site.ask("/")
            site.ask("/cari/?q=air")
    time.sleep(REST)
    size, before = log.stat().st_size, [site.read_seconds() for site in running]
    time.sleep(seconds)
    with log.open(errors="replace") as lines:
        lines.seek(size)
        text = lines.read()
    for site, used in zip(running, before, strict=True):
        statements = re.findall(rf"^{site.name} LOG:  (?:statement|execute [^:]*): (.*)", text, re.M)
        yield (
            site,
            {
                "statements": round(len(statements) * 60 / seconds),
                "cpu_seconds": round((site.read_seconds() - used) * 60 / seconds, 2),
                "memory_mb": round(site.read_memory()),
            },
        )


def wait_for(site: Running) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            return site.ask("/robots.txt")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _report(found: dict[str, dict]) -> None:
    bounds = {"statements": MOST_STATEMENTS, "cpu_seconds": None, "memory_mb": MOST_MEMORY}
    units = {"statements": "a minute", "cpu_seconds": "s a minute", "memory_mb": "MB"}
    figures.report(
        figures.judge(
            "memory" if key == "memory_mb" else f"idle.{key}",
            found["this"][key],
            units[key],
            ratio=found["this"][key] / found["older"][key] if "older" in found else None,
            of_older=bound,
            most=MOST_MB if key == "memory_mb" else None,
        )
        for key, bound in bounds.items()
    )


if __name__ == "__main__":
    main()
