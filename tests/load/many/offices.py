"""What offices on one machine need together: ``make bench-offices ARGS="--offices 1,3"``.

Each office is an instance as ``make production OFFICE=...`` sets it up: a database of its own on one PostgreSQL, a data
folder, keys, two web processes and a worker; one nginx serves all. After a few requests to each and a moment of rest,
prints the memory (PSS in MB) of the offices, of PostgreSQL and of nginx, connections, and the processor's share, for
each number of offices; then one line of JSON. Ends with 1 where the most do not fit into ``--fit`` MB.
"""

import argparse
import base64
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.bench.idle import Running, wait_for
from tests.support.databases.postgres import temporary_postgres
from tests.support.front.nginx import find_nginx, free_port

BASE_DIR = Path(__file__).resolve().parents[3]
#: A machine of 8 GB, of which the system and its cache of files keep one.
FIT = 7 * 1024
REST, SECONDS = 30, 60
MAIN = (
    "pid {folder}/nginx.pid; error_log stderr; daemon off; {user}\nevents {{}}\nhttp {{\naccess_log off;\n{sites}\n}}\n"
)


class Machine:
    """One database server, one nginx, and offices beside each other."""

    def __init__(self, folder: Path, server: str, stack: ExitStack):
        self.folder, self.server, self.stack = folder, server, stack
        self.offices: list[Running] = []
        #: What the installer writes for nginx: the part of all offices, then one each.
        self.sites: list[str] = []

    def add(self, name: str) -> None:
        """Set an office up and start it; the first one's tables and static files are copied for the others."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}" + (" TEMPLATE office_template" if self.offices else ""))
        data, port = self.folder / name, free_port()
        data.mkdir()
        environment = self.get_environment(name, data, port)
        if not self.offices:
            self.manage(environment, "migrate", "--no-input", "--verbosity=0")
            self.manage(environment, "starter_pages")
            self.manage(environment, "collectstatic", "--no-input", "--verbosity=0")
            self.sites.append(self.manage(environment, "nginx_conf", "--shared"))
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE office_template TEMPLATE {name}")
        else:
            shutil.copytree(self.folder / self.offices[0].name / "static", data / "static")
        web = ["-m", "gunicorn", "--config", "python:kecamatan_site.web_processes", "kecamatan_site.wsgi"]
        processes = [self.start([sys.executable, *command], environment) for command in (web, ["manage.py", "worker"])]
        self.sites.append(self.manage(environment, "nginx_conf"))
        self.offices.append(Running(name, BASE_DIR, port, environment, processes))

    def get_environment(self, name: str, data: Path, port: int) -> dict[str, str]:
        """Return the settings of an office, as the installer writes them."""
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        # The log of the copied tables is coded with the first office's key.
        audit_keys = self.offices[0].environment["AUDIT_KEYS"] if self.offices else f"1:{secrets.token_urlsafe(32)}"
        return kept | {
            "PYTHONPATH": str(BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.production",
            "OFFICE": name,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "situs.example",
            "SITE_URL": "https://situs.example",
            "DATABASE_URL": f"{self.server.rpartition('/')[0]}/{name}",
            "DATA_DIR": str(data),
            "CHANNEL_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "AUDIT_KEYS": audit_keys,
            "WATCH_SITE": "0",
            "WEB_BIND": f"127.0.0.1:{port}",
            "WEB_WORKERS": "2",
            "LOG_LEVEL": "WARNING",
        }

    def manage(self, environment: dict, *words: str) -> str:
        """Run a command of manage.py for an office."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=BASE_DIR, env=environment, check=True, text=True, stdout=subprocess.PIPE
        ).stdout

    def start(self, command: list, environment: dict | None = None, until: ExitStack | None = None) -> subprocess.Popen:
        """Start a process that ends with the machine, or sooner."""
        process = subprocess.Popen(command, cwd=BASE_DIR, env=environment, stdin=subprocess.DEVNULL)
        (until or self.stack).callback(process.wait, timeout=120)
        (until or self.stack).callback(process.terminate)
        return process

    def start_nginx(self, until: ExitStack) -> Running:
        """Start nginx with the sites of all offices, on loopback and without their certificates."""
        text = "\n".join(self.sites)
        for pattern, new in (
            (r"listen 443 ssl( http2)?", f"listen 127.0.0.1:{free_port()}"),
            (r"listen 80\b", f"listen 127.0.0.1:{free_port()}"),
            (r"\s*ssl_(certificate|certificate_key|protocols|reject_handshake) [^;]*;", ""),
        ):
            text = re.sub(pattern, new, text)
        # All have one name here; each has its own on a machine.
        names = iter(range(10_000))
        text = re.sub(r"server_name situs\.example", lambda found: f"server_name kantor{next(names)}.example", text)
        config = self.folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(MAIN.format(folder=self.folder, user=user, sites=text))
        return Running(
            "nginx", BASE_DIR, 0, {}, [self.start([find_nginx(), "-p", self.folder, "-c", config], until=until)]
        )

    def visit(self) -> None:
        """Ask the newest office as readers do, until each of its processes has answered."""
        wait_for(self.offices[-1])
        for _request in range(8):
            self.offices[-1].ask("/")
            self.offices[-1].ask("/cari/?q=air")

    def look(self, nginx: Running, seconds: int) -> dict:
        """Return the memory of all, and what they use of the processor while nobody comes."""
        postgres, connections = self.read_database()
        everything = [*self.offices, postgres, nginx]
        before = sum(each.read_seconds() for each in everything)
        time.sleep(seconds)
        used = sum(each.read_seconds() for each in everything) - before
        parts = {
            "offices_mb": round(sum(office.read_memory() for office in self.offices)),
            "postgresql_mb": round(postgres.read_memory()),
            "nginx_mb": round(nginx.read_memory()),
        }
        return {
            "offices": len(self.offices),
            **parts,
            "together_mb": sum(parts.values()),
            "connections": connections,
            "idle_cpu_percent": round(100 * used / seconds, 1),
        }

    def read_database(self) -> tuple[Running, int]:
        """Return the server's processes, and how many connections are open."""
        with psycopg.connect(self.server) as connection:
            [[pid_file]] = connection.execute("SHOW data_directory").fetchall()
            [[count]] = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            )
        pid = int((Path(pid_file) / "postmaster.pid").read_text().split()[0])
        return Running("PostgreSQL", BASE_DIR, 0, {}, [_Known(pid)]), count - 1


class _Known:
    """A process that somebody else started."""

    def __init__(self, pid: int):
        self.pid = pid


def measure(counts: list[int], rest: int = REST, seconds: int = SECONDS) -> Iterator[dict]:
    """Let the number of offices grow to each of the counts; yield what they need there."""
    with tempfile.TemporaryDirectory() as folder, temporary_postgres() as server, ExitStack() as stack:
        machine = Machine(Path(folder), server, stack)
        for count in counts:
            while len(machine.offices) < count:
                machine.add(f"kantor{len(machine.offices)}")
                machine.visit()
                print(f"{len(machine.offices)} of {counts[-1]} run", file=sys.stderr, flush=True)
            with ExitStack() as meanwhile:
                nginx = machine.start_nginx(meanwhile)
                time.sleep(rest)
                yield machine.look(nginx, seconds)


def main(arguments: list[str]) -> int:
    """Return 0 where they fit."""
    # Whoever ends this ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", default="1,3,17", help="how many run at the same time, one figure after the other")
    parser.add_argument("--fit", type=int, default=FIT, help="MB that the most of them may need together")
    parser.add_argument("--seconds", type=int, default=SECONDS)
    options = parser.parse_args(arguments)
    counts = sorted(int(count) for count in options.offices.split(","))
    found = []
    for figures in measure(counts, seconds=options.seconds):
        found.append(figures)
        print(
            "{offices:2} offices: {offices_mb} MB, PostgreSQL {postgresql_mb} MB with {connections} connections, nginx "
            "{nginx_mb} MB: together {together_mb} MB; {idle_cpu_percent} % of one processor while nobody comes".format(
                **figures
            ),
            flush=True,
        )
    fits = found[-1]["together_mb"] <= options.fit
    print(json.dumps({"figures": found, "fit_mb": options.fit, "fits": fits}))
    return 0 if fits else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
