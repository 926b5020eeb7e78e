#!/usr/bin/env python3
"""Stands in for systemctl where systemd is not the init: starts the commands of the units as their accounts.

Only for ``tests.load.production``, in a root made for it. Knows the verbs that the installer, Debian's ``service`` and
its packages use; other services than the site's are started by their scripts in /etc/init.d.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from configparser import RawConfigParser
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path("/run/units")
QUIET_VERBS = {"daemon-reload", "list-unit-files", "list-units", "show", "mask", "unmask", "reset-failed"}
#: Links, which the real one makes and reads without an init.
LINKING_VERBS = {"preset", "enable", "is-enabled"}
REAL = "/bin/systemctl.distrib"


def main(arguments: list[str]) -> int:
    words = [word for word in arguments if not word.startswith("-")]
    verb, names = (words[0], words[1:]) if words else ("", [])
    if verb in QUIET_VERBS:
        return 0
    STATE.mkdir(exist_ok=True)
    if verb in LINKING_VERBS:
        words = [word for word in arguments if word != "--now"]
        ended = subprocess.call([REAL, *words], env=os.environ | {"SYSTEMD_OFFLINE": "1"})
        if ended or words == arguments:
            return ended
        verb = "start"
    return max([act(verb, name if "." in name else f"{name}.service") for name in names], default=0)


def act(verb: str, name: str) -> int:
    path = find_unit(name)
    if name.startswith("postgresql@"):
        version, cluster = name.removeprefix("postgresql@").removesuffix(".service").split("-", 1)
        return subprocess.call(["pg_ctlcluster", "--skip-systemctl-redirect", version, cluster, verb])
    if not path.is_file():
        script = Path("/etc/init.d") / name.removesuffix(".service")
        command = "status" if verb == "is-active" else verb
        return subprocess.call([script, command], env=os.environ | {"SYSTEMCTL_SKIP_REDIRECT": "1"})
    if verb == "is-active":
        return 0 if is_active(name) else 3
    if verb == "reload":
        # The ExecReload of the unit, for the command below runuser.
        parent = (STATE / f"{name}.pid").read_text()
        [child] = Path("/proc", parent, "task", parent, "children").read_text().split()
        os.kill(int(child), signal.SIGHUP)
        return 0
    if verb in {"stop", "restart"}:
        stop(name)
    return start(path, name) if verb in {"start", "restart"} else 0


def find_unit(name: str) -> Path:
    """Return the file of a unit: of its template where it is one of several."""
    return UNITS / re.sub(r"@[^.]+", "@", name)


def is_active(name: str) -> bool:
    pid = STATE / f"{name}.pid"
    if not pid.exists():
        return False
    return name.endswith(".timer") or Path("/proc", pid.read_text(), "exe").exists()


def start(path: Path, name: str) -> int:
    if is_active(name):
        return 0
    pid = STATE / f"{name}.pid"
    if path.suffix == ".timer":
        pid.write_text("0")
        return 0
    text = path.read_text().replace("%i", name.partition("@")[2].rpartition(".")[0])
    unit = RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string(text)
    condition = unit["Unit"].get("ConditionPathExists", "")
    if condition.startswith("!") and Path(condition[1:]).exists():
        return 0
    service = unit["Service"]
    # A unit may name several; the parser keeps the last one alone.
    variables = re.findall(r"^Environment=(.*)$", text, re.M)
    command = ["runuser", "-u", service["User"], "--", "env", *variables, *service["ExecStart"].split()]
    if service.get("Type") == "notify":
        ready = listen()
        command[5:5] = [f"NOTIFY_SOCKET={ready.getsockname()}"]
    with Path(f"/var/log/{name.rpartition('.')[0]}.log").open("a") as log:
        process = subprocess.Popen(
            command,
            cwd=service["WorkingDirectory"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if service.get("Type") == "oneshot":
        return process.wait()
    pid.write_text(str(process.pid))
    if service.get("Type") == "notify":
        while b"READY=1" not in ready.recv(4096):
            pass
    return 0


def listen() -> socket.socket:
    """Return the socket at which a service says that it is ready; two minutes without a word are an error."""
    place = STATE / "notify"
    place.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(place))
    place.chmod(0o666)
    listener.settimeout(120)
    return listener


def stop(name: str) -> None:
    pid = STATE / f"{name}.pid"
    if is_active(name) and not name.endswith(".timer"):
        number = int(pid.read_text())
        os.killpg(number, signal.SIGTERM)
        deadline = time.monotonic() + 60
        while Path("/proc", str(number), "exe").exists():
            if time.monotonic() > deadline:
                os.killpg(number, signal.SIGKILL)
            time.sleep(0.1)
    pid.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
