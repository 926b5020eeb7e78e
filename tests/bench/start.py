"""What it costs to start: ``make bench-start AGAINST=../older``.

Each build runs ``django.setup()`` in a process of its own, with its bytecode written by a first start that is not
counted; the two take turns, so that a busy machine slows both. Prints processor seconds (the median) and the number of
modules.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import checkouts, figures

#: The target on a quiet machine, and against the build that took 1.8 s there.
MOST_SECONDS, MOST_RATIO = 1.0, 0.556
START = """
import json, sys, time
import django
django.setup()
print(json.dumps({"seconds": time.process_time(), "modules": len(sys.modules)}))
"""


def main() -> None:
    """Start this build, and an older one where a path is given."""
    options = checkouts.read_options(__doc__, rounds=15, quick=7)
    builds = checkouts.list_checkouts(options.against)
    with tempfile.TemporaryDirectory() as scratch:
        for path in builds.values():
            _start(path, scratch)
        found: dict[str, list[dict]] = {name: [] for name in builds}
        for turn in range(options.rounds):
            for name in sorted(builds, reverse=bool(turn % 2)):
                found[name].append(_start(builds[name], scratch))
    seconds, ratio = checkouts.compare(found, "seconds")
    modules, of_modules = checkouts.compare(found, "modules")
    figures.report(
        [
            figures.judge("start.setup", seconds, "s", ratio=ratio, of_older=MOST_RATIO, most=MOST_SECONDS),
            figures.judge("start.modules", modules, "modules", ratio=of_modules),
        ]
    )


def _start(path: Path, scratch: str) -> dict:
    # Bytecode of both builds goes to the scratch folder: neither a read-only checkout nor the environment decides.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PYTHONPATH": str(path),
        "PYTHONPYCACHEPREFIX": scratch,
        "DJANGO_SETTINGS_MODULE": "kecamatan_site.settings.dev",
        "DATA_DIR": scratch,
    }
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=path, env=variables, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
