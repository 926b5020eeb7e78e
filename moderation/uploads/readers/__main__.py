"""Set the limits, read the file and write its parts."""

import json
import resource
import sys
from pathlib import Path

# Isolated, Python finds only this folder and its libraries.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from moderation.uploads.readers.content import read_content
from moderation.uploads.readers.parts import bound


def main() -> None:
    seconds, memory, max_characters = map(int, sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    for part in bound(read_content(sys.stdin.buffer.read(), sys.argv[4]), max_characters):
        _write(part.kind, part.value)
    _write("end", "")


def _write(kind: str, value: str) -> None:
    print(json.dumps([kind, value]), flush=True)


if __name__ == "__main__":
    main()
