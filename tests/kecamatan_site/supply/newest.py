"""Runs the suite on the newest versions that pyproject.toml allows: ``make test-newest``.

Usage: python -m tests.kecamatan_site.supply.newest [--with "wagtail==8.1rc1"] [arguments of tests.run]
"""

import argparse
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from .environments import BASE_DIR, KEPT, PROJECT, install, make_bare, normalize


def main(arguments: list[str]) -> int:
    """Return what the suite returned, in an environment of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--with", dest="beyond", action="append", default=[], help="a version that no range allows")
    options, rest = parser.parse_known_args(arguments)
    python = make_bare(sys.executable, KEPT / "newest")
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    install(python, "--only-binary=:all:", *wanted)
    if options.beyond:
        install(python, "--only-binary=:all:", "--no-deps", *options.beyond)
    for name, (locked, newest) in sorted(compare(python).items()):
        print(f"{name}: {locked} in the lock, {newest} here", flush=True)
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(KEPT / "bytecode")}
    return subprocess.run([python, "-m", "tests.run", *rest], cwd=BASE_DIR, env=environment).returncode


def compare(python: Path) -> dict[str, tuple[str, str]]:
    """Return the packages that are another version than in this environment, which is the lock's."""
    code = "from importlib import metadata\nfor found in metadata.distributions(): print(found.name, found.version)"
    told = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout
    newest = {normalize(name): version for name, version in (line.split() for line in told.splitlines())}
    locked = {normalize(found.name): found.version for found in metadata.distributions()}
    return {name: (locked[name], newest[name]) for name in newest.keys() & locked if locked[name] != newest[name]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
