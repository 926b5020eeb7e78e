"""`make prove-tests`: takes away one guard, trigger set or check at a time and shows that tests fail.

Usage: python -m tests.support.proof [part of a name ...]

Prints a table of what was taken away and which tests turned red, and a last line of JSON; ends
non-zero when one removal goes unnoticed or a test fails with nothing taken away. SQLite, one process.
"""

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.run import BASE_DIR, get_environment

from .removals import REMOVALS, VARIABLE

#: As many red tests as a table needs to show.
ENOUGH = 5


def main(parts):
    """Return 0 when each removal was noticed by a test that passes without it."""
    chosen = [removal for removal in REMOVALS if not parts or any(part in removal.name for part in parts)]
    unnoticed, broken, red_tests = [], [], 0
    print(f"{'Taken away':36} {'Red':>4}  First tests that turned red")
    for removal in chosen:
        red = find_red(removal.tests, removal.name)
        # What is red anyway proves nothing: the same tests must pass with nothing taken away.
        red_anyway = find_red(red, "") if red else []
        broken += red_anyway
        proof = [test for test in red if test not in red_anyway]
        red_tests += len(proof)
        if not proof:
            unnoticed.append(removal.name)
        shown = "; ".join(test.rpartition("/")[2] for test in proof[:2]) or "UNNOTICED"
        count = f"{len(proof)}+" if len(proof) == ENOUGH else str(len(proof))
        print(f"{removal.name:36} {count:>4}  {shown}", flush=True)
    print(json.dumps({"removals": len(chosen), "red": red_tests, "unnoticed": unnoticed, "broken": broken}), flush=True)
    return 1 if unnoticed or broken or not chosen else 0


def find_red(tests, name: str) -> list[str]:
    """Run the tests with this part taken away; return the addresses of those that fail."""
    with tempfile.TemporaryDirectory(prefix="mojogedang-proof-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.proof.removals", f"--maxfail={ENOUGH}"]
        command += ["-m", "not postgresql and not e2e", "-o", "junit_family=xunit1", f"--junitxml={report}", *tests]
        environment = get_environment() | {VARIABLE: name}
        run = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
        if run.returncode > 1 or not report.exists():
            raise SystemExit(f"{name or 'nothing'} taken away: pytest broke off.\n{run.stdout}\n{run.stderr}")
        cases = ElementTree.parse(report).iter("testcase")
        return [
            _get_address(case) for case in cases if case.find("failure") is not None or case.find("error") is not None
        ]


def _get_address(case) -> str:
    path, classname = case.get("file"), case.get("classname")
    inside = classname.removeprefix(path.removesuffix(".py").replace(os.sep, ".")).strip(".")
    return "::".join(filter(None, [path, *inside.split("."), case.get("name")]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
