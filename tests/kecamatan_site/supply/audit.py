"""Asks whether a known vulnerability concerns the packages of the locks: ``make audit``.

pip-audit asks OSV, or another service that speaks as it does. By itself it says "no known vulnerabilities" and ends
with 0 where a package could not be looked up; here each package of the lock has to have an answer.

Usage: python -m tests.kecamatan_site.supply.audit [--url http://…/v1/query]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from .environments import DEV_LOCK, RUNTIME_LOCK, find_or_make_tools, normalize, read_lock

OSV = "https://api.osv.dev/v1/query"
FOUND, NOT_ASKED = 1, 2


def main(arguments: list[str]) -> int:
    """Return 0 where every package was looked up and none is concerned, 1 where one is, 2 where nothing is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default=OSV, help="of a service that answers as OSV does")
    options = parser.parse_args(arguments)
    program = find_or_make_tools() / "pip-audit"
    return max(_audit(program, lock, options.url) for lock in (RUNTIME_LOCK, DEV_LOCK))


def _audit(program: Path, lock: Path, url: str) -> int:
    with tempfile.TemporaryDirectory(prefix="mojogedang-audit-") as folder:
        report = Path(folder) / "report.json"
        command = [program, "--strict", "--disable-pip", "--require-hashes", "--requirement", lock]
        command += ["--vulnerability-service", "osv", "--osv-url", url, "--progress-spinner", "off"]
        command += ["--format", "json", "--output", report]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = report.read_text() if report.is_file() else ""
    if not told:
        last = done.stderr.strip().splitlines()[-1:] or ["it gave no reason"]
        print(f"!!! NOT ASKED: {lock.name} at {url}: {last[0]}", file=sys.stderr, flush=True)
        return NOT_ASKED
    return judge(lock.name, told, read_lock(lock))


def judge(name: str, told: str, expected: set[str]) -> int:
    """Judge pip-audit's report on the packages of a lock; print what it found and who has no answer."""
    rows = {normalize(row["name"]): row for row in json.loads(told)["dependencies"]}
    unknown = sorted(package for package in expected if "vulns" not in rows.get(package, {}))
    concerned = [(row, found) for row in rows.values() for found in row.get("vulns", [])]
    for row, found in concerned:
        fixed = ", ".join(found["fix_versions"]) or "no version yet"
        print(f"{name}: {row['name']} {row['version']}: {found['id']}, mended in {fixed}")
    if unknown:
        print(f"!!! NOT ASKED: {name}: no answer about {', '.join(unknown)}", file=sys.stderr, flush=True)
        return NOT_ASKED
    print(f"{name}: {len(expected)} packages looked up, {len(concerned)} advisories")
    return FOUND if concerned else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
