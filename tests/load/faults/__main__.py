"""Full disk, read-only and restarted database, wrong clock, two of each timer, 20 editors beside 3 approvers.

Each part runs on a fresh database in a process of its own, on a small tmpfs that is made for it (root). An attempt ends
well where it is done, or where its sender is told in a sentence and finds the text that was typed; anything else is a
bare error. Afterwards there is room again, and what was acknowledged is compared with what is stored.

Ends with one line of JSON, and with exit code 1 where an answer was bare, a text lost or something left behind.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.load.databases import list_names, make_environment
from tests.support.databases.template import get_sqlite_template

#: What each part is run on.
PARTS = {
    "disk": ("sqlite", "postgresql"),
    "readonly": ("sqlite", "postgresql"),
    "timers": ("sqlite", "postgresql"),
    "people": ("sqlite", "postgresql"),
    "restart": ("postgresql",),
    "clock": ("sqlite", "postgresql"),
}
#: Room for a database with its server, in MiB; memory is taken only for what is written.
ROOM = 1500


@contextlib.contextmanager
def small_disk():
    """Mount a tmpfs, and let everything temporary lie on it."""
    template = get_sqlite_template()
    with tempfile.TemporaryDirectory(prefix="mojogedang-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}m,mode=1777", "tmpfs", folder], check=True)
        # Made once for all runs, where they look for it.
        (Path(folder) / template.name).symlink_to(template)
        before = tempfile.tempdir
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before
            subprocess.run(["umount", "--lazy", folder], check=True)


def main() -> int:
    """Run each part on each database, and add up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default=",".join(PARTS), help="some of them, separated by commas")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seconds", type=int, default=60, help="how long people work")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        print("make faults needs root: it mounts a small disk.", file=sys.stderr)
        return 2
    # Whoever ends this ends what it started, and unmounts the disk.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    total: Counter = Counter({"attempts": 0, "bare": 0, "lost": 0, "left": 0})
    for part in arguments.parts.split(","):
        for name in list_names(arguments.database):
            if name not in PARTS[part]:
                continue
            with small_disk() as disk, make_environment(name) as environment:
                command = [sys.executable, "-m", "tests.load.faults.run", part, str(disk), str(arguments.seconds)]
                done = subprocess.run(
                    command, env=environment | {"TMPDIR": str(disk)}, stdout=subprocess.PIPE, text=True
                )
            print(f"{part}, {name}:\n{done.stdout.rstrip()}", flush=True)
            if done.returncode:
                print("broke off", flush=True)
                return 1
            total.update(json.loads(done.stdout.splitlines()[-1]))
    print(json.dumps(dict(total)))
    return int(any(total[name] for name in ("bare", "lost", "left")))


if __name__ == "__main__":
    sys.exit(main())
