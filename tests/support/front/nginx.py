"""The site's front server on loopback: the distribution's nginx with the very file of ``docs/nginx.conf``.

A request from this machine may name the reader for whom it stands, in ``X-Reader``; without it nothing is counted.
"""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
MAIN = """
daemon off; master_process on; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
{user}
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on; tcp_nopush on;
    access_log off;
    set_real_ip_from 127.0.0.1; real_ip_header X-Reader;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{site}
{more}
}}
"""


class NginxMissing(Exception):
    """No nginx here, and none could be installed."""


def find_nginx():
    """The path of the program, or None; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def find_or_install_nginx():
    """Root on a Debian installs what is missing; anybody else is told."""
    if path := find_nginx():
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NginxMissing("not found, and only root may install it (apt-get install nginx-light)")
    print("Installing nginx from the distribution.", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "nginx-light"]):
        command = ["apt-get", *arguments]
        result = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        if result.returncode:
            raise NginxMissing(f"{' '.join(command)} failed: {result.stderr.decode().strip()[-300:]}")
    if path := find_nginx():
        return path
    raise NginxMissing("the package was installed but brings no nginx")


def free_port() -> int:
    """A port that nobody listens on, below those that the system gives to connections while a server starts."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def read_site(port, app_port, data_dir) -> str:
    """The documented site, for loopback without TLS; Django is told what TLS would have told it."""
    text = (BASE_DIR / "docs" / "nginx.conf").read_text()
    for old, new in (
        ("GET situs.example ", f"GET 127.0.0.1:{port} "),
        ("HEAD situs.example ", f"HEAD 127.0.0.1:{port} "),
        (r"HEAD) situs\.example ", rf"HEAD) 127\.0\.0\.1:{port} "),
        ("situs.example", "127.0.0.1"),
        ("/srv/situs-data", str(data_dir)),
        ("/var/log/nginx/access.log", f"{data_dir}/access.log"),
        ("/var/log/situs/situs.log", f"{data_dir}/readers.log"),
        ("127.0.0.1:8001", f"127.0.0.1:{app_port}"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        ("listen 443 ssl default_server;", f"listen 127.0.0.1:{port} default_server;"),
        ("listen 80 default_server;", ""),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("ssl_reject_handshake on;", ""),
        ("X-Forwarded-Proto $scheme", "X-Forwarded-Proto https"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("ssl_certificate"))


@contextlib.contextmanager
def running_nginx(folder, port, app_port, data_dir, more=""):
    """Runs the front server until the block ends."""
    with running_site(folder, port, read_site(port, app_port, data_dir), more) as process:
        yield process


@contextlib.contextmanager
def running_site(folder, port, site, more=""):
    """Runs nginx with the text of a site until the block ends."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # The folders of a test are open to their owner alone.
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(MAIN.format(folder=folder, user=user, site=site, more=more))
    process = subprocess.Popen([find_nginx(), "-p", folder, "-c", config], stdin=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(port, process, seconds=90):
    """Returns as soon as the process listens."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server does not listen"
        time.sleep(0.05)


def wait_until_free(port, seconds=90):
    """Returns as soon as nobody listens."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(ConnectionError):
        while True:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            assert time.monotonic() < deadline, "a server still listens"
            time.sleep(0.05)
