"""What it costs to start: ``make bench-start AGAINST=../older``.

Each build runs ``django.setup()`` in a process of its own, with its bytecode written by a first start that is not
counted; the two take turns, so that a busy machine slows both. Prints processor seconds (the median) and the number of
modules, the ratio, and one line of JSON.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
ROUNDS = 15
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="a checkout of an older build")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    builds = {"this": BASE_DIR} | ({"older": arguments.against.resolve()} if arguments.against else {})
    with tempfile.TemporaryDirectory() as scratch:
        for path in builds.values():
            _start(path, scratch)
        found = {name: [] for name in builds}
        for turn in range(arguments.rounds):
            for name in sorted(builds, reverse=bool(turn % 2)):
                found[name].append(_start(builds[name], scratch))
    _report(found)


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


def _report(found: dict[str, list[dict]]) -> None:
    seconds = {name: statistics.median(each["seconds"] for each in rounds) for name, rounds in found.items()}
    modules = {name: rounds[-1]["modules"] for name, rounds in found.items()}
    for name in found:
        print(f"{name:6}{seconds[name]:8.2f} s of the processor, {modules[name]} modules")
    summary = {
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "modules": modules,
        "target_met": seconds["this"] <= MOST_SECONDS,
    }
    if "older" in found:
        # Each round's own ratio: what slowed the machine then slowed both.
        rounds = zip(found["this"], found["older"], strict=True)
        summary["ratio"] = round(statistics.median(this["seconds"] / older["seconds"] for this, older in rounds), 3)
        summary["target_met"] = summary["ratio"] <= MOST_RATIO
        print(f"ratio {summary['ratio']:.3f}")
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
