"""How fast the scanner reads, against an older checkout: ``make bench-scanner ARGS="--against PATH"``.

Each build reads the same texts in a process of its own; the two take turns, so that a busy machine slows both. What
counts is processor time, and of all turns the fastest. The last line is one line of JSON; ``speed`` is the older
build's time divided by this one's (1 is as fast as before, 0.8 a quarter more time).
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from tests.moderation.scanner.personal_data.cases import FOLDER, read_cases

_HERE = Path(__file__).resolve().parents[2]
_TURNS = 7
#: Read by a build that may be older: it imports nothing but the scanner, from the folder it is started in.
_READER = """
import json, sys, time
from moderation.scanner import scan
texts = json.load(sys.stdin)
seconds = {}
for name, text in texts.items():
    scan(text)
    start = time.process_time()
    scan(text)
    seconds[name] = time.process_time() - start
print(json.dumps(seconds))
"""
_CHARACTERS = 200_000


def main() -> int:
    """Print the seconds of each text, then the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="an older checkout with a scanner of its own")
    against = parser.parse_args().against
    builds = {"this": _HERE} | ({"older": against.resolve()} if against else {})
    texts = make_texts()
    fastest: dict[str, dict[str, float]] = {build: {} for build in builds}
    for _turn in range(_TURNS):
        for build, place in builds.items():
            for name, seconds in read(texts, place).items():
                fastest[build][name] = min(seconds, fastest[build].get(name, seconds))
    figures = {}
    for name in texts:
        told = {build: round(fastest[build][name], 4) for build in builds}
        figures[name] = told | ({"speed": round(told["older"] / told["this"], 3)} if against else {})
        print(name, figures[name])
    print(json.dumps(figures))
    return 0


def make_texts() -> dict[str, str]:
    """Return texts of 200,000 characters: every sentence of the corpora, those with and those without personal data."""
    cases = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]
    parts = {
        "dense": [case.text for case in cases],
        "findings": [case.text for case in cases if case.spans],
        "harmless": [case.text for case in cases if not case.spans],
    }
    return {name: _fill("\n\n".join(told) + "\n\n") for name, told in parts.items()}


def read(texts: dict[str, str], place: Path) -> dict[str, float]:
    """Let the build in this folder read each text twice; return the processor seconds of the second time."""
    told = subprocess.run(
        [sys.executable, "-c", _READER], input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=place
    )
    return json.loads(told.stdout)


def _fill(text: str) -> str:
    return (text * (_CHARACTERS // len(text) + 1))[:_CHARACTERS]


if __name__ == "__main__":
    raise SystemExit(main())
