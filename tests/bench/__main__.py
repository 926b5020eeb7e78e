"""All figures of speed and weight in one summary: ``make bench AGAINST=../older``.

Runs the benches one after the other, each in a process of its own, and shows what they print. Ends with one line of
JSON: each figure with its unit, its ratio to the older build, its target and whether that is met. A bench that breaks
off is named there, and is exit code 1; a target that is missed is not.

Usage: python -m tests.bench [--against PATH] [--only start,idle] [--quick]
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

#: The benches by name, and whether they measure an older build too.
BENCHES = {
    "start": ("tests.bench.start", True),
    "idle": ("tests.bench.idle", True),
    "pictures": ("tests.bench.pictures", True),
    "steps": ("tests.bench.desk.steps", True),
    "editor": ("tests.bench.desk.editor", True),
    "desk": ("tests.bench.desk.screens", True),
    "authenticity": ("tests.bench.authenticity", True),
    "cold": ("tests.bench.public.cold", True),
    "growth": ("tests.bench.growth", False),
    "public": ("tests.bench.public.site", False),
    "rush": ("tests.bench.public.rush", False),
}


def main(arguments=None) -> int:
    """Run the benches that are asked for; return 1 where one broke off."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", type=Path, help="a checkout of an older build that shares this one's .venv")
    parser.add_argument("--only", default=",".join(BENCHES), help="names, separated by commas")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: about a quarter of an hour on two cores")
    options = parser.parse_args(arguments)
    names = options.only.split(",")
    if unknown := set(names) - BENCHES.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    found, broken, seconds = [], [], {}
    for name in names:
        started = time.monotonic()
        print(f"\n{name}", flush=True)
        line = _run(name, options)
        seconds[name] = round(time.monotonic() - started)
        if line is None:
            broken.append(name)
        else:
            found += line["figures"]
    missed = [each["figure"] for each in found if each["met"] is False]
    print(f"\n{len(found)} figures, {len(missed)} missed: {', '.join(missed) or 'none'}")
    summary = {"figures": found, "missed": missed, "broken": broken, "seconds": seconds}
    print(json.dumps(summary, ensure_ascii=False), flush=True)
    return 1 if broken else 0


def _run(name: str, options) -> dict | None:
    """Run a bench, show its words, and return its last line; None where it broke off."""
    module, compares = BENCHES[name]
    command = [sys.executable, "-m", module, *(["--quick"] if options.quick else [])]
    if compares and options.against:
        command += ["--against", str(options.against)]
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if last:
                print(last, end="", flush=True)
            last = line
    try:
        return json.loads(last)
    except ValueError:
        print(f"{last}{name} broke off with exit code {process.returncode}.", flush=True)
        return None


if __name__ == "__main__":
    sys.exit(main())
