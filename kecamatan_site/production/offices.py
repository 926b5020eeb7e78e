"""The offices of this machine: which there are, how they are, and their backups.

What is done for one office is done by a process of its own, whose ``OFFICE`` names it (machine.py).
"""

import os
import signal
import subprocess
import sys

from .machine import CODE, OFFICES, StepFailed
from .plan import read_domain

#: Answers of make's command line that are one office's: never those of an office beside the machine's own.
_OF_ONE = {"DOMAIN", "TLS", "CERTIFICATE", "CERTIFICATE_KEY", "OFFICE_FILE"}
#: How a row of the doctor begins that is good (home of the words: kecamatan_site/health/rows.py).
_GOOD = "baik"


def list_offices() -> list[str]:
    """Return the names of the offices that are set up here; "" for one that has the machine's own names."""
    alone = [""] if (CODE / ".env").is_file() else []
    return alone + sorted(file.stem for file in OFFICES.glob("*.env"))


def require_offices() -> list[str]:
    """Return them; raise StepFailed where there are none."""
    offices = list_offices()
    if not offices:
        raise StepFailed("Nothing is installed here: make production DOMAIN=...")
    return offices


def start_for(office: str, verb: str, **streams) -> subprocess.CompletedProcess:
    """Let a process do something for an office, by the code as it lies there now; nothing of it outlives this call."""
    others = _OF_ONE if office else ()
    environment = {name: value for name, value in os.environ.items() if name not in others} | {"OFFICE": office}
    command = [sys.executable, "-m", "kecamatan_site.production", verb]
    process = subprocess.Popen(command, cwd=CODE, env=environment, text=True, start_new_session=True, **streams)
    try:
        said, _errors = process.communicate()
    except BaseException:
        # With all that it started: pip and migrate would go on while the machine goes back.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return subprocess.CompletedProcess(command, process.returncode, said)


def back_up(dry_run: bool = False) -> int:
    """Back all offices up, one after the other; return how many failed."""
    failed = 0
    for office in require_offices():
        print(f"--- {name(office)}", flush=True)
        if not dry_run and start_for(office, "store").returncode:
            failed += 1
            print(f"{name(office)} was NOT backed up; its message stands above.", flush=True)
    return failed


def watch() -> int:
    """Print how each office is, with what is not good; return how many are broken."""
    broken = 0
    for office in require_offices():
        done = start_for(office, "examine", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        rows = [line for line in done.stdout.splitlines() if line.strip() and not line.startswith(_GOOD)]
        broken += bool(done.returncode)
        print(f"{name(office)}: {'BROKEN' if done.returncode else 'well'}", flush=True)
        print("".join(f"    {row}\n" for row in rows), end="", flush=True)
    return broken


def name(office: str) -> str:
    """Return an office's name with its address."""
    file = OFFICES / f"{office}.env" if office else CODE / ".env"
    address = f"https://{read_domain(file)}"
    return f"{office} {address}" if office else address
