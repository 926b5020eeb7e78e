"""The bill of materials (CycloneDX 1.6) of what the product runs on: ``make sbom``.

Reads a bare environment with the packages of requirements.lock; cyclonedx-bom validates the file against its schema.

Usage: python -m tests.kecamatan_site.supply.sbom [FILE]
"""

import json
import subprocess
import sys
from pathlib import Path

from .environments import (
    BASE_DIR,
    PROJECT,
    RUNTIME_LOCK,
    find_or_make,
    find_or_make_tools,
    normalize,
    read_lock,
)


def main(arguments: list[str]) -> int:
    """Return 0 only where the file is valid and says the version and licence of each package of the lock."""
    file = Path(*arguments) if arguments else BASE_DIR / "sbom.cdx.json"
    program = find_or_make_tools() / "cyclonedx-py"
    command = [program, "environment", "--pyproject", BASE_DIR / "pyproject.toml", "--mc-type", "application"]
    command += ["--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible", "--validate"]
    subprocess.run([*command, "--output-file", file, find_or_make(RUNTIME_LOCK)], check=True)
    if problems := list_problems(json.loads(file.read_text()), read_lock(RUNTIME_LOCK)):
        print("\n".join(problems), file=sys.stderr)
        return 1
    print(f"{file}: CycloneDX 1.6, valid, {len(read_lock(RUNTIME_LOCK))} packages")
    return 0


def list_problems(bill: dict, expected: set[str]) -> list[str]:
    """Return what the bill leaves out or has too much, against the names of the lock."""
    parts = {normalize(part["name"]): part for part in bill["components"]}
    problems = [f"missing: {name}" for name in sorted(expected - set(parts))]
    problems += [f"not in the lock: {name}" for name in sorted(set(parts) - expected)]
    problems += [
        f"without {key}: {name}"
        for name, part in sorted(parts.items())
        for key in ("version", "purl", "licenses")
        if not part.get(key)
    ]
    if bill["metadata"]["component"].get("version") != PROJECT["project"]["version"]:
        problems.append("the version of the product is missing")
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
