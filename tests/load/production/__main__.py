"""`make try-production`: install, repeat and upgrade the site on a bare Debian 12, and print what came of it.

Usage: python -m tests.load.production [--base DIR] [--walk NAME ...]

Three machines one after the other: one on which today's version is installed by its one command, one on which it is
installed and upgraded by hand, and one on which 0.1.0 was set up by hand, filled, and is upgraded. Each root is made by
debootstrap, with mounts and processes of its own and this machine's network. systemd is not its init:
``systemd-analyze verify`` looks at the units, and systemctl.py beside this file starts them. What is tried is the last
commit. Ends with 1, and says why, where this machine cannot do it.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

from . import by_hand, certificates, first_version, installation, neighbours, nights, upgrades
from .bare_debian import BASE_DIR, BareDebian, CannotTry, running_debian

#: The walks of each machine, in their order; the first one makes what the others need.
MACHINES = (
    (
        installation.install,
        installation.repeat,
        installation.look_around,
        installation.mend_drift,
        installation.reload,
        nights.clean_at_night,
        nights.copy_over_ssh,
        certificates.take_a_given_certificate,
        certificates.ask_an_authority,
        upgrades.upgrade,
        upgrades.survive_a_bad_upgrade,
        neighbours.add_an_office,
    ),
    (by_hand.install_by_hand, by_hand.own_what_root_writes, by_hand.upgrade_by_hand),
    (
        first_version.set_up_the_first_version,
        first_version.fail_in_each_phase,
        first_version.upgrade_the_first_version,
    ),
)


def main(arguments: list[str]) -> int:
    """Return 0 where every claim held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="keep what debootstrap makes here, or take it from here")
    names = [walk.__name__ for walks in MACHINES for walk in walks]
    parser.add_argument("--walk", nargs="+", default=names, choices=names, help="only these, and what they need")
    options = parser.parse_args(arguments)
    began, processor = time.monotonic(), 0.0
    try:
        for walks in MACHINES:
            if {walk.__name__ for walk in walks} & set(options.walk):
                with running_debian(options.base) as debian:
                    lay_out(debian)
                    for walk in [walk for walk in walks if walk is walks[0] or walk.__name__ in options.walk]:
                        take(walk, debian)
                    processor += debian.read_processor_time()
    except CannotTry as error:
        print(f"NOT TRIED: {error}", file=sys.stderr)
        return 1
    except AssertionError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor += used.ru_utime + used.ru_stime
    print(f"All of it held: {time.monotonic() - began:.0f} s, {processor:.0f} s of a processor", flush=True)
    return 0


def take(walk, debian: BareDebian) -> None:
    """Take one walk, and print what it is and how long it took."""
    began = time.monotonic()
    print(f"=== {walk.__doc__.splitlines()[0]}", flush=True)
    walk(debian)
    print(f"=== held, {time.monotonic() - began:.0f} s", flush=True)


def lay_out(debian: BareDebian) -> None:
    """Clone the last commit into the root, from an origin that upgrades can come from."""
    if subprocess.run(["git", "status", "--porcelain"], cwd=BASE_DIR, capture_output=True).stdout:
        print("What is not committed is not tried.", file=sys.stderr)
    origin = debian.root / "srv" / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", origin], check=True)
    subprocess.run(["git", "push", "-q", origin, "HEAD:refs/heads/main"], cwd=BASE_DIR, check=True)
    debian.get("chown", "-R", "root:root", "/srv/origin.git")
    debian.get("git", "clone", "-q", "/srv/origin.git", "/srv/situs")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
