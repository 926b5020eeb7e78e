"""systemd's units of the site, and whether the site answers."""

import http.client
import re
import socket
import ssl
import time
from pathlib import Path

from .database import ask
from .machine import (
    CODE,
    OFFICE,
    OFFICES,
    PRODUCTION,
    PYTHON,
    USER,
    StepFailed,
    has_systemd,
    holds,
    manage,
    name_unit,
    run,
    succeeds,
    write,
)
from .plan import Plan
from .steps import Step

UNITS = Path(__file__).parent / "units"
SYSTEMD = Path("/etc/systemd/system")
#: What is started; a service beside a timer is started by it.
STARTED = tuple(
    name_unit(name)
    for name in (
        "situs-web.service",
        "situs-worker.service",
        "situs-cleanup.timer",
        "situs-backup.timer",
        "situs-proof.timer",
    )
)
_PATIENCE = 90
_CHECK = ("check", "--deploy", "--database", "default", "--fail-level", "ERROR")
_STOP = f"systemctl disable --now {' '.join(STARTED)}"
_BY_HAND = f"runuser -u {USER} -- the ExecStart line of the unit, in {CODE}"


def list_units() -> dict[str, str]:
    """Return the text of each unit by its name; of templates, ``situs-web@.service``, where offices share a machine."""
    units = {path.name: path.read_text() for path in UNITS.iterdir() if path.suffix in {".service", ".timer"}}
    return dict(sorted(map(make_template, *zip(*units.items(), strict=True)) if OFFICE else units.items()))


def make_template(name: str, text: str) -> tuple[str, str]:
    """Return name and text of the template of a unit: what is the site's becomes the office's, ``%i``."""
    text = re.sub(r"\b(situs-[a-z]+)\.(service|timer)\b", r"\1@.\2", text)
    for alone, shared in (
        ("Situs kecamatan:", "Situs kecamatan %i:"),
        ("User=situs\n", "User=situs-%i\n"),
        ("/srv/situs-data", "/srv/situs-kantor/%i"),
        ("/var/backups/situs", "/var/backups/situs-%i"),
        ("\nExecStart=", f"\nEnvironment=ENV_FILE={OFFICES}/%i.env\nExecStart="),
        # Not all offices at once, and each at its own time every night.
        ("RandomizedDelaySec=15m\n", ""),
        ("\nPersistent=true", "\nRandomizedDelaySec=2h\nFixedRandomDelay=true\nPersistent=true"),
    ):
        text = text.replace(alone, shared)
    return name.replace(".", "@.", 1), text


def are_units_written(plan: Plan) -> bool:
    """Return whether systemd has the units of this version."""
    return all(holds(SYSTEMD / name, text) for name, text in list_units().items())


def write_units(plan: Plan) -> None:
    """Write the units, and let systemd verify them where it is installed."""
    for name, text in list_units().items():
        write(SYSTEMD / name, text)
    run("systemd-analyze", "verify", *(SYSTEMD / name_unit(name.replace("@", "")) for name in list_units()))
    if has_systemd():
        run("systemctl", "daemon-reload")


def are_started(plan: Plan) -> bool:
    """Return whether every unit runs, and will run after the next start of the machine.

    Where systemd did not start this machine, whoever started them by hand is believed if the site answers.
    """
    if not has_systemd():
        return answers(plan)
    return all(succeeds("systemctl", verb, "--quiet", name) for verb in ("is-active", "is-enabled") for name in STARTED)


def start(plan: Plan) -> None:
    """Start web processes, worker and timers."""
    if not has_systemd():
        raise StepFailed(f"systemd does not run here. Start each service by hand ({_BY_HAND}), then run this again.")
    run("systemctl", "enable", "--now", *STARTED)


def answers(plan: Plan) -> bool:
    """Return whether a reader gets the front page, through nginx and TLS, made by this site."""
    try:
        return ask_front_page(plan.domain) == 200
    except (OSError, http.client.HTTPException):
        return False


def ask_front_page(domain: str) -> int:
    """Return the status of the front page as this machine serves it, whatever the name leads to outside."""
    # Whether others trust the certificate is not asked here: a trial has one of its own.
    context = ssl._create_unverified_context()  # noqa: S323
    with socket.create_connection(("127.0.0.1", 443), timeout=20) as plain:
        connection = http.client.HTTPConnection(domain)
        connection.sock = context.wrap_socket(plain, server_hostname=domain)
        connection.request("GET", "/", headers={"Host": domain})
        return connection.getresponse().status


def wait_for_answer(plan: Plan) -> None:
    """Wait for the first answer; say what to look at where none comes."""
    deadline = time.monotonic() + _PATIENCE
    while not answers(plan):
        if time.monotonic() > deadline:
            raise StepFailed(f"The site does not answer. See: journalctl -u {STARTED[0]} -u nginx, nginx -t")
        time.sleep(1)


def has_beaten(plan: Plan) -> bool:
    """Return whether a worker's jobs come round."""
    alive = "SELECT count(*) > 0 FROM health_heartbeat WHERE beat_at > now() - interval '3 minutes'"
    return ask(alive, USER) == "t"


def wait_for_beat(plan: Plan) -> None:
    """Wait for the first heartbeat; say what to look at where none comes."""
    deadline = time.monotonic() + _PATIENCE
    while not has_beaten(plan):
        if time.monotonic() > deadline:
            raise StepFailed(f"The worker does nothing. See: journalctl -u {STARTED[1]}")
        time.sleep(1)


def examine() -> bool:
    """Print how the site is, return whether it is well; what is broken or missing is for a person to mend."""
    return succeeds(PYTHON, "manage.py", "doctor", user=USER, show=True, **PRODUCTION)


def are_checks_clean(plan: Plan) -> bool:
    """Return whether Django finds nothing wrong with settings, database and nginx's file."""
    return succeeds(PYTHON, "manage.py", *_CHECK, user=USER, **PRODUCTION)


def name_problems(plan: Plan) -> None:
    """Raise StepFailed with what the checks say."""
    manage(*_CHECK)


PREPARING = (Step("Units", are_units_written, write_units, f"{_STOP}; rm /etc/systemd/system/situs-*"),)
RUNNING = (
    Step("Services", are_started, start, _STOP),
    Step("Answer", answers, wait_for_answer, "nothing was changed"),
    Step("Worker", has_beaten, wait_for_beat, "nothing was changed"),
    Step("Checks", are_checks_clean, name_problems, "nothing was changed"),
)
