#!/usr/bin/env python3
"""Stands in for systemctl where systemd is not the init: starts the commands of the units as their accounts.

Only for ``tests.load.production``, in a root made for it. Knows the verbs that the installer, Debian's ``service`` and
its packages use; other services than the site's are started by their scripts in /etc/init.d.
"""

import os
import signal
import subprocess
import sys
import time
from configparser import RawConfigParser
from pathlib import Path

UNITS = Path("/etc/systemd/system")
STATE = Path("/run/units")
QUIET_VERBS = {"daemon-reload", "list-unit-files", "list-units", "show", "preset", "mask", "unmask", "reset-failed"}


def main(arguments: list[str]) -> int:
    words = [word for word in arguments if not word.startswith("-")]
    verb, names = (words[0], words[1:]) if words else ("", [])
    if verb in QUIET_VERBS:
        return 0
    STATE.mkdir(exist_ok=True)
    return max([act(verb, name, "--now" in arguments) for name in names], default=0)


def act(verb: str, name: str, now: bool) -> int:
    path = UNITS / name
    if name.startswith("postgresql@"):
        version, cluster = name.removeprefix("postgresql@").removesuffix(".service").split("-", 1)
        return subprocess.call(["pg_ctlcluster", "--skip-systemctl-redirect", version, cluster, verb])
    if not path.is_file():
        script = Path("/etc/init.d") / name.removesuffix(".service")
        command = "status" if verb == "is-active" else verb
        return subprocess.call([script, command], env=os.environ | {"SYSTEMCTL_SKIP_REDIRECT": "1"})
    if verb == "enable":
        (STATE / f"{name}.enabled").touch()
        return start(path) if now else 0
    if verb == "is-enabled":
        return 0 if (STATE / f"{name}.enabled").exists() else 1
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
    return start(path) if verb in {"start", "restart"} else 0


def is_active(name: str) -> bool:
    pid = STATE / f"{name}.pid"
    if not pid.exists():
        return False
    return name.endswith(".timer") or Path("/proc", pid.read_text(), "exe").exists()


def start(path: Path) -> int:
    if is_active(path.name):
        return 0
    pid = STATE / f"{path.name}.pid"
    if path.suffix == ".timer":
        pid.write_text("0")
        return 0
    unit = RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(path)
    service = unit["Service"]
    command = ["runuser", "-u", service["User"], "--", "env", service["Environment"], *service["ExecStart"].split()]
    with Path(f"/var/log/{path.stem}.log").open("a") as log:
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
    return 0


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
