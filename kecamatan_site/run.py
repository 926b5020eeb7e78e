"""`make run`: install, prepare the demo, run web server and worker until Ctrl-C.

Standard library only: the system's Python runs it before anything is installed.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import time

from kecamatan_site.install import BASE_DIR, RUNTIME_LOCK, VENV_PYTHON, InstallError, install

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Longer than gunicorn's --graceful-timeout.
STOP_SECONDS = 15


class Stopped(Exception):
    """A signal asked the launcher to stop."""


def main():
    """Return 0 when asked to stop; 1, with one line on stderr, when the start failed or a process ended."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = os.environ.get("PORT", "8000")
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        _check_port(host, port)
        install(RUNTIME_LOCK)
        _set_environment(host, port)
        return _serve(host, port)
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        print("Stopped.", flush=True)
        return 0


def _stop(number, frame):
    # make sends a second signal after Ctrl-C; it must not interrupt the orderly stop.
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def _check_port(host, port):
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise InstallError(f"PORT={port} is not a port number.")
    family, _, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise InstallError(f"Port {port} cannot be used: {error.strerror}.") from error
            raise InstallError(f"Port {port} is taken. Choose another one: make run PORT=8001") from error


def _set_environment(host, port):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kecamatan_site.settings.dev")
    # The demo shows the site's own pages for 404 and 500, not Django's.
    os.environ.setdefault("DEBUG", "0")
    os.environ.setdefault("SITE_URL", f"http://{host}:{port}")
    os.environ.setdefault("WORKER_WITH_WEB", "1")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")


def _serve(host, port):
    """Start the process that prepares the demo and then serves it; stop it when asked to, or say that it ended."""
    print("Preparing the database and the demo site.", flush=True)
    reading, writing = os.pipe()
    options = [*_gunicorn_options(host, port), "kecamatan_site.wsgi"]
    command = [VENV_PYTHON, "-m", "kecamatan_site.prepare", str(writing), *options]
    # A session of its own: Ctrl-C reaches only the launcher, which stops it in order.
    process = subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True, pass_fds=[writing])
    try:
        os.close(writing)
        # Ends once the demo is ready, or with the process.
        with os.fdopen(reading) as told:
            accounts = told.read()
        if not accounts:
            raise InstallError("The database or the demo site could not be prepared; the message stands above.")
        announced = False
        while process.poll() is None:
            if not announced and _answers(host, port):
                print(f"\n{accounts.strip()}\n\n{os.environ['SITE_URL']}/\nCtrl-C stops it.", flush=True)
                announced = True
            time.sleep(0.2)
        print(f"The web server ended (exit code {process.returncode}).", file=sys.stderr)
        return 1
    finally:
        _stop_all(process)


def _gunicorn_options(host, port):
    # One process: SQLite has one writer, and local-memory caches are shared within a process.
    sizes = ["--workers=1", "--worker-class=gthread", "--threads=4"]
    config = ["--config=python:kecamatan_site.web_processes", f"--bind={host}:{port}"]
    return [*config, *sizes, "--graceful-timeout=10", "--log-level=warning"]


def _answers(host, port):
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _stop_all(process):
    """Let the web server end, and its web process and worker with it."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
